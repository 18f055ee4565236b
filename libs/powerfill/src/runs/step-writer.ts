import { Logger } from '@nestjs/common';
import { inTransaction, param, type RowOf, sql, type TableDefinition } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { QueryRunner } from 'typeorm';
import type { RunProgress } from '../domain/run-response';
import type { ClaimedStatus } from '../domain/run-status';
import { runHistoryTable, runInputTable } from '../entities';
import type { StepOutcome, TableInsert, TableUpdate } from '../steps/run-step';
import { RunAbort } from './run-abort';
import type { OwnedRun } from './run-claims.service';
import { ownedBy } from './run-ownership';
import { describeFailure } from './step-failure';

/** A table that got fewer rows is read fast whatever the planner takes it for. */
const MANY_ROWS = 1_000;

/** What the run row says after a step. */
export interface RowAfterStep {
  /** Status of the step that follows. */
  readonly status: ClaimedStatus;
  readonly progress: RunProgress;
  /** Set by the step that knows the problem: ids of the eligible loans. */
  readonly inputLoanIds?: readonly string[];
}

/**
 * Writes a step's rows in one transaction that touches the run row last (runs.md, "Writes"): a long write never
 * holds the row that heartbeats and cancels need, and a superseded worker's rows are rolled back.
 */
export class StepWriter {
  private readonly logger = new Logger(StepWriter.name);

  /** @throws {RunAbort} `lost` when the run is no longer this owner's, `cancelled` when a cancel was requested */
  async write(run: OwnedRun, outcome: StepOutcome, after: RowAfterStep, signal: AbortSignal): Promise<void> {
    const { dialect, dataSource } = tenantDatabase();
    await inTransaction({ dataSource, dialect }, async (runner) => {
      for (const write of outcome.writes) {
        signal.throwIfAborted();
        await this.apply(runner, run, write, signal);
      }
      if (outcome.problem) {
        const row = { run_id: run.runId, attempt: run.attempt, problem_gzip: outcome.problem.gzip };
        await dialect.insertRows(runner, runInputTable, [row]);
      }
      signal.throwIfAborted();
      await this.touchRun(runner, run, outcome, after);
    });
    for (const { kind, table, rows } of outcome.writes) {
      if (kind === 'insert' && table.group === 'output' && rows.length >= MANY_ROWS) await this.refresh(table);
    }
  }

  /** For those who read the reports the moment the run is Complete; the rows are stored already. */
  private async refresh(table: TableDefinition): Promise<void> {
    const { dialect, dataSource } = tenantDatabase();
    try {
      await dialect.refreshStatistics(dataSource, table);
    } catch (error) {
      this.logger.warn(`No fresh statistics of ${table.name}, reports may be slow at first: ${describeFailure(error)}`);
    }
  }

  private async apply(
    runner: QueryRunner,
    run: OwnedRun,
    write: TableInsert | TableUpdate,
    signal: AbortSignal,
  ): Promise<void> {
    const { dialect } = tenantDatabase();
    const key = { run_id: run.runId, attempt: run.attempt };
    if (write.kind === 'insert') {
      const rows = write.rows as Iterable<RowOf<TableDefinition>>;
      const written = await dialect.insertRows(runner, write.table, rows, { common: key, signal });
      if (written !== write.rows.length)
        throw new Error(`${write.table.name}: ${written} rows were made of ${write.rows.length} announced`);
    } else {
      const { key: keyColumns, set, rows } = write;
      await dialect.updateRows(runner, write.table, { key: keyColumns, set, rows, equals: key }, { signal });
    }
  }

  private async touchRun(runner: QueryRunner, run: OwnedRun, outcome: StepOutcome, after: RowAfterStep): Promise<void> {
    const { dialect } = tenantDatabase();
    const { columns } = runHistoryTable;
    const ids = after.inputLoanIds ? JSON.stringify(after.inputLoanIds) : null;
    const changed = await dialect.execute(
      runner,
      sql`UPDATE ${dialect.table(runHistoryTable)} SET status = ${after.status}, heartbeat_at = ${dialect.now},
            progress_json = ${param(columns.progress_json, JSON.stringify(after.progress))},
            input_sha256 = COALESCE(${param(columns.input_sha256, outcome.problem?.sha256 ?? null)}, input_sha256),
            input_loan_ids_json = COALESCE(${param(columns.input_loan_ids_json, ids)}, input_loan_ids_json)
          WHERE ${ownedBy(dialect, run, { kind: 'owner', attempt: run.attempt, token: run.token })}
            AND cancel_requested_at IS NULL`,
    );
    if (changed !== 1) throw await this.whyNot(runner, run);
  }

  private async whyNot(runner: QueryRunner, run: OwnedRun): Promise<RunAbort> {
    const { dialect } = tenantDatabase();
    const [row] = await dialect.readRows(runner, runHistoryTable, {
      columns: ['owner_token', 'cancel_requested_at'],
      where: { run_id: run.runId },
    });
    return new RunAbort(row?.owner_token === run.token && row.cancel_requested_at !== null ? 'cancelled' : 'lost');
  }
}
