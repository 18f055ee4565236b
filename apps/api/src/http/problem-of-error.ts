import { HttpException } from '@nestjs/common';
import { RefusedError } from '@powerfill/core/domain/errors';
import { DeadlineError } from '@powerfill/platform';
import { QueueUnavailableError } from '@powerfill/queue';
import { isDatabaseAway } from './database-away';
import { HttpProblem, type Problem } from './problem';

const RETRY_AFTER_SECONDS = 5;

function ofRefusal({ code, message, extra }: RefusedError): Problem {
  // `status` is the HTTP status in a problem document, and the run's in a refusal.
  const { retry_after: retryAfter, status: runStatus, ...members } = extra;
  const named = runStatus === undefined ? members : { ...members, run_status: runStatus };
  return { code, detail: message, extra: named, ...(typeof retryAfter === 'number' ? { retryAfter } : {}) };
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
  if (error instanceof URIError) return { code: 'invalid_request', detail: 'The address is not properly encoded.' };
  if (error instanceof HttpException && error.getStatus() < 500) {
    return { code: error.getStatus() === 404 ? 'route_unknown' : 'invalid_request', detail: error.message };
  }
  return null;
}
