import {
  type CallHandler,
  type DynamicModule,
  type ExecutionContext,
  Inject,
  Injectable,
  Module,
  type NestInterceptor,
} from '@nestjs/common';
import { DeadlineError, withDeadline } from '@powerfill/platform';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { HttpProblem } from './problem';

/** Token of the bound in milliseconds. */
const ANSWER_MS = Symbol('ANSWER_MS');

/**
 * What the work answers, if it does within the bound: a database that takes a statement and hangs would keep the caller
 * for as long as the longest statement may take. The work itself is not stopped; a change may still take effect, which
 * the caller sees when it asks again.
 * @throws {HttpProblem} `database_unavailable`
 */
export async function answerWithin<T>(ms: number, work: Promise<T>): Promise<T> {
  try {
    return await withDeadline('The answer', ms, work);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    throw new HttpProblem({
      code: 'database_unavailable',
      detail: "The tenant's database does not answer; what was asked for may still take effect.",
      retryAfter: 5,
    });
  }
}

/** Bounds the answers of a route or controller, {@link answerWithin}. Not for files: their length decides their time. */
@Injectable()
export class AnswerBound implements NestInterceptor {
  constructor(@Inject(ANSWER_MS) private readonly ms: number) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(answerWithin(this.ms, lastValueFrom(next.handle(), { defaultValue: undefined })));
  }
}

/** Gives every module's controllers the bound. */
@Module({})
export class AnswerBoundModule {
  /** @param ms `DATABASE_ANSWER_MS` */
  static forMs(ms: number): DynamicModule {
    const providers = [{ provide: ANSWER_MS, useValue: ms }];
    return { module: AnswerBoundModule, global: true, providers, exports: [ANSWER_MS] };
  }
}
