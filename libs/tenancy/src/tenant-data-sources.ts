import {
  createDataSource,
  createDialect,
  type ConnectionBounds,
  type DatabaseHandle,
  DEFAULT_BOUNDS,
  openConnections,
} from '@powerfill/database';
import { TenantDatabasesBusyError, TenantDataSourcesClosedError } from './errors';
import type { Tenant } from './tenant';

/** What the data sources are made from. */
export interface TenantDataSourcesSettings {
  /** Connections of this process to all databases together, at most; 64 unless said. */
  readonly connections?: number;
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
  /** Set once it is open. */
  handle?: DatabaseHandle;
  users: number;
  /** Connections it counts with: all its pool may open while in use, afterwards those it had then, at most. */
  held: number;
}

const CONNECTIONS = 64;
const CLOSE_BOUND_MS = 5_000;

/**
 * The open databases of this process by tenant. Together they never hold more connections than they may: a database in
 * use counts with all the connections its pool may open, an idle one with those it has. The least recently used idle one
 * is closed for whoever needs its connections; when all are in use, he waits, first come first served, and not for long.
 */
export class TenantDataSources {
  /** In the order of use, oldest first. */
  private readonly entries = new Map<string, Entry>();
  /** What is being closed, with the connections that it may still hold. */
  private readonly closing = new Map<Promise<void>, number>();
  /** Who waits for a place, told when one may be free. */
  private readonly waiting: (() => void)[] = [];
  /** Of all entries together. */
  private users = 0;
  /** Sum of what the entries hold. */
  private held = 0;
  private idle: (() => void) | undefined;
  private closed = false;

  constructor(private readonly settings: TenantDataSourcesSettings) {}

  /** Number of databases held open. */
  get size(): number {
    return this.entries.size;
  }

  /** Connections that may be open now, those of the databases in use counted in full. */
  get connections(): number {
    let { held } = this;
    for (const closing of this.closing.values()) held += closing;
    return held;
  }

  /** Whether there is a connection to the tenant's database now. */
  isOpen(tenant: Tenant): boolean {
    const handle = this.entries.get(tenant.tenantId)?.handle;
    return handle !== undefined && openConnections(handle.dataSource) > 0;
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
      this.leave(entry);
    }
  }

  /**
   * Closes everything; call it last. Waits for current users, but no longer than `boundMs`, so that a hanging
   * server cannot keep the process alive.
   */
  async close(boundMs = CLOSE_BOUND_MS): Promise<void> {
    this.closed = true;
    await within(boundMs, async () => {
      if (this.users > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    });
    for (const tell of this.waiting) tell();
    for (const entry of this.entries.values()) this.shut(entry);
    await within(boundMs, async () => {
      await Promise.all(this.closing.keys());
    });
  }

  private take(tenant: Tenant): Entry {
    const known = this.entries.get(tenant.tenantId);
    if (known !== undefined) {
      this.entries.delete(tenant.tenantId);
      this.entries.set(tenant.tenantId, known);
      return known;
    }
    const entry: Entry = { tenant, opening: this.open(tenant), users: 0, held: 0 };
    this.entries.set(tenant.tenantId, entry);
    entry.opening.then(
      (handle) => (entry.handle = handle),
      () => {
        // The next caller tries again; the error itself reaches everyone who awaits `opening`.
        this.forget(entry);
      },
    );
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

  /** Takes the tenant's entry as a user, waiting for connections if need be. */
  private async enter(tenant: Tenant): Promise<Entry> {
    const waitMs = this.settings.bounds?.connectTimeoutMs ?? DEFAULT_BOUNDS.connectTimeoutMs;
    const deadline = performance.now() + waitMs;
    // Whoever comes while others wait takes his place behind them.
    for (let isTurn = this.waiting.length === 0; ; isTurn = true) {
      if (this.closed) throw new TenantDataSourcesClosedError();
      const isInUse = (this.entries.get(tenant.tenantId)?.users ?? 0) > 0;
      // Checked and taken in one go: nothing else runs in between.
      if (isInUse || (isTurn && this.makeRoom(tenant))) {
        const entry = this.take(tenant);
        entry.users += 1;
        this.users += 1;
        this.note(entry, this.poolSize);
        if (isTurn) this.waiting[0]?.();
        return entry;
      }
      const left = deadline - performance.now();
      if (left <= 0) throw new TenantDatabasesBusyError(this.limit, waitMs);
      await this.released(left, isTurn);
    }
  }

  private get limit(): number {
    return this.settings.connections ?? CONNECTIONS;
  }

  private get poolSize(): number {
    return this.settings.bounds?.poolSize ?? DEFAULT_BOUNDS.poolSize;
  }

  private leave(entry: Entry): void {
    this.users -= 1;
    entry.users -= 1;
    if (entry.users > 0) return;
    this.recount(entry);
    this.waiting[0]?.();
    if (this.users === 0) this.idle?.();
  }

  private note(entry: Entry, held: number): void {
    if (this.entries.get(entry.tenant.tenantId) !== entry) return;
    this.held += held - entry.held;
    entry.held = held;
  }

  /** An idle entry has the connections it really has; they close one by one when nobody needs them. */
  private recount(entry: Entry): void {
    this.note(entry, entry.handle === undefined ? 0 : openConnections(entry.handle.dataSource));
  }

  private forget(entry: Entry): void {
    this.note(entry, 0);
    if (this.entries.get(entry.tenant.tenantId) === entry) this.entries.delete(entry.tenant.tenantId);
  }

  /**
   * Whether the tenant's pool may be used now; idle databases are closed for it, the least recently used first. What is
   * being closed counts until it is.
   */
  private makeRoom(tenant: Tenant): boolean {
    const more = this.poolSize - (this.entries.get(tenant.tenantId)?.held ?? 0);
    if (this.connections + more <= this.limit) return true;
    for (const [id, entry] of this.entries) {
      if (entry.users > 0 || id === tenant.tenantId) continue;
      this.recount(entry);
      if (this.held + more > this.limit && entry.held > 0) this.shut(entry);
    }
    return this.connections + more <= this.limit;
  }

  /** Settles when connections may have become free, or after `ms`. @param isFirst waits before all others */
  private async released(ms: number, isFirst: boolean): Promise<void> {
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    if (isFirst) this.waiting.unshift(tell);
    else this.waiting.push(tell);
    await within(ms, () => told);
    this.waiting.splice(this.waiting.indexOf(tell), 1);
  }

  private shut(entry: Entry): void {
    const { tenant, opening, held } = entry;
    this.forget(entry);
    const done: Promise<void> = opening
      .then(
        ({ dataSource }) => dataSource.destroy(),
        () => undefined,
      )
      .catch((error: unknown) => this.settings.onCloseError?.(tenant, error))
      .finally(() => {
        this.closing.delete(done);
        this.waiting[0]?.();
      });
    this.closing.set(done, held);
  }
}

async function within(boundMs: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, boundMs);
  });
  await Promise.race([work(), bound]).finally(() => clearTimeout(timer));
}
