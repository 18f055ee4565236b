import type { DataSource } from 'typeorm';
import { MIGRATIONS_TABLE } from '../connection/data-source';
import type { Dialect } from '../dialect/dialect';
import { quote, raw, sql } from '../sql/sql';
import { versionOfName } from './plan';

/** Whether a process may work on a database (runs.md, "Upgrades"). */
export type SchemaState = 'ok' | 'outdated' | 'missing' | 'too_new';

export interface SchemaCheck {
  readonly state: SchemaState;
  /** Version of the database; null when no migration has run. */
  readonly version: number | null;
  /** Version this process was built for. */
  readonly expected: number;
}

/** Schema version of a tenant's database: the newest migration that has run; null when none has. */
export async function schemaVersion(dataSource: DataSource, dialect: Dialect): Promise<number | null> {
  const { schema } = dataSource.options as { schema?: string };
  const owner = schema ?? 'public';
  const read = dialect.query<{ name: string }>(
    dataSource,
    sql`SELECT name FROM ${raw(`${quote(owner)}.${quote(MIGRATIONS_TABLE)}`)}`,
  );
  const rows = await read.catch(async (error: unknown) => {
    // Asked only now: the catalogue's views are slow, and nearly always the table is there.
    if (await hasMigrations(dataSource, dialect, owner)) throw error;
    return [];
  });
  return rows.reduce<number | null>((newest, { name }) => {
    const version = versionOfName(name);
    return version === null ? newest : Math.max(newest ?? 0, version);
  }, null);
}

async function hasMigrations(dataSource: DataSource, dialect: Dialect, owner: string): Promise<boolean> {
  const found = await dialect.query(
    dataSource,
    sql`SELECT 1 AS found FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ${owner} AND TABLE_NAME = ${MIGRATIONS_TABLE}`,
  );
  return found.length > 0;
}

/** A process accepts its own schema version and the next one, so that pods can be replaced one by one. */
export function schemaStateOf(version: number | null, expected: number): SchemaState {
  if (version === null) return 'missing';
  if (version < expected) return 'outdated';
  return version <= expected + 1 ? 'ok' : 'too_new';
}

/** Compares the database's schema with the version this process was built for. */
export async function checkSchema(dataSource: DataSource, dialect: Dialect, expected: number): Promise<SchemaCheck> {
  const version = await schemaVersion(dataSource, dialect);
  return { state: schemaStateOf(version, expected), version, expected };
}
