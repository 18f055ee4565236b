import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_TABLES } from '@powerfill/core/entities';
import { IMPORTABLE_TABLES, ImportService } from '@powerfill/core/imports';
import { createDatabaseIfMissing, sql } from '@powerfill/database';
import { migrateTenant } from '@powerfill/migrations';
import { type Tenant, TenantCatalogue, tenantDatabase, TenantDataSources, TenantScope } from '@powerfill/tenancy';
import { dropDatabase } from './drop-database';

/** Tenants that are prepared at a time. */
const AT_A_TIME = 3;

/** Entry of a catalogue file. */
export type CatalogueEntry = Readonly<Record<string, unknown>>;

/** Catalogue of `count` tenants `t01`, `t02`, ... with a database each on the server of `serverUrl`. */
export function catalogueOf(serverUrl: string, count: number, prefix: string): Record<string, CatalogueEntry> {
  const address = new URL(serverUrl);
  const driver = address.protocol === 'mssql:' ? 'mssql' : 'postgres';
  const entries = Array.from({ length: count }, (_, index) => {
    const key = `t${String(index + 1).padStart(2, '0')}`;
    address.pathname = `/${prefix}_${key}`;
    const entry = {
      tenant_id: `${prefix}-${key}`,
      driver,
      connection: address.href,
      schema: 'powerfill',
      upstream: 'managed',
      time_zone: 'America/New_York',
      holidays: ['2026-11-26', '2026-12-25', '2027-01-01'],
    };
    return [key, entry] as const;
  });
  return Object.fromEntries(entries);
}

/** Tenants that are ready to run, and the way into their databases. */
export interface ReadyTenants {
  readonly catalogue: TenantCatalogue;
  readonly scope: TenantScope;
  close(): Promise<void>;
  /** Closes them and removes their databases, which may stand on a server that was given. */
  drop(): Promise<void>;
}

/**
 * Makes the databases of a catalogue, migrates them and loads the CSV files of a folder into each; with several folders
 * the tenants take them in turn, without one they stay empty. `onPrepared` is told how many are ready.
 */
export async function prepareTenants(
  entries: Record<string, CatalogueEntry>,
  folders: readonly string[] = [],
  onPrepared: (count: number) => void = () => undefined,
): Promise<ReadyTenants> {
  const ready = openTenants(entries);
  const { catalogue, scope } = ready;
  const left = [...catalogue.all().entries()];
  let prepared = 0;
  const prepareSome = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, tenant] = next;
      await createDatabaseIfMissing(tenant.database);
      await migrateTenant(tenant);
      const folder = folders[index % folders.length];
      if (folder !== undefined) await scope.run(tenant, () => loadFolder(folder));
      prepared += 1;
      onPrepared(prepared);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, prepareSome));
  return ready;
}

/** The way into databases that are there already. */
export function openTenants(entries: Record<string, CatalogueEntry>): ReadyTenants {
  const catalogue = TenantCatalogue.parse(JSON.stringify(entries));
  // The script looks at all of them at once.
  const dataSources = new TenantDataSources({ connections: 64, bounds: { poolSize: 2, connectTimeoutMs: 10_000 } });
  return {
    catalogue,
    scope: new TenantScope(dataSources),
    close: () => dataSources.close(),
    drop: async () => {
      await dataSources.close();
      for (const { database } of catalogue.all()) await dropDatabase(database);
    },
  };
}

/** Rows of a tenant's table. */
export const countRows = ({ scope }: ReadyTenants, tenant: Tenant, table: string): Promise<number> =>
  scope.run(tenant, async () => {
    const { dialect, dataSource } = tenantDatabase();
    const definition = ALL_TABLES.find(({ name }) => name === table);
    if (definition === undefined) throw new Error(`There is no table ${table}.`);
    const statement = sql`SELECT COUNT(*) AS n FROM ${dialect.table(definition)}`;
    const [row] = await dialect.query<{ n: number | string }>(dataSource, statement);
    return Number(row?.n ?? 0);
  });

async function loadFolder(folder: string): Promise<void> {
  const files = new Set(await readdir(folder));
  for (const { name } of IMPORTABLE_TABLES) {
    const file = `${name}.csv`;
    if (files.has(file))
      await new ImportService().importTable(name, createReadStream(join(folder, file)), { mode: 'all' });
  }
}
