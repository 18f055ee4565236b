import type { NextFunction, Request, Response } from 'express';
import { HttpProblem } from './problem';

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Middleware that refuses a body of another media type than `type`; no body is fine. */
export const requireMediaType =
  (type: string) =>
  (request: Request, _: Response, next: NextFunction): void => {
    if (!hasBody(request) || request.is(type)) {
      next();
      return;
    }
    next(
      new HttpProblem({
        code: 'unsupported_media_type',
        detail: `The body must be ${type}, but is ${request.header('content-type') ?? 'of no type'}.`,
        extra: { accepted: [type] },
      }),
    );
  };
