import { readFileSync } from 'node:fs';
import { TenantCatalogueError } from './errors';
import { isRecord, readEntry, type Variables } from './entry-reader';
import type { Tenant } from './tenant';

/** The tenants this process serves: a JSON object from look-up key to description (data.md). */
export class TenantCatalogue {
  private readonly keys: ReadonlyMap<string, Tenant>;
  private readonly ids: ReadonlyMap<string, Tenant>;

  /** @param tenants with different keys, ids and databases, as {@link TenantCatalogue.parse} makes sure */
  constructor(private readonly tenants: readonly Tenant[]) {
    this.keys = new Map(tenants.map((tenant) => [tenant.key, tenant]));
    this.ids = new Map(tenants.map((tenant) => [tenant.tenantId, tenant]));
  }

  /**
   * Reads the catalogue file.
   * @param variables what `${NAME}` in a connection stands for
   * @throws TenantCatalogueError naming every fault
   */
  static read(path: string, variables: Variables = {}): TenantCatalogue {
    let content: string;
    try {
      content = readFileSync(path, 'utf8');
    } catch (error) {
      const fault = `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`;
      throw new TenantCatalogueError(path, [`${fault}; TENANT_CATALOGUE names the file, README.md shows one`]);
    }
    return TenantCatalogue.parse(content, variables, path);
  }

  /** Reads the catalogue's text. @throws TenantCatalogueError naming every fault */
  static parse(content: string, variables: Variables = {}, source = '(text)'): TenantCatalogue {
    let parsed: unknown;
    try {
      parsed = JSON.parse(content);
    } catch {
      // The parser's message quotes the text, which may hold a password.
      throw new TenantCatalogueError(source, ['is not JSON']);
    }
    if (!isRecord(parsed)) throw new TenantCatalogueError(source, ['must be an object from key to tenant']);
    const faults: string[] = [];
    const tenants = Object.entries(parsed).flatMap(([key, entry]) => {
      const tenant = readEntry(key, entry, variables, (problem) => faults.push(`${key}: ${problem}`));
      return tenant === null ? [] : [tenant];
    });
    faults.push(...clashes(tenants));
    if (faults.length > 0) throw new TenantCatalogueError(source, faults);
    return new TenantCatalogue(tenants);
  }

  /** The tenant callers name by this key. */
  byKey(key: string): Tenant | undefined {
    return this.keys.get(key);
  }

  /** The tenant whose rows and jobs carry this id. */
  byTenantId(tenantId: string): Tenant | undefined {
    return this.ids.get(tenantId);
  }

  all(): readonly Tenant[] {
    return this.tenants;
  }
}

/** Two tenants with one id or one schema would see each other's rows. */
function clashes(tenants: readonly Tenant[]): string[] {
  const places = (tenant: Tenant): string => {
    const { connection, schema } = tenant.database;
    return `${connection.host.toLowerCase()}:${connection.port}/${connection.database}/${schema}`;
  };
  const repeated = (what: string, of: (tenant: Tenant) => string): string[] => {
    const first = new Map<string, string>();
    return tenants.flatMap((tenant) => {
      const value = of(tenant);
      const other = first.get(value);
      if (other === undefined) first.set(value, tenant.key);
      return other === undefined ? [] : [`${tenant.key}: has the same ${what} as ${other}`];
    });
  };
  return [...repeated('tenant_id', (tenant) => tenant.tenantId), ...repeated('database and schema', places)];
}
