import { EventEmitter } from 'node:events';
import type { ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';
import { lastValueFrom, of } from 'rxjs';
import { leaveScope, requestEnded, RequestWorkInterceptor } from './request-work';

/** A response as far as this file looks at it. */
const responseOf = (closed: boolean): Response => Object.assign(new EventEmitter(), { closed }) as unknown as Response;
const contextOf = (response: Response): ExecutionContext =>
  ({ switchToHttp: () => ({ getResponse: () => response }) }) as unknown as ExecutionContext;
const interceptor = new RequestWorkInterceptor();

describe('the work on a request', () => {
  it('does not begin when its caller has hung up: the scope it needs is gone', async () => {
    let begun = false;
    const handle = () => ((begun = true), of('answer'));
    const answer = interceptor.intercept(contextOf(responseOf(true)), { handle });
    await expect(lastValueFrom(answer, { defaultValue: 'nothing' })).resolves.toBe('nothing');
    expect(begun).toBe(false);
  });

  it('keeps the scope until its handler has ended, also when the caller hangs up meanwhile', async () => {
    const response = responseOf(false);
    const ended = requestEnded(response);
    const work = interceptor.intercept(contextOf(response), { handle: () => of('answer') });
    response.emit('close');
    await expect(Promise.race([ended.then(() => 'ended'), Promise.resolve('at work')])).resolves.toBe('at work');
    await lastValueFrom(work);
    await ended;
  });

  it('may let go of the scope while its answer goes on', async () => {
    const response = responseOf(false);
    const ended = requestEnded(response);
    leaveScope(response);
    await ended;
  });
});
