import {
  createDataSource,
  createDialect,
  type ConnectionBounds,
  type Dialect,
  type TableDefinition,
} from '@powerfill/database';
import type { DataSource } from 'typeorm';
import type { Tenant } from './tenant';

/** A handle on a tenant's database. */
export interface TenantDatabase {
  readonly tenant: Tenant;
  readonly dataSource: DataSource;
  readonly dialect: Dialect;
}

/** How many databases a process keeps open, and with what bounds. */
export interface DataSourceLimits {
  /** DataSources kept open; 32 unless said. More stay open only while they are in use. */
  readonly cached?: number;
  readonly bounds: Partial<ConnectionBounds>;
  readonly applicationName: string;
}

interface Slot {
  readonly opened: Promise<TenantDatabase>;
  users: number;
}

/** One DataSource per tenant, opened on first use, the least recently used closed when there are too many. */
export class TenantDataSources {
  /** In order of last use, the oldest first. */
  private readonly slots = new Map<string, Slot>();
  private closed = false;

  constructor(
    private readonly tables: readonly TableDefinition[],
    private readonly limits: DataSourceLimits,
  ) {}

  /** Lends the tenant's database to `work`; it is never closed before the work has ended. */
  async use<T>(tenant: Tenant, work: (database: TenantDatabase) => Promise<T>): Promise<T> {
    const slot = this.slotOf(tenant);
    slot.users += 1;
    try {
      return await work(await slot.opened);
    } finally {
      slot.users -= 1;
      await this.closeSurplus();
    }
  }

  /** Closes every database; the last thing a process does. */
  async close(): Promise<void> {
    this.closed = true;
    const slots = [...this.slots.values()];
    this.slots.clear();
    await Promise.allSettled(slots.map((slot) => destroy(slot)));
  }

  private slotOf(tenant: Tenant): Slot {
    if (this.closed) throw new Error('The databases are closed: the process is shutting down');
    const known = this.slots.get(tenant.tenantId);
    if (known) {
      this.slots.delete(tenant.tenantId);
      this.slots.set(tenant.tenantId, known);
      return known;
    }
    // The promise is kept, not its result, so that two first users share one DataSource.
    const slot: Slot = { opened: this.open(tenant), users: 0 };
    this.slots.set(tenant.tenantId, slot);
    slot.opened.catch(() => {
      if (this.slots.get(tenant.tenantId) === slot) this.slots.delete(tenant.tenantId);
    });
    return slot;
  }

  private async open(tenant: Tenant): Promise<TenantDatabase> {
    const { bounds, applicationName } = this.limits;
    const dataSource = createDataSource({ settings: tenant.database, tables: this.tables, bounds, applicationName });
    await dataSource.initialize();
    return { tenant, dataSource, dialect: createDialect(tenant.database) };
  }

  private async closeSurplus(): Promise<void> {
    const allowed = this.limits.cached ?? 32;
    for (const [tenantId, slot] of this.slots) {
      if (this.slots.size <= allowed) return;
      if (slot.users > 0) continue;
      this.slots.delete(tenantId);
      await destroy(slot);
    }
  }
}

/** A DataSource that never opened has nothing to close. */
async function destroy(slot: Slot): Promise<void> {
  const database = await slot.opened.catch(() => undefined);
  if (database?.dataSource.isInitialized) await database.dataSource.destroy();
}
