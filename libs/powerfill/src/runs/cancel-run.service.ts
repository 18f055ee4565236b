import { inTransaction, raw, sql } from '@powerfill/database';
import { CancelFlags, QueueUnavailableError, RunQueue } from '@powerfill/queue';
import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { isTerminal, type RunStatus } from '../domain/run-status';
import { ACTIVE_RUN_PREDICATE, runHistoryTable, type RunRow } from '../entities';
import { FinalizeRunService } from './finalize-run.service';
import { RunHistoryService } from './run-history.service';

/** Cancels runs (runs.md, "Cancel"): decided in the database, made fast by Redis. */
export class CancelRunService {
  constructor(
    private readonly history: RunHistoryService,
    private readonly finalizer: FinalizeRunService,
    private readonly queue: RunQueue,
    private readonly flags: CancelFlags,
  ) {}

  /**
   * Requests a cancel. A run that waits is Cancelled at once; one at work ends Cancelled within moments; from
   * here on it can never end Complete. May be repeated.
   * @returns the run's row after the request
   * @throws {RefusedError} `run_not_found`, `run_already_ended`
   */
  async cancel(runId: string): Promise<RunRow> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    const run = { runId, tenantId: tenant.tenantId };
    const row = await inTransaction({ dataSource, dialect }, async (runner) => {
      // Takes the row's lock, so that what is read next stays true until the commit.
      const requested = await dialect.execute(
        runner,
        sql`UPDATE ${dialect.table(runHistoryTable)} SET cancel_requested_at = COALESCE(cancel_requested_at, ${dialect.now})
            WHERE run_id = ${runId} AND tenant_id = ${tenant.tenantId} AND ${raw(ACTIVE_RUN_PREDICATE)}`,
      );
      const found = await this.history.findOn(dialect, runner, tenant.tenantId, runId);
      if (requested === 1 && found?.status === 'Pending') {
        return this.finalizer.finalizeIn(
          runner,
          dialect,
          run,
          { kind: 'pending', attempt: found.attempt },
          { status: 'Cancelled' },
        );
      }
      return found;
    });
    if (row === null) throw new RefusedError('run_not_found', `This tenant has no run ${runId}.`, { run_id: runId });
    if (row.status === 'Complete' || row.status === 'Failed') {
      throw new RefusedError('run_already_ended', `Run ${runId} has already ended: ${row.status}.`, {
        run_id: runId,
        status: row.status,
      });
    }
    await this.tellRedis(row);
    return row;
  }

  /** Best effort: without Redis the worker reads the request from the row. */
  private async tellRedis(row: RunRow): Promise<void> {
    const ended = isTerminal(row.status as RunStatus);
    const work = ended ? this.queue.remove(row.run_id, row.attempt) : this.flags.raise(row.run_id);
    await Promise.resolve(work).catch((error: unknown) => {
      if (!(error instanceof QueueUnavailableError)) throw error;
    });
  }
}
