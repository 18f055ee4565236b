import {
  createDataSource,
  createDialect,
  type ConnectionBounds,
  type DatabaseHandle,
  type TableDefinition,
} from '@powerfill/database';
import { TenantDataSourcesClosedError } from './errors';
import type { Tenant } from './tenant';

/** What the data sources are made from. */
export interface TenantDataSourcesSettings {
  readonly tables: readonly TableDefinition[];
  /** Databases kept open when nobody uses them; 32 unless said. */
  readonly capacity?: number;
  /** Pools of at most 4 connections and 2 s to connect, unless said. */
  readonly bounds?: Partial<ConnectionBounds>;
  readonly applicationName?: string;
  /** Told of a database that could not be closed; the process goes on. */
  readonly onCloseError?: (tenant: Tenant, error: unknown) => void;
}

interface Entry {
  readonly tenant: Tenant;
  /** A promise, so that two first users share one connection attempt. */
  readonly opening: Promise<DatabaseHandle>;
  users: number;
}

const CAPACITY = 32;
const CLOSE_BOUND_MS = 5_000;

/**
 * The open databases of this process by tenant: least recently used first out beyond the capacity, but never one
 * in use. When all are in use the capacity is exceeded until one is released.
 */
export class TenantDataSources {
  /** In the order of use, oldest first. */
  private readonly entries = new Map<string, Entry>();
  private readonly closing = new Set<Promise<void>>();
  private idle: (() => void) | undefined;
  private closed = false;

  constructor(private readonly settings: TenantDataSourcesSettings) {}

  /** Number of databases held open. */
  get size(): number {
    return this.entries.size;
  }

  /** Lends the tenant's database to `work` and keeps it open until that has ended. */
  async use<R>(tenant: Tenant, work: (handle: DatabaseHandle) => R | Promise<R>): Promise<R> {
    if (this.closed) throw new TenantDataSourcesClosedError();
    const entry = this.take(tenant);
    entry.users += 1;
    try {
      return await work(await entry.opening);
    } finally {
      entry.users -= 1;
      this.evict();
      if (this.users() === 0) this.idle?.();
    }
  }

  /**
   * Closes everything; call it last. Waits for current users, but no longer than `boundMs`, so that a hanging
   * server cannot keep the process alive.
   */
  async close(boundMs = CLOSE_BOUND_MS): Promise<void> {
    this.closed = true;
    await within(boundMs, async () => {
      if (this.users() > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    });
    for (const entry of this.entries.values()) this.shut(entry);
    this.entries.clear();
    await within(boundMs, async () => {
      await Promise.all(this.closing);
    });
  }

  private take(tenant: Tenant): Entry {
    const known = this.entries.get(tenant.tenantId);
    if (known !== undefined) {
      this.entries.delete(tenant.tenantId);
      this.entries.set(tenant.tenantId, known);
      return known;
    }
    const entry: Entry = { tenant, opening: this.open(tenant), users: 0 };
    this.entries.set(tenant.tenantId, entry);
    entry.opening.catch(() => {
      // The next caller tries again; the error itself reaches everyone who awaits `opening`.
      if (this.entries.get(tenant.tenantId) === entry) this.entries.delete(tenant.tenantId);
    });
    return entry;
  }

  private async open(tenant: Tenant): Promise<DatabaseHandle> {
    const { tables, bounds, applicationName } = this.settings;
    const dataSource = createDataSource({
      settings: tenant.database,
      tables,
      ...(bounds === undefined ? {} : { bounds }),
      ...(applicationName === undefined ? {} : { applicationName }),
    });
    return { dataSource: await dataSource.initialize(), dialect: createDialect(tenant.database) };
  }

  private evict(): void {
    const capacity = this.settings.capacity ?? CAPACITY;
    for (const [id, entry] of this.entries) {
      if (this.entries.size <= capacity) return;
      if (entry.users > 0) continue;
      this.entries.delete(id);
      this.shut(entry);
    }
  }

  private shut({ tenant, opening }: Entry): void {
    const done: Promise<void> = opening
      .then(
        ({ dataSource }) => dataSource.destroy(),
        () => undefined,
      )
      .catch((error: unknown) => this.settings.onCloseError?.(tenant, error))
      .finally(() => this.closing.delete(done));
    this.closing.add(done);
  }

  private users(): number {
    let users = 0;
    for (const entry of this.entries.values()) users += entry.users;
    return users;
  }
}

async function within(boundMs: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, boundMs);
  });
  await Promise.race([work(), bound]).finally(() => clearTimeout(timer));
}
