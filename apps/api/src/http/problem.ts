import type { RefusalCode } from '@powerfill/core/domain/errors';

/** Media type of every error (RFC 9457). */
export const PROBLEM_JSON = 'application/problem+json';

/** Codes of faults in HTTP itself, next to the refusals of the product. */
export type HttpCode =
  | 'invalid_json'
  | 'route_unknown'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'service_unavailable'
  | 'internal_error';
export type ProblemCode = RefusalCode | HttpCode;

/** Status and title of each problem; the one place where codes meet HTTP. */
export const PROBLEMS: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  invalid_options: { status: 400, title: 'The run options are not valid' },
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid here' },
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_import: { status: 422, title: 'The file holds rows that cannot be loaded' },
  tenant_required: { status: 400, title: 'The request names no tenant' },
  tenant_unknown: { status: 404, title: 'There is no such tenant' },
  run_not_found: { status: 404, title: 'There is no such run' },
  no_complete_run: { status: 404, title: 'There is no complete run yet' },
  problem_not_stored: { status: 404, title: 'The run has no problem file' },
  table_unknown: { status: 404, title: 'There is no such table' },
  object_not_found: { status: 404, title: 'There is no such object' },
  route_unknown: { status: 404, title: 'There is no such resource' },
  method_not_allowed: { status: 405, title: 'The resource does not know this method' },
  not_acceptable: { status: 406, title: 'The answer cannot have the form asked for' },
  active_run_exists: { status: 409, title: 'The tenant has an active run' },
  too_many_schedules: { status: 409, title: 'There are too many schedules' },
  run_already_ended: { status: 409, title: 'The run has already ended' },
  run_not_acceptable: { status: 409, title: 'Only the newest complete run can be accepted' },
  run_not_comparable: { status: 409, title: 'Only complete runs can be compared' },
  run_in_progress: { status: 409, title: 'The run has not ended yet' },
  already_exists: { status: 409, title: 'There is such an object already' },
  constraint_has_rules: { status: 409, title: 'The constraint has rules attached' },
  upstream_owned: { status: 409, title: "The object is the lender's own system's" },
  outputs_purged: { status: 410, title: 'The outputs are past their retention' },
  precondition_failed: { status: 412, title: 'The object was changed meanwhile' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has the wrong media type' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used before' },
  invalid_rule: { status: 422, title: 'The rule does not parse' },
  preview_failed: { status: 422, title: 'A run of these options would fail' },
  reference_unknown: { status: 422, title: 'The request names something that does not exist' },
  precondition_required: { status: 428, title: 'The change must name the version it was made from' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  queue_saturated: { status: 503, title: 'Too many runs are waiting' },
  queue_unavailable: { status: 503, title: 'The run queue does not answer' },
  streams_saturated: { status: 503, title: 'Too many event streams are open' },
  schema_outdated: { status: 503, title: "The tenant's database does not fit this version" },
  database_unavailable: { status: 503, title: "The tenant's database does not answer" },
  service_unavailable: { status: 503, title: 'The service cannot answer now' },
};

/** A fault at one place of the request. */
export interface Violation {
  /** Where: `loan_ids[3]`, `query.limit`, `header.Idempotency-Key`. */
  readonly path: string;
  readonly message: string;
}

/** What is wrong, before it becomes a document. */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Seconds; becomes the header too. */
  readonly retryAfter?: number;
  /** Further members of the document. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A fault in HTTP itself. */
export class HttpProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'HttpProblem';
  }
}

/** The document of RFC 9457. */
export function problemDocument(problem: Problem, instance: string): Record<string, unknown> {
  const { status, title } = PROBLEMS[problem.code];
  const standard = {
    type: `urn:powerfill:problem:${problem.code}`,
    title,
    status,
    detail: problem.detail,
    instance,
    code: problem.code,
    ...(problem.retryAfter === undefined ? {} : { retry_after: problem.retryAfter }),
  };
  // Once more behind them, so that no further member can take the place of a standard one.
  return { ...standard, ...problem.extra, ...standard };
}
