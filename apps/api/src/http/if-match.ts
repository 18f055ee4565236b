import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import type { Request } from 'express';

/** Entity tag of a row version. */
export const versionTag = (version: number): string => `"${version}"`;

/**
 * Reads the row version a change was made from, out of `If-Match`.
 * @throws {RefusedError} `precondition_required`, `invalid_request`
 */
export function versionOf(request: Pick<Request, 'header'>): number {
  const header = request.header('If-Match');
  if (header === undefined) {
    throw new RefusedError(
      'precondition_required',
      'The header If-Match must name the row_version the change was made from, such as If-Match: "3".',
      { errors: [{ path: 'header.If-Match', message: 'is missing' }] },
    );
  }
  const version = /^"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new RefusedError('invalid_request', 'The header If-Match must be a row_version in quotes, such as "3".', {
      errors: [{ path: 'header.If-Match', message: 'must be a row_version in quotes' }],
    });
  }
  return Number(version);
}

/** The row version in `If-Match` as a parameter. */
export const IfMatchVersion = createParamDecorator((_: unknown, context: ExecutionContext) =>
  versionOf(context.switchToHttp().getRequest<Request>()),
);
