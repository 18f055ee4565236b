import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { DeadlineError, withDeadline } from '@powerfill/platform';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { HttpProblem } from './problem';

/** Provides `DATABASE_ANSWER_MS`. */
export const ANSWER_MS = Symbol('ANSWER_MS');

/**
 * Bounds the short requests: a database that takes a statement and hangs would keep the caller for as long as the
 * longest statement may take. The work itself is not stopped; a run or a cancel may still take effect, which the caller
 * sees when it asks again.
 */
@Injectable()
export class AnswerBound implements NestInterceptor {
  constructor(@Inject(ANSWER_MS) private readonly ms: number) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.bounded(lastValueFrom(next.handle())));
  }

  private async bounded(work: Promise<unknown>): Promise<unknown> {
    try {
      return await withDeadline('The answer', this.ms, work);
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw new HttpProblem({
        code: 'database_unavailable',
        detail: "The tenant's database does not answer; what was asked for may still take effect.",
        retryAfter: 5,
      });
    }
  }
}
