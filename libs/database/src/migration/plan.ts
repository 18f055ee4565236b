import type { DriverName } from '../driver';
import type { Column } from '../schema/columns';
import type { TableDefinition } from '../schema/table';

/** One step of the schema: everything declared with `since` equal to `version`. */
export interface SchemaVersion {
  readonly version: number;
  /** Letters only; part of the name stored in `pfill_migrations`. */
  readonly name: string;
  /** Milliseconds since 1970, increasing; TypeORM orders migrations by it. */
  readonly timestamp: number;
}

/** What migrations work on in one tenant. */
export interface SchemaPlan {
  readonly versions: readonly SchemaVersion[];
  readonly tables: readonly TableDefinition[];
  readonly driver: DriverName;
  readonly schema: string;
  readonly upstreamSchema?: string;
  /** Upstream tables are created only for `managed` tenants; in an `external` one a lender's system owns them. */
  readonly upstream: 'managed' | 'external';
}

/** What one version changes. */
export interface SchemaChange {
  readonly newTables: readonly { readonly table: TableDefinition; readonly columns: readonly string[] }[];
  readonly newColumns: readonly { readonly table: TableDefinition; readonly name: string; readonly column: Column }[];
}

const sinceOf = (table: TableDefinition, column: Column): number => Math.max(column.since ?? 1, table.since);

/** Tables we create and change in this tenant. */
export const plannedTables = (plan: Pick<SchemaPlan, 'tables' | 'upstream'>): TableDefinition[] =>
  plan.tables.filter((table) => table.group !== 'upstream' || plan.upstream === 'managed');

/** The tables and columns that a version brings. */
export function changeOf(plan: Pick<SchemaPlan, 'tables' | 'upstream'>, version: number): SchemaChange {
  const tables = plannedTables(plan);
  return {
    newTables: tables
      .filter((table) => table.since === version)
      .map((table) => ({
        table,
        columns: Object.entries(table.columns)
          .filter(([, column]) => sinceOf(table, column) === version)
          .map(([name]) => name),
      })),
    newColumns: tables
      .filter((table) => table.since < version)
      .flatMap((table) =>
        Object.entries(table.columns)
          .filter(([, column]) => sinceOf(table, column) === version)
          .map(([name, column]) => ({ table, name, column })),
      ),
  };
}

/** Name of a version's row in `pfill_migrations`. */
export const migrationName = ({ version, name, timestamp }: SchemaVersion): string =>
  `Schema${String(version).padStart(3, '0')}${name}${timestamp}`;

/** The version in such a name, or null for another migration. */
export function versionOfName(name: string): number | null {
  const digits = /^Schema(\d{3})/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
