import { type Executor, param, sql, type Dialect } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { ACTIVE_STATUSES, type RunStatus } from '../domain/run-status';
import { runHistoryTable, type RunHistoryRow, type RunRow } from '../entities';

const RUN_COLUMNS = (Object.keys(runHistoryTable.columns) as (keyof RunHistoryRow)[]).filter(
  (name) => name !== 'input_loan_ids_json',
);

/** A page position: the key of the last row seen. */
export interface RunPosition {
  readonly startedAt: Date;
  readonly runId: string;
}

/** Filters of the run list. */
export interface RunListQuery {
  readonly limit: number;
  readonly status?: RunStatus;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly after?: RunPosition;
}

/** What the list shows of a run: everything small, never `response_json`. */
export const LISTED_COLUMNS = [
  'run_id',
  'status',
  'requested_by',
  'started_at',
  'claimed_at',
  'completed_at',
  'attempt',
  'loan_count',
  'trade_count',
  'allocated_count',
  'held_count',
  'kickout_count',
  'failure_step',
  'failure_message',
  'cancel_requested_at',
  'accepted_at',
  'accepted_by',
  'outputs_purged_at',
] as const satisfies readonly (keyof RunHistoryRow)[];
export type ListedRun = Pick<RunHistoryRow, (typeof LISTED_COLUMNS)[number]>;

const started = runHistoryTable.columns.started_at;

/** Reads run history of the current tenant. */
export class RunHistoryService {
  /** The run's row, or null when this tenant has none of that id. */
  async find(runId: string): Promise<RunRow | null> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    return this.findOn(dialect, dataSource, tenant.tenantId, runId);
  }

  /** @throws {RefusedError} `run_not_found` */
  async get(runId: string): Promise<RunRow> {
    const row = await this.find(runId);
    if (row === null) throw new RefusedError('run_not_found', `This tenant has no run ${runId}.`, { run_id: runId });
    return row;
  }

  /** Like {@link find}, inside a transaction of the caller's. */
  async findOn(dialect: Dialect, on: Executor, tenantId: string, runId: string): Promise<RunRow | null> {
    const [row] = await dialect.readRows(on, runHistoryTable, {
      columns: RUN_COLUMNS,
      where: { tenant_id: tenantId, run_id: runId },
      limit: 1,
    });
    return row ?? null;
  }

  /** The tenant's active run, of which there is at most one (BR-8). */
  async active(): Promise<RunRow | null> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    const [row] = await dialect.readRows(dataSource, runHistoryTable, {
      columns: RUN_COLUMNS,
      where: { tenant_id: tenant.tenantId, status: [...ACTIVE_STATUSES] },
      limit: 1,
    });
    return row ?? null;
  }

  /** The newest Complete run. */
  async latestComplete(): Promise<RunRow | null> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    const [row] = await dialect.readRows(dataSource, runHistoryTable, {
      columns: RUN_COLUMNS,
      where: { tenant_id: tenant.tenantId, status: 'Complete' },
      orderBy: [
        { column: 'started_at', descending: true },
        { column: 'run_id', descending: true },
      ],
      limit: 1,
    });
    return row ?? null;
  }

  /** Runs newest first, keyset-paged on (`started_at`, `run_id`); one more than `limit` when there are more. */
  async list(query: RunListQuery): Promise<readonly ListedRun[]> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    let condition = sql`1 = 1`;
    if (query.from) condition = sql`${condition} AND started_at >= ${param(started, query.from)}`;
    if (query.to) condition = sql`${condition} AND started_at < ${param(started, query.to)}`;
    if (query.after) {
      const at = param(started, query.after.startedAt);
      condition = sql`${condition} AND (started_at < ${at} OR (started_at = ${at} AND run_id < ${query.after.runId}))`;
    }
    return dialect.readRows(dataSource, runHistoryTable, {
      columns: LISTED_COLUMNS,
      where: { tenant_id: tenant.tenantId, ...(query.status ? { status: query.status } : {}) },
      and: condition,
      orderBy: [
        { column: 'started_at', descending: true },
        { column: 'run_id', descending: true },
      ],
      limit: query.limit + 1,
    });
  }
}
