import type { Metrics } from '@powerfill/platform';
import { ACTIVE_STATUSES, type RunStatus } from '../domain/run-status';

/** An active run as a sweep saw it. */
export interface SeenRun {
  readonly status: RunStatus;
  /** Age of its heartbeat, null while it waits. */
  readonly heartbeat_ms: number | null;
}

/** Active runs by status and the oldest lease, over the tenants whose last sweep this process made. */
export class SweepCensus {
  private readonly seen = new Map<string, readonly SeenRun[]>();
  private readonly unreachable = new Set<string>();

  constructor(private readonly metrics: Metrics) {}

  /** Another process sweeps the tenant now. */
  forget(tenantId: string): void {
    const changes = [this.seen.delete(tenantId), this.unreachable.delete(tenantId)];
    if (changes.includes(true)) this.publish();
  }

  /** The tenant's database did not answer: what was seen there may have changed since. */
  lose(tenantId: string): void {
    this.seen.delete(tenantId);
    this.unreachable.add(tenantId);
    this.publish();
  }

  note(tenantId: string, runs: readonly SeenRun[]): void {
    this.seen.set(tenantId, runs);
    this.unreachable.delete(tenantId);
    this.publish();
  }

  private publish(): void {
    const runs = [...this.seen.values()].flat();
    for (const status of ACTIVE_STATUSES) {
      this.metrics.runsByStatus.set({ status }, runs.filter((run) => run.status === status).length);
    }
    const oldest = runs.reduce((age, run) => Math.max(age, run.heartbeat_ms ?? 0), 0);
    this.metrics.oldestLeaseSeconds.set(oldest / 1000);
    this.metrics.unreachableTenants.set(this.unreachable.size);
  }
}
