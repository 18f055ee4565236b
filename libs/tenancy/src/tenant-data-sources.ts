import { createDataSource, createDialect, type ConnectionBounds, type DatabaseHandle } from '@powerfill/database';
import { TenantDatabasesBusyError, TenantDataSourcesClosedError } from './errors';
import type { Tenant } from './tenant';

/** What the data sources are made from. */
export interface TenantDataSourcesSettings {
  /** Databases open at once; 16 unless said. With the size of a pool it bounds the connections of this process. */
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

const CAPACITY = 16;
/** Longest wait for a place among the open databases; the time to connect unless said. */
const PLACE_MS = 2_000;
const CLOSE_BOUND_MS = 5_000;

/**
 * The open databases of this process by tenant, never more than the capacity: the least recently used that nobody uses
 * makes place; when all are in use, whoever comes next waits, first come first served, and not for long.
 */
export class TenantDataSources {
  /** In the order of use, oldest first. */
  private readonly entries = new Map<string, Entry>();
  private readonly closing = new Set<Promise<void>>();
  /** Who waits for a place, told when one may be free. */
  private readonly waiting: (() => void)[] = [];
  private idle: (() => void) | undefined;
  private closed = false;

  constructor(private readonly settings: TenantDataSourcesSettings) {}

  /** Number of databases held open. */
  get size(): number {
    return this.entries.size;
  }

  /**
   * Lends the tenant's database to `work` and keeps it open until that has ended.
   * @throws {TenantDatabasesBusyError} when all others are in use for as long as connecting may take
   */
  async use<R>(tenant: Tenant, work: (handle: DatabaseHandle) => R | Promise<R>): Promise<R> {
    const entry = await this.enter(tenant);
    try {
      return await work(await entry.opening);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) this.waiting.shift()?.();
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
    for (const tell of this.waiting) tell();
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
    const { bounds, applicationName } = this.settings;
    const dataSource = createDataSource({
      settings: tenant.database,
      // Statements are written by hand or by the dialect: TypeORM's metadata would be most of the time to open.
      tables: [],
      ...(bounds === undefined ? {} : { bounds }),
      ...(applicationName === undefined ? {} : { applicationName }),
    });
    return { dataSource: await dataSource.initialize(), dialect: createDialect(tenant.database) };
  }

  /** Takes the tenant's entry as a user, waiting for a place if need be. */
  private async enter(tenant: Tenant): Promise<Entry> {
    const waitMs = this.settings.bounds?.connectTimeoutMs ?? PLACE_MS;
    const deadline = performance.now() + waitMs;
    // Whoever comes while others wait takes his place behind them.
    for (let mayOpen = this.waiting.length === 0; ; mayOpen = true) {
      if (this.closed) throw new TenantDataSourcesClosedError();
      // Checked and taken in one go: nothing else runs in between.
      if (this.entries.has(tenant.tenantId) || (mayOpen && this.makePlace())) {
        const entry = this.take(tenant);
        entry.users += 1;
        return entry;
      }
      const left = deadline - performance.now();
      if (left <= 0) throw new TenantDatabasesBusyError(this.capacity, waitMs);
      await this.released(left);
    }
  }

  private get capacity(): number {
    return this.settings.capacity ?? CAPACITY;
  }

  /** Whether one more database may be opened; the least recently used idle one is closed for it. */
  private makePlace(): boolean {
    if (this.entries.size < this.capacity) return true;
    for (const [id, entry] of this.entries) {
      if (entry.users > 0) continue;
      this.entries.delete(id);
      this.shut(entry);
      return true;
    }
    return false;
  }

  /** Settles when a database is released, or after `ms`. */
  private async released(ms: number): Promise<void> {
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    this.waiting.push(tell);
    await within(ms, () => told);
    const at = this.waiting.indexOf(tell);
    if (at >= 0) this.waiting.splice(at, 1);
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
