import { Logger } from '@nestjs/common';
import { raw, sql, type Sql } from '@powerfill/database';
import type { Metrics } from '@powerfill/platform';
import { QueueUnavailableError, RUN_JOB_VERSION, RunQueue } from '@powerfill/queue';
import { tenantDatabase } from '@powerfill/tenancy';
import { isClaimed, type RunStatus } from '../domain/run-status';
import { ACTIVE_RUN_PREDICATE, runHistoryTable } from '../entities';
import { FinalizeRunService, type RunEnd } from './finalize-run.service';
import { RunClaimsService } from './run-claims.service';
import type { ExpectedOwner, RunRef } from './run-ownership';
import { SweepCensus } from './sweep-census';

/** Ages at which the reconciler acts; milliseconds. */
export interface ReconcilerLimits {
  readonly leaseMs: number;
  readonly pendingGraceMs: number;
  readonly queueTimeoutMs: number;
  readonly maxTakeovers: number;
}

/** The active run as the sweep sees it; ages on the database's clock. */
interface ActiveRun {
  readonly run_id: string;
  readonly status: RunStatus;
  readonly attempt: number;
  readonly owner_token: string | null;
  readonly cancel_requested: boolean;
  readonly takeover_count: number;
  readonly pending_ms: number | null;
  readonly heartbeat_ms: number | null;
}

/**
 * Puts right what crashes left behind in one tenant: Pending runs without a job are enqueued, runs whose worker
 * died are taken over or ended. Idempotent and safe in any number of processes: every change is a
 * compare-and-set (runs.md, "Reconciler").
 */
export class Reconciler {
  private readonly logger = new Logger(Reconciler.name);
  private readonly census: SweepCensus;

  constructor(
    private readonly claims: RunClaimsService,
    private readonly finalizer: FinalizeRunService,
    private readonly queue: RunQueue,
    private readonly metrics: Metrics,
    private readonly limits: ReconcilerLimits,
  ) {
    this.census = new SweepCensus(metrics);
  }

  /** Another process sweeps the tenant: what this one saw there says nothing any more. */
  forget(tenantId: string): void {
    this.census.forget(tenantId);
  }

  /** The tenant could not be swept. */
  lose(tenantId: string): void {
    this.census.lose(tenantId);
  }

  /**
   * Sweeps the current tenant.
   * @param mayTakeOver false for a lease's length after this process lost its own contact with the database:
   *   the owners it takes for dead may merely have been cut off from the same database
   * @param onContact called once the database has answered, before anything is changed; may throw to stop
   */
  async sweep(mayTakeOver: boolean, onContact: () => void = () => undefined): Promise<void> {
    const { tenant } = tenantDatabase();
    const runs = await this.activeRuns();
    onContact();
    this.census.note(tenant.tenantId, runs);
    for (const active of runs) {
      const run = { runId: active.run_id, tenantId: tenant.tenantId };
      if (isClaimed(active.status)) {
        if (mayTakeOver) await this.checkLease(run, active);
      } else {
        await this.checkPending(run, active);
      }
    }
  }

  private async activeRuns(): Promise<readonly ActiveRun[]> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    const age = (column: string): Sql => dialect.msBetween(raw(column), dialect.now);
    const rows = await dialect.query<Record<string, string | number | boolean | null>>(
      dataSource,
      sql`SELECT run_id, status, attempt, owner_token, takeover_count,
            CASE WHEN cancel_requested_at IS NULL THEN 0 ELSE 1 END AS cancel_requested,
            ${age('pending_since')} AS pending_ms, ${age('heartbeat_at')} AS heartbeat_ms
          FROM ${dialect.table(runHistoryTable)}
          WHERE tenant_id = ${tenant.tenantId} AND ${raw(ACTIVE_RUN_PREDICATE)}`,
    );
    const number = (value: unknown): number | null => (value === null ? null : Number(value));
    return rows.map((row) => ({
      run_id: String(row['run_id']).toLowerCase(),
      status: row['status'] as RunStatus,
      attempt: Number(row['attempt']),
      owner_token: row['owner_token'] as string | null,
      cancel_requested: Number(row['cancel_requested']) === 1,
      takeover_count: Number(row['takeover_count']),
      pending_ms: number(row['pending_ms']),
      heartbeat_ms: number(row['heartbeat_ms']),
    }));
  }

  private async checkPending(run: RunRef, active: ActiveRun): Promise<void> {
    const waited = active.pending_ms ?? 0;
    const expected: ExpectedOwner = { kind: 'pending', attempt: active.attempt };
    if (active.cancel_requested) return this.end(run, expected, { status: 'Cancelled' });
    if (waited > this.limits.queueTimeoutMs) {
      return this.end(run, expected, {
        status: 'Failed',
        step: 'queue_timeout',
        message: 'No worker took the run in time.',
      });
    }
    if (waited > this.limits.pendingGraceMs) await this.enqueueIfMissing(run, active.attempt);
  }

  private async enqueueIfMissing(run: RunRef, attempt: number): Promise<void> {
    try {
      const state = await this.queue.stateOf(run.runId, attempt);
      if (state === 'waiting' || state === 'active') return;
      // A job that exists in any state, even as a remnant in none, would make the add a silent no-op.
      await this.queue.remove(run.runId, attempt);
      await this.queue.add({ v: RUN_JOB_VERSION, run_id: run.runId, tenant_id: run.tenantId }, attempt);
      this.logger.warn(`Run ${run.runId} was waiting without a job and was enqueued again`);
    } catch (error) {
      // Redis is away: the run stays Pending and the next sweep tries again.
      if (!(error instanceof QueueUnavailableError)) throw error;
    }
  }

  private async checkLease(run: RunRef, active: ActiveRun): Promise<void> {
    if ((active.heartbeat_ms ?? Infinity) <= this.limits.leaseMs || active.owner_token === null) return;
    const dead = {
      kind: 'dead',
      attempt: active.attempt,
      token: active.owner_token,
      leaseMs: this.limits.leaseMs,
    } as const;
    const lost = { status: 'Failed', step: 'worker_lost', message: 'The worker that had the run was lost.' } as const;
    // A requested cancel makes it Cancelled, with this as the cause.
    if (active.cancel_requested) return this.end(run, dead, lost);
    if (await this.claims.takeOver(run, dead, this.limits.maxTakeovers)) {
      this.logger.warn(`Run ${run.runId}: its worker was lost, another one takes over`);
      return this.enqueueIfMissing(run, active.attempt + 1);
    }
    if (active.takeover_count >= this.limits.maxTakeovers) await this.end(run, dead, lost);
  }

  private async end(run: RunRef, expected: ExpectedOwner, end: RunEnd): Promise<void> {
    const result = await this.finalizer.finalize(run, expected, end);
    if (result.kind === 'ended' && result.byThisCall) {
      this.metrics.runsEnded.inc({ status: result.row.status, failure_step: result.row.failure_step ?? '' });
      this.logger.warn(
        `Run ${run.runId} was ended by the reconciler: ${result.row.status} ${result.row.failure_step ?? ''}`,
      );
    }
  }
}
