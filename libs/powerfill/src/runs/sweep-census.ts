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

  constructor(private readonly metrics: Metrics) {}

  /** Another process sweeps the tenant now. */
  forget(tenantId: string): void {
    if (this.seen.delete(tenantId)) this.publish();
  }

  note(tenantId: string, runs: readonly SeenRun[]): void {
    this.seen.set(tenantId, runs);
    this.publish();
  }

  private publish(): void {
    const runs = [...this.seen.values()].flat();
    for (const status of ACTIVE_STATUSES) {
      this.metrics.runsByStatus.set({ status }, runs.filter((run) => run.status === status).length);
    }
    const oldest = runs.reduce((age, run) => Math.max(age, run.heartbeat_ms ?? 0), 0);
    this.metrics.oldestLeaseSeconds.set(oldest / 1000);
  }
}
