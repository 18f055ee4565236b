import { HttpException } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import { DeadlineError } from '@powerfill/platform';
import { QueueUnavailableError } from '@powerfill/queue';
import { isDatabaseAway } from './database-away';
import { jsonFault } from './json-fault';
import { HttpProblem, type Problem } from './problem';

const RETRY_AFTER_SECONDS = 5;

/** What body-parser throws. */
interface BodyError {
  readonly type: string;
  readonly status: number;
  readonly message: string;
  readonly body?: unknown;
  readonly limit?: number;
}

const isBodyError = (error: unknown): error is BodyError =>
  typeof error === 'object' &&
  error !== null &&
  'type' in error &&
  typeof error.type === 'string' &&
  'status' in error &&
  typeof error.status === 'number';

function ofBody(error: BodyError): Problem {
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

function ofRefusal({ code, message, extra }: RefusedError): Problem {
  const { retry_after: retryAfter, ...members } = extra;
  return { code, detail: message, extra: members, ...(typeof retryAfter === 'number' ? { retryAfter } : {}) };
}

/** The problem that an error means to the caller; null for a defect of ours, which is told in the log only. */
export function problemOfError(error: unknown): Problem | null {
  if (error instanceof HttpProblem) return error.problem;
  if (error instanceof RefusedError) return ofRefusal(error);
  if (error instanceof QueueUnavailableError) {
    return { code: 'queue_unavailable', detail: 'The run queue does not answer.', retryAfter: RETRY_AFTER_SECONDS };
  }
  if (isDatabaseAway(error)) {
    return {
      code: 'database_unavailable',
      detail: "The tenant's database does not answer; nothing was changed that was not confirmed.",
      retryAfter: RETRY_AFTER_SECONDS,
    };
  }
  if (error instanceof DeadlineError) {
    return { code: 'service_unavailable', detail: `${error.message}.`, retryAfter: RETRY_AFTER_SECONDS };
  }
  if (isBodyError(error)) return ofBody(error);
  if (error instanceof URIError) return { code: 'invalid_request', detail: 'The address is not properly encoded.' };
  if (error instanceof HttpException && error.getStatus() < 500) {
    return { code: error.getStatus() === 404 ? 'route_unknown' : 'invalid_request', detail: error.message };
  }
  return null;
}
