import type { Request } from 'express';

/** Aborted when the caller hangs up before the answer. */
export function callerGone(request: Request): AbortSignal {
  const aborter = new AbortController();
  request.once('aborted', () => aborter.abort(new Error('The caller hung up')));
  return aborter.signal;
}
