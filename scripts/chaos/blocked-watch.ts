import { setTimeout as pause } from 'node:timers/promises';
import { runHistoryTable } from '@powerfill/core/entities';
import { raw, sql } from '@powerfill/database';
import { type Tenant, tenantDatabase, type TenantScope } from '@powerfill/tenancy';

const PERIOD_MS = 500;

/**
 * Looks into the databases all the time for claimed runs whose owner is dead: the age of the heartbeat is how long the
 * tenant has been blocked. Time in which the database itself was away does not count: then nobody could help.
 */
export class BlockedWatch {
  /** The longest age of a claimed run's heartbeat, milliseconds. */
  longestMs = 0;
  longestRun = '';
  /** Monotonic time at which a tenant's database last did not answer. */
  private readonly awayAt = new Map<string, number>();
  private stopped = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly scope: TenantScope,
    private readonly tenants: readonly Tenant[],
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await Promise.all(
        this.tenants.map((tenant) => this.look(tenant).catch(() => this.awayAt.set(tenant.key, performance.now()))),
      );
      await pause(PERIOD_MS);
    }
  }

  private look(tenant: Tenant): Promise<void> {
    return this.scope.run(tenant, async () => {
      const { dialect, dataSource } = tenantDatabase();
      const rows = await dialect.query<{ run_id: string; age: number | string }>(
        dataSource,
        sql`SELECT run_id, ${dialect.msBetween(raw('heartbeat_at'), dialect.now)} AS age
            FROM ${dialect.table(runHistoryTable)} WHERE heartbeat_at IS NOT NULL AND completed_at IS NULL`,
      );
      const reachableFor = performance.now() - (this.awayAt.get(tenant.key) ?? -Infinity);
      for (const { run_id, age } of rows) {
        const blockedMs = Math.min(Number(age), reachableFor);
        if (blockedMs <= this.longestMs) continue;
        this.longestMs = blockedMs;
        this.longestRun = `${tenant.key} ${run_id}`;
      }
    });
  }
}
