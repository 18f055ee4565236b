import type { DatabaseSettings, MigrationResult, SchemaVersion } from '@powerfill/database';
import { runMigrations } from '@powerfill/database';
import { ALL_TABLES } from '@powerfill/core/entities';

/**
 * The one ordered list of schema versions, for PostgreSQL and SQL Server alike. Version N brings the tables and
 * columns declared with `since: N`; what is declared later goes into a new version, never into one that has run.
 */
export const SCHEMA_VERSIONS: readonly SchemaVersion[] = [
  { version: 1, name: 'InitialTables', timestamp: 1_795_392_000_000 },
  { version: 2, name: 'PoolDelivery', timestamp: 1_795_634_000_000 },
  { version: 3, name: 'Schedules', timestamp: 1_795_640_000_000 },
  { version: 4, name: 'ImportProfiles', timestamp: 1_795_644_000_000 },
  { version: 5, name: 'PoolTotals', timestamp: 1_795_648_000_000 },
];

/** Version of the schema that this build works on. */
export const SCHEMA_VERSION = SCHEMA_VERSIONS.reduce((newest, { version }) => Math.max(newest, version), 0);

/** What migrating needs to know of a tenant. */
export interface MigratedTenant {
  readonly database: DatabaseSettings;
  readonly upstream: 'managed' | 'external';
}

/** Brings one tenant's database to `SCHEMA_VERSION`. */
export const migrateTenant = (tenant: MigratedTenant, lockWaitMs?: number): Promise<MigrationResult> =>
  runMigrations({
    settings: tenant.database,
    upstream: tenant.upstream,
    versions: SCHEMA_VERSIONS,
    tables: ALL_TABLES,
    ...(lockWaitMs === undefined ? {} : { lockWaitMs }),
  });
