import { CancelFlags } from '@powerfill/queue';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Refuses with `queue_unavailable` while Redis does not answer: the dashboard asks it without a bound of its own, and
 * would keep its callers waiting for as long as Redis hangs.
 */
export const whenQueueAnswers =
  (flags: CancelFlags): RequestHandler =>
  (_request: Request, _response: Response, next: NextFunction) => {
    flags.ping().then(() => next(), next);
  };
