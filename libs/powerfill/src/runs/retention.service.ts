import { inTransaction, param, raw, sql, type Sql, type TableDefinition } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { ACTIVE_RUN_PREDICATE, ALL_TABLES, idempotencyTable, runHistoryTable, runInputTable } from '../entities';

/** How long what is kept. */
export interface RetentionLimits {
  /** Newest Complete runs that keep their outputs; accepted ones keep them too. */
  readonly retainedRuns: number;
  /** Days the forensic rows of Failed and Cancelled runs are kept. */
  readonly forensicDays: number;
}

const HOUR_MS = 3_600_000;
const IDEMPOTENCY_HOURS = 24;
/** A run is marked purged this long before its rows go, so that a report that has begun can end. */
const REPORT_GRACE_MS = 300_000;
/** Runs whose rows one sweep deletes; the rest waits for the next. */
const RUNS_PER_SWEEP = 5;

/** Every table keyed by run. */
const RUN_TABLES: readonly TableDefinition[] = [
  ...ALL_TABLES.filter((table) => table.group === 'output' || table.group === 'forensic'),
  runInputTable,
];

interface DueRun {
  readonly run_id: string;
  readonly attempt: number;
}

/**
 * Deletes what is past its time in the current tenant (runs.md, "Retention"): idempotency keys, outputs of old
 * runs, rows of superseded attempts. History rows stay for ever.
 */
export class RetentionService {
  constructor(private readonly limits: RetentionLimits) {}

  async sweep(): Promise<void> {
    await this.dropOldKeys();
    await this.markOldCompleteRuns();
    await this.markOldForensics();
    await this.deletePurgedRows();
    await this.deleteRowsOfOldAttempts();
  }

  private async dropOldKeys(): Promise<void> {
    const { dialect, dataSource } = tenantDatabase();
    const limit = dialect.plusMs(dialect.now, -IDEMPOTENCY_HOURS * HOUR_MS);
    await dialect.execute(dataSource, sql`DELETE FROM ${dialect.table(idempotencyTable)} WHERE created_at < ${limit}`);
  }

  private async markOldCompleteRuns(): Promise<void> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    const newest = await dialect.readRows(dataSource, runHistoryTable, {
      columns: ['started_at'],
      where: { tenant_id: tenant.tenantId, status: 'Complete' },
      orderBy: [
        { column: 'started_at', descending: true },
        { column: 'run_id', descending: true },
      ],
      limit: this.limits.retainedRuns,
    });
    const oldestKept = newest.at(-1);
    if (oldestKept === undefined || newest.length < this.limits.retainedRuns) return;
    const before = param(runHistoryTable.columns.started_at, oldestKept.started_at);
    await this.markPurged(sql`status = 'Complete' AND accepted_at IS NULL AND started_at < ${before}`);
  }

  private async markOldForensics(): Promise<void> {
    const { dialect } = tenantDatabase();
    const limit = dialect.plusMs(dialect.now, -this.limits.forensicDays * 24 * HOUR_MS);
    await this.markPurged(sql`status IN ('Failed', 'Cancelled') AND completed_at < ${limit}`);
  }

  private async markPurged(condition: Sql): Promise<void> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    await dialect.execute(
      dataSource,
      sql`UPDATE ${dialect.table(runHistoryTable)} SET outputs_purged_at = ${dialect.now}
          WHERE tenant_id = ${tenant.tenantId} AND outputs_purged_at IS NULL AND ${condition}`,
    );
  }

  private async deletePurgedRows(): Promise<void> {
    const { dialect } = tenantDatabase();
    const grace = dialect.plusMs(dialect.now, -REPORT_GRACE_MS);
    for (const run of await this.due(sql`outputs_purged_at < ${grace} AND outputs_deleted_at IS NULL`)) {
      await this.deleteRows(run, sql`run_id = ${run.run_id}`, sql`outputs_deleted_at = ${dialect.now}`);
    }
  }

  private async deleteRowsOfOldAttempts(): Promise<void> {
    const stale = sql`swept_attempt < attempt - 1 AND outputs_purged_at IS NULL AND (status = 'Complete' OR ${raw(ACTIVE_RUN_PREDICATE)})`;
    for (const run of await this.due(stale)) {
      const last = run.attempt - 1;
      await this.deleteRows(run, sql`run_id = ${run.run_id} AND attempt <= ${last}`, sql`swept_attempt = ${last}`);
    }
  }

  private async due(condition: Sql): Promise<readonly DueRun[]> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    return dialect.readRows(dataSource, runHistoryTable, {
      columns: ['run_id', 'attempt'],
      where: { tenant_id: tenant.tenantId },
      and: condition,
      orderBy: ['run_id'],
      limit: RUNS_PER_SWEEP,
    });
  }

  private async deleteRows(run: DueRun, rows: Sql, mark: Sql): Promise<void> {
    const { dialect, dataSource } = tenantDatabase();
    await inTransaction({ dataSource, dialect }, async (runner) => {
      for (const table of RUN_TABLES) {
        await dialect.execute(runner, sql`DELETE FROM ${dialect.table(table)} WHERE ${rows}`);
      }
      await dialect.execute(
        runner,
        sql`UPDATE ${dialect.table(runHistoryTable)} SET ${mark} WHERE run_id = ${run.run_id}`,
      );
    });
  }
}
