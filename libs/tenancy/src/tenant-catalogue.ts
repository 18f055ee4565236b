import { readFileSync } from 'node:fs';
import { ConnectionSettingError, parseConnectionUrl, type DatabaseSettings } from '@powerfill/database';
import type { Tenant } from './tenant';

/** The catalogue cannot be used; the message names file, tenant and field. */
export class TenantCatalogueError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The tenant catalogue is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'TenantCatalogueError';
  }
}

type Entry = Readonly<Record<string, unknown>>;

const FIELDS = ['tenant_id', 'connection', 'schema', 'upstream_schema', 'upstream', 'time_zone', 'holidays'];
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,59}$/;

/** Tenants by look-up key and by persisted identity, read once at start. */
export class TenantCatalogue {
  private readonly keys: ReadonlyMap<string, Tenant>;
  private readonly identities: ReadonlyMap<string, Tenant>;

  constructor(tenants: readonly Tenant[]) {
    this.keys = new Map(tenants.map((tenant) => [tenant.key, tenant]));
    this.identities = new Map(tenants.map((tenant) => [tenant.tenantId, tenant]));
  }

  /**
   * Reads a catalogue file: a JSON object from look-up key to
   * `{tenant_id, connection, schema?, upstream_schema?, upstream?, time_zone, holidays?}`. `${NAME}` in a
   * connection is replaced from `variables`, so that passwords need not stand in the file.
   * @throws {TenantCatalogueError} listing every fault
   */
  static fromFile(path: string, variables: Readonly<Record<string, string | undefined>>): TenantCatalogue {
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
      throw new TenantCatalogueError([`${path}: ${(error as Error).message}`]);
    }
    return TenantCatalogue.fromObject(content, variables, path);
  }

  /** @throws {TenantCatalogueError} listing every fault; see {@link fromFile} */
  static fromObject(
    content: unknown,
    variables: Readonly<Record<string, string | undefined>>,
    source = 'catalogue',
  ): TenantCatalogue {
    if (typeof content !== 'object' || content === null || Array.isArray(content)) {
      throw new TenantCatalogueError([`${source}: must be a JSON object from look-up key to tenant`]);
    }
    const faults: string[] = [];
    const tenants = Object.entries(content).flatMap(([key, entry]) => {
      const reader = new EntryReader(`${source}: ${key}`, entry, variables, faults);
      return reader.read(key) ?? [];
    });
    const seen = new Map<string, string>();
    for (const { key, tenantId } of tenants) {
      const other = seen.get(tenantId);
      if (other !== undefined) faults.push(`${source}: ${key} and ${other} have the same tenant_id "${tenantId}"`);
      seen.set(tenantId, key);
    }
    if (faults.length > 0) throw new TenantCatalogueError(faults);
    return new TenantCatalogue(tenants);
  }

  /** The tenant a caller names; undefined when there is none. */
  byKey(key: string): Tenant | undefined {
    return this.keys.get(key);
  }

  /** The tenant a job or row names; undefined when there is none. */
  byTenantId(tenantId: string): Tenant | undefined {
    return this.identities.get(tenantId);
  }

  all(): readonly Tenant[] {
    return [...this.keys.values()];
  }
}

/** Reads one entry and collects its faults. */
class EntryReader {
  private readonly entry: Entry;

  constructor(
    private readonly where: string,
    entry: unknown,
    private readonly variables: Readonly<Record<string, string | undefined>>,
    private readonly faults: string[],
  ) {
    const isObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry);
    if (!isObject) this.fault('must be an object');
    this.entry = isObject ? (entry as Entry) : {};
  }

  read(key: string): Tenant | undefined {
    const before = this.faults.length;
    if (!KEY.test(key)) this.fault('the look-up key has characters other than letters, digits, dot, dash, underscore');
    for (const field of Object.keys(this.entry)) if (!FIELDS.includes(field)) this.fault(`unknown field "${field}"`);
    const tenant: Tenant = {
      key,
      tenantId: this.text('tenant_id', KEY),
      database: this.database(),
      upstream: this.upstream(),
      timeZone: this.timeZone(),
      holidays: this.holidays(),
    };
    return this.faults.length === before ? tenant : undefined;
  }

  private fault(problem: string): void {
    this.faults.push(`${this.where}: ${problem}`);
  }

  private text(field: string, pattern: RegExp, fallback?: string): string {
    const value = this.entry[field] ?? fallback;
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.fault(`${field} ${value === undefined ? 'is missing' : 'is not valid'}`);
    return '';
  }

  private database(): DatabaseSettings {
    const url = this.text('connection', /./).replace(/\$\{(\w+)\}/g, (reference, name: string) => {
      const value = this.variables[name];
      if (value === undefined) this.fault(`connection names the variable ${name}, which is not set`);
      return value === undefined ? reference : encodeURIComponent(value);
    });
    const given = this.entry['upstream_schema'];
    const upstreamSchema = given === undefined ? {} : { upstreamSchema: this.text('upstream_schema', NAME) };
    try {
      const { driver, connection } = parseConnectionUrl(url);
      const schema = this.text('schema', NAME, driver === 'postgres' ? 'public' : 'dbo');
      return { driver, connection, schema, ...upstreamSchema };
    } catch (error) {
      if (!(error instanceof ConnectionSettingError)) throw error;
      this.fault(`connection: ${error.message}`);
      const connection = { host: '', port: 0, user: '', password: '', database: '' };
      return { driver: 'postgres', connection, schema: '' };
    }
  }

  private upstream(): Tenant['upstream'] {
    const value = this.entry['upstream'] ?? 'managed';
    if (value === 'managed' || value === 'external') return value;
    this.fault('upstream must be managed or external');
    return 'managed';
  }

  private timeZone(): string {
    const zone = this.text('time_zone', /./);
    try {
      new Intl.DateTimeFormat('en-CA', { timeZone: zone });
    } catch {
      this.fault(`time_zone "${zone}" is not an IANA time zone`);
    }
    return zone;
  }

  private holidays(): readonly string[] {
    const value = this.entry['holidays'] ?? [];
    const isDate = (date: unknown): date is string =>
      typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date) && isRealDate(date);
    if (Array.isArray(value) && value.every(isDate)) return value;
    this.fault('holidays must be a list of dates YYYY-MM-DD that exist');
    return [];
  }
}

function isRealDate(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}
