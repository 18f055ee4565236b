import type { ErrorRequestHandler } from 'express';
import { jsonFault } from './json-fault';
import { HttpProblem, type Problem } from './problem';

/** What body-parser throws; an error of zlib's own has a code instead of a type. */
interface BodyError {
  readonly type?: string;
  readonly status: number;
  readonly message: string;
  readonly body?: unknown;
  readonly limit?: number;
}

const isBodyError = (error: unknown): error is BodyError =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  typeof error.status === 'number' &&
  (('type' in error && typeof error.type === 'string') || isZlibCode(error));

const isZlibCode = (error: object): boolean =>
  'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

function problemOf(error: BodyError): Problem {
  if (isZlibCode(error)) {
    return {
      code: 'invalid_request',
      detail: `The body is not compressed as its Content-Encoding says: ${error.message}.`,
    };
  }
  switch (error.type) {
    case 'entity.too.large':
      return {
        code: 'payload_too_large',
        detail: `The body is larger than the ${error.limit ?? 0} bytes allowed here.`,
        extra: { limit_bytes: error.limit ?? null },
      };
    case 'entity.parse.failed': {
      const text = typeof error.body === 'string' ? error.body : '';
      const place = jsonFault(text, error.message);
      const where = place === null ? '' : ` at line ${place.line}, column ${place.column}`;
      return {
        code: 'invalid_json',
        detail: `The body stops being JSON${where}.`,
        ...(place === null ? {} : { extra: { ...place } }),
      };
    }
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return { code: 'unsupported_media_type', detail: `The body cannot be decoded: ${error.message}.` };
    default:
      return { code: 'invalid_request', detail: `The body cannot be read: ${error.message}.` };
  }
}

/**
 * Follows the body parser and turns its errors into problems. It has to stand here: Nest replaces a syntax error by
 * one of its own, without the text that was parsed, before any filter sees it.
 */
export const bodyFaults: ErrorRequestHandler = (error: unknown, _request, _response, next) => {
  next(isBodyError(error) ? new HttpProblem(problemOf(error)) : error);
};
