import { blob, code, defineTable, int, json, nullable, text, timestamp, uuid, type RowOf } from '@powerfill/database';
import { ACTIVE_STATUSES } from '../domain/run-status';

/** Run history, stored inputs and idempotency keys (runs.md, section 1). */

/** Predicate of the filtered unique index behind BR-8, spelled the same on both databases. */
export const ACTIVE_RUN_PREDICATE = `status IN (${ACTIVE_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** Name by which a violation of BR-8 is recognised in a driver's error. */
export const ACTIVE_RUN_INDEX = 'ux_pfill_run_history_tenant_active';

export const runHistoryTable = defineTable('pfill_run_history', 'audit', {
  columns: {
    run_id: uuid(),
    /** The persisted tenant identity, never the catalogue's look-up key. */
    tenant_id: code(60),
    status: code(20),
    requested_by: text(100),
    started_at: timestamp(),
    completed_at: nullable(timestamp()),
    options_json: json(),
    loan_count: nullable(int()),
    trade_count: nullable(int()),
    allocated_count: nullable(int()),
    held_count: nullable(int()),
    kickout_count: nullable(int()),
    input_loan_ids_json: nullable(json()),
    input_sha256: nullable(code(64)),
    failure_step: nullable(code(40)),
    failure_message: nullable(text(2000)),
    /** The whole run response, written once by the transaction that ends the run. */
    response_json: nullable(json()),
    /** Steps, progress and warnings so far, written with each step's rows; read while the run is active. */
    progress_json: nullable(json()),
    owner_token: nullable(code(100)),
    attempt: int(),
    heartbeat_at: nullable(timestamp()),
    claimed_at: nullable(timestamp()),
    cancel_requested_at: nullable(timestamp()),
    takeover_count: int(),
    handback_count: int(),
    /** Since when the run waits for a worker, or waited for the one that has it; null once ended. */
    pending_since: nullable(timestamp()),
    accepted_at: nullable(timestamp()),
    accepted_by: nullable(text(100)),
    /** Since when readers are told that the outputs are past retention; the rows go a little later. */
    outputs_purged_at: nullable(timestamp()),
    outputs_deleted_at: nullable(timestamp()),
    /** Attempts up to this one, all superseded, have had their rows deleted. */
    swept_attempt: int(),
  },
  primaryKey: ['run_id'],
  indexes: [
    { name: ACTIVE_RUN_INDEX, columns: ['tenant_id'], unique: true, where: ACTIVE_RUN_PREDICATE },
    { name: 'ix_pfill_run_history_tenant_started_at', columns: ['tenant_id', 'started_at', 'run_id'] },
  ],
});
export type RunHistoryRow = RowOf<typeof runHistoryTable>;

/** A run's row as it is read again and again: without the ids of its loans, which may be half a megabyte. */
export type RunRow = Omit<RunHistoryRow, 'input_loan_ids_json'>;

export const runInputTable = defineTable('pfill_run_input', 'audit', {
  columns: { run_id: uuid(), attempt: int(), problem_gzip: blob() },
  primaryKey: ['run_id', 'attempt'],
});
export type RunInputRow = RowOf<typeof runInputTable>;

/** Rows that a partial import left out, for the desk to mend and load again; kept for a week. */
export const importErrorTable = defineTable('pfill_import_errors', 'audit', {
  columns: {
    import_id: uuid(),
    table_name: code(60),
    created_at: timestamp(),
    created_by: text(100),
    /** Gzip of a CSV: the file's own columns, the line and what is wrong. */
    rows_gzip: blob(),
  },
  primaryKey: ['import_id'],
  since: 4,
});
export type ImportErrorRow = RowOf<typeof importErrorTable>;

export const idempotencyTable = defineTable('pfill_idempotency', 'audit', {
  columns: { tenant_id: code(60), key: code(200), fingerprint: code(64), run_id: uuid(), created_at: timestamp() },
  primaryKey: ['tenant_id', 'key'],
});
export type IdempotencyRow = RowOf<typeof idempotencyTable>;
