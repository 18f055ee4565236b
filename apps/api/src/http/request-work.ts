import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { EMPTY, finalize, type Observable } from 'rxjs';

const handlers = new WeakMap<Response, Promise<void>>();
const leaving = new WeakMap<Response, () => void>();

/**
 * Settles when nothing works on the request any more: its answer is sent or its caller gone, and its handler,
 * which goes on when the caller hangs up, has ended.
 */
export const requestEnded = (response: Response): Promise<void> =>
  new Promise((resolve) => {
    leaving.set(response, resolve);
    response.once('close', () => void (handlers.get(response) ?? Promise.resolve()).then(resolve));
  });

/** The request needs the tenant's scope no more, although its answer goes on. */
export const leaveScope = (response: Response): void => leaving.get(response)?.();

/**
 * Notes how long a handler works, for {@link requestEnded}. A caller who has hung up before it begins takes the tenant's
 * scope with him: then it does not begin.
 */
@Injectable()
export class RequestWorkInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = context.switchToHttp().getResponse<Response>();
    if (response.closed) return EMPTY;
    let ended: () => void = () => undefined;
    handlers.set(response, new Promise((resolve) => (ended = resolve)));
    return next.handle().pipe(finalize(() => ended()));
  }
}
