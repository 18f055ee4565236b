/**
 * A request or run the product refuses, with a stable code. The API maps codes to HTTP statuses in one place;
 * `extra` becomes members of the problem document.
 */
export class RefusedError extends Error {
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'RefusedError';
  }
}

/** A cursor that no list of ours has made. */
export const unknownCursor = (): RefusedError =>
  new RefusedError('invalid_cursor', 'The cursor is not one of ours; start without one.', {
    errors: [{ path: 'query.cursor', message: 'is not one of ours' }],
  });

/** Every code a {@link RefusedError} can have; `urn:powerfill:problem:<code>` on the wire. */
export type RefusalCode =
  | 'invalid_options'
  | 'invalid_request'
  | 'invalid_cursor'
  | 'invalid_import'
  | 'active_run_exists'
  | 'idempotency_key_reused'
  | 'queue_saturated'
  | 'queue_unavailable'
  | 'streams_saturated'
  | 'too_many_schedules'
  | 'schema_outdated'
  | 'run_not_found'
  | 'run_already_ended'
  | 'run_in_progress'
  | 'outputs_purged'
  | 'no_complete_run'
  | 'problem_not_stored'
  | 'tenant_required'
  | 'tenant_unknown'
  | 'table_unknown'
  | 'object_not_found'
  | 'already_exists'
  | 'precondition_required'
  | 'precondition_failed'
  | 'constraint_has_rules'
  | 'invalid_rule'
  | 'reference_unknown'
  | 'upstream_owned'
  | 'preview_failed'
  | 'run_not_acceptable'
  | 'run_not_comparable'
  | 'database_unavailable';
