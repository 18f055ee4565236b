import { randomUUID } from 'node:crypto';
import { type Executor, inTransaction, param, sql, withRetries } from '@powerfill/database';
import { QueueUnavailableError, RUN_JOB_VERSION, RunQueue } from '@powerfill/queue';
import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import type { RunOptions } from '../domain/run-options';
import { idempotencyTable, runHistoryTable, type RunRow } from '../entities';
import { ENQUEUE_STEP, FinalizeRunService } from './finalize-run.service';
import { RunHistoryService } from './run-history.service';

/** A validated submission. */
export interface Submission {
  readonly options: RunOptions;
  readonly requestedBy: string;
  /** The caller's Idempotency-Key with the fingerprint of the body it came with. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string };
}

/** Limits of a submission. */
export interface SubmitLimits {
  /** Waiting jobs at which submissions are refused. */
  readonly queueCapacity: number;
  /** One bound for the capacity check and the enqueueing together. */
  readonly answerMs: number;
}

/** Seconds after which a refused caller may try again. */
const RETRY_AFTER_SECONDS = 5;

/** Accepts runs (runs.md, "Submit"). */
export class SubmitRunService {
  constructor(
    private readonly history: RunHistoryService,
    private readonly finalizer: FinalizeRunService,
    private readonly queue: RunQueue,
    private readonly limits: SubmitLimits,
  ) {}

  /**
   * Stores a Pending run and hands it to the queue.
   * @returns the run's row; for a repeated Idempotency-Key the row of the first submission
   * @throws {RefusedError} `active_run_exists`, `idempotency_key_reused`, `queue_saturated`, `queue_unavailable`
   */
  async submit(submission: Submission): Promise<RunRow> {
    const known = await this.known(submission);
    if (known) return known;
    const askedAt = performance.now();
    await this.refuseWhenSaturated();
    const left = Math.max(1, this.limits.answerMs - (performance.now() - askedAt));
    const row = await this.insert(submission);
    if ('existing' in row) return row.existing;
    return this.enqueue(row.inserted, Math.round(left));
  }

  private async refuseWhenSaturated(): Promise<void> {
    let waiting: number;
    try {
      waiting = await this.queue.waitingCount();
    } catch (error) {
      throw unavailable(error);
    }
    if (waiting >= this.limits.queueCapacity) {
      throw new RefusedError('queue_saturated', `${waiting} runs are waiting for a worker; try again later.`, {
        retry_after: RETRY_AFTER_SECONDS,
      });
    }
  }

  /** The run an Idempotency-Key stands for. @throws {RefusedError} `idempotency_key_reused` */
  private async known({ idempotency }: Submission): Promise<RunRow | null> {
    if (!idempotency) return null;
    const { dialect, dataSource, tenant } = tenantDatabase();
    const [entry] = await dialect.readRows(dataSource, idempotencyTable, {
      where: { tenant_id: tenant.tenantId, key: idempotency.key },
      limit: 1,
    });
    if (!entry) return null;
    if (entry.fingerprint !== idempotency.fingerprint) {
      throw new RefusedError('idempotency_key_reused', 'This Idempotency-Key was used with another body.', {
        run_id: entry.run_id,
      });
    }
    return this.history.get(entry.run_id);
  }

  /** Inserts the run, with its key if there is one; the unique indexes decide between concurrent submissions. */
  private async insert(submission: Submission): Promise<{ inserted: RunRow } | { existing: RunRow }> {
    const { dialect } = tenantDatabase();
    const runId = randomUUID();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return { inserted: await this.insertOnce(runId, submission) };
      } catch (error) {
        const violation = dialect.uniqueViolation(error);
        if (!violation) throw error;
        const known = await this.known(submission);
        if (known) return { existing: known };
        const active = await this.history.active();
        // It was inserted, and the answer lost with the connection.
        if (active?.run_id === runId) return { inserted: active };
        if (active) throw activeRunExists(active);
        // What stood in the way ended, or released its key, before the look-up: once more, then it is a defect.
        if (attempt > 0) throw error;
      }
    }
  }

  private async insertOnce(runId: string, submission: Submission): Promise<RunRow> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    const { idempotency } = submission;
    if (idempotency === undefined) {
      // Alone it needs no transaction; it may be repeated, since the index would refuse it then.
      await withRetries(dialect, () => this.insertRun(dataSource, runId, submission));
      return this.history.get(runId);
    }
    return inTransaction({ dataSource, dialect }, async (runner) => {
      await this.insertRun(runner, runId, submission);
      await dialect.execute(
        runner,
        sql`INSERT INTO ${dialect.table(idempotencyTable)} (tenant_id, "key", fingerprint, run_id, created_at)
            VALUES (${tenant.tenantId}, ${idempotency.key}, ${idempotency.fingerprint}, ${runId}, ${dialect.now})`,
      );
      const row = await this.history.findOn(dialect, runner, tenant.tenantId, runId);
      if (row === null) throw new Error('The inserted run cannot be read back');
      return row;
    });
  }

  private async insertRun(on: Executor, runId: string, { options, requestedBy }: Submission): Promise<void> {
    const { dialect, tenant } = tenantDatabase();
    const { columns } = runHistoryTable;
    await dialect.execute(
      on,
      sql`INSERT INTO ${dialect.table(runHistoryTable)}
            (run_id, tenant_id, status, requested_by, started_at, pending_since, options_json, attempt, takeover_count, handback_count, swept_attempt)
          VALUES (${runId}, ${tenant.tenantId}, 'Pending', ${param(columns.requested_by, requestedBy)},
            ${dialect.now}, ${dialect.now}, ${param(columns.options_json, JSON.stringify(options))}, 1, 0, 0, 0)`,
    );
  }

  /** @param withinMs what the capacity check has left of the bound; the time the database took does not count */
  private async enqueue(row: RunRow, withinMs: number): Promise<RunRow> {
    try {
      await this.queue.add({ v: RUN_JOB_VERSION, run_id: row.run_id, tenant_id: row.tenant_id }, row.attempt, withinMs);
      return row;
    } catch (error) {
      if (!(error instanceof QueueUnavailableError)) throw error;
      return this.withdraw(row, error);
    }
  }

  /** The job could not be added: the run fails and releases its key; unless the add did land and a worker has the run. */
  private async withdraw(row: RunRow, cause: QueueUnavailableError): Promise<RunRow> {
    const run = { runId: row.run_id, tenantId: row.tenant_id };
    const result = await this.finalizer.finalize(
      run,
      { kind: 'pending', attempt: row.attempt },
      { status: 'Failed', step: ENQUEUE_STEP, message: cause.message },
    );
    if (result.kind === 'superseded' && result.row) return result.row;
    if (result.kind === 'ended' && result.row.failure_step !== ENQUEUE_STEP) return result.row;
    throw unavailable(cause);
  }
}

const unavailable = (cause: unknown): RefusedError =>
  new RefusedError('queue_unavailable', 'The run queue does not answer; nothing was started. Try again later.', {
    retry_after: RETRY_AFTER_SECONDS,
    detail: cause instanceof Error ? cause.message : String(cause),
  });

/** BR-8: one active run per tenant. */
const activeRunExists = (active: RunRow): RefusedError =>
  new RefusedError(
    'active_run_exists',
    `Run ${active.run_id} is ${active.status}; a tenant has one active run at a time.`,
    {
      active_run_id: active.run_id,
      active_status: active.status,
      active_run: `/api/powerfill/runs/${active.run_id}`,
    },
  );
