import { setTimeout as delay } from 'node:timers/promises';
import { createDataSource } from '../connection/data-source';
import type { DatabaseSettings } from '../connection/settings';
import { createDialect } from '../dialect/create-dialect';
import type { Dialect, Executor } from '../dialect/dialect';
import type { DriverName } from '../driver';
import { quote, raw, sql } from '../sql/sql';

/** The maintenance database of a server, and its list of databases. */
const SERVERS: Readonly<Record<DriverName, { database: string; schema: string; catalogue: string }>> = {
  postgres: { database: 'postgres', schema: 'public', catalogue: 'SELECT datname FROM pg_database WHERE datname =' },
  mssql: { database: 'master', schema: 'dbo', catalogue: 'SELECT name FROM sys.databases WHERE name =' },
};

/** A run reads its input in a snapshot, and reports must not wait for its writes; a new SQL Server database has both off. */
const SNAPSHOT_SETTINGS = ['ALLOW_SNAPSHOT_ISOLATION', 'READ_COMMITTED_SNAPSHOT'] as const;

const CONNECT_TIMEOUT_MS = 10_000;
const MOST_TRIES = 50;
const LONGEST_PAUSE_MS = 500;

/** Runs work on the server's own maintenance database, from where others are made and removed. */
export async function onServer<R>(
  { driver, connection }: Pick<DatabaseSettings, 'driver' | 'connection'>,
  work: (on: Executor, dialect: Dialect) => Promise<R>,
): Promise<R> {
  const { database, schema } = SERVERS[driver];
  const dataSource = createDataSource({
    settings: { driver, schema, connection: { ...connection, database } },
    tables: [],
    bounds: { poolSize: 1, connectTimeoutMs: CONNECT_TIMEOUT_MS },
    applicationName: 'powerfill-migrate',
  });
  await dataSource.initialize();
  try {
    return await work(dataSource, createDialect({ driver, schema }));
  } finally {
    await dataSource.destroy();
  }
}

/** Creates the database of the settings when the server has none of that name. Answers whether it was created. */
export const createDatabaseIfMissing = (settings: Pick<DatabaseSettings, 'driver' | 'connection'>): Promise<boolean> =>
  onServer(settings, (on, dialect) => createDatabase(on, dialect, settings.connection.database));

/**
 * The same on a connection to the maintenance database. On SQL Server both snapshot settings of the new database are
 * switched on; a database that is there already stays as its operator has it, and preflight says what is off.
 */
export async function createDatabase(on: Executor, dialect: Dialect, name: string): Promise<boolean> {
  const found = await dialect.query(on, sql`${raw(SERVERS[dialect.driver].catalogue)} ${name}`);
  if (found.length > 0) return false;
  await executeAlone(on, dialect, `CREATE DATABASE ${quote(name)}`);
  if (dialect.driver === 'mssql' && !(await isBabelfish(on, dialect))) {
    for (const setting of SNAPSHOT_SETTINGS) {
      await dialect.execute(on, raw(`ALTER DATABASE ${quote(name)} SET ${setting} ON`));
    }
  }
  return true;
}

/**
 * Runs a statement that no transaction may hold, again where it fails for a passing reason: Babelfish keeps all databases
 * in one of PostgreSQL's, where two that are made or removed at once change the same row.
 */
export async function executeAlone(on: Executor, dialect: Dialect, statement: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await dialect.execute(on, raw(statement));
      return;
    } catch (error) {
      if (tries === MOST_TRIES || !dialect.isTransient(error) || dialect.isConnectionLoss(error)) throw error;
    }
    await delay(LONGEST_PAUSE_MS * Math.random());
  }
}

/** Babelfish has no ALTER DATABASE, and always reads without locks; SQL Server does not know the property. */
export async function isBabelfish(on: Executor, dialect: Dialect): Promise<boolean> {
  const [server] = await dialect.query<{ babelfish: number | null }>(
    on,
    raw("SELECT CAST(SERVERPROPERTY('babelfish') AS int) AS babelfish"),
  );
  return server?.babelfish === 1;
}
