import { randomBytes } from 'node:crypto';
import { createDatabaseIfMissing, parseConnectionUrl } from '@powerfill/database';
import { ConnectionPool } from 'mssql';
import { Client } from 'pg';

/** A database of one test's own. */
export interface TestDatabase {
  readonly name: string;
  /** Where to connect, with credentials: postgres:// or mssql://. */
  readonly url: string;
  /** Ends every session in it and removes it. */
  drop(): Promise<void>;
}

function variable(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is not set; only tests in test/ get servers (test/support/global-setup.mjs starts them).`);
}

/** The Redis of this test run. Other tests use it at the same time: use {@link uniqueName} as queue prefix. */
export function redisUrl(): string {
  return variable('REDIS_URL');
}

/** The database server of this test run, with the credentials of an account that may create databases. */
export const databaseServerUrl = (): string => variable('TEST_DATABASE_URL');

/** A name no other test uses, fit for a database, a queue prefix or a tenant. */
export function uniqueName(stem: string): string {
  return `${stem}_${process.pid}_${randomBytes(5).toString('hex')}`;
}

async function onPostgres(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function onSqlServer<R>(url: string, work: (pool: ConnectionPool) => Promise<R>): Promise<R> {
  const { hostname, port, username, password } = new URL(url);
  const pool = await new ConnectionPool({
    server: hostname,
    port: Number(port || 1433),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: 'master',
    options: { encrypt: true, trustServerCertificate: true },
  }).connect();
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}

/** Babelfish takes the name of a server that it is not; it has no ALTER DATABASE and needs none. */
const isBabelfish = async (pool: ConnectionPool): Promise<boolean> => {
  const { recordset } = await pool.request().query<{ version: string }>('SELECT @@VERSION AS version');
  return recordset[0]?.version.startsWith('Babelfish') === true;
};

const sqlServer = {
  create: (server: string, name: string) => {
    const address = new URL(server);
    address.pathname = `/${name}`;
    address.searchParams.set('trustServerCertificate', 'true');
    return createDatabaseIfMissing({ ...parseConnectionUrl(address.href), schema: 'dbo' });
  },
  drop: (server: string, name: string) =>
    onSqlServer(server, async (pool) => {
      if (!(await isBabelfish(pool))) {
        await pool.request().batch(`ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE`);
      }
      await pool.request().batch(`DROP DATABASE [${name}]`);
    }),
};

const postgres = {
  create: (server: string, name: string) => onPostgres(server, `CREATE DATABASE ${name} TEMPLATE template0`),
  drop: (server: string, name: string) => onPostgres(server, `DROP DATABASE ${name} WITH (FORCE)`),
};

/** How databases are made and removed on a server, by the protocol of its URL. */
const administrationOf = (url: string) => (url.startsWith('mssql:') ? sqlServer : postgres);

/** Whether the tests run on a server that speaks TDS. */
export const isOnSqlServer = (): boolean => variable('TEST_DATABASE_URL').startsWith('mssql:');

/** Makes an empty database on the server of TEST_DATABASE_URL. The caller drops it. */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = variable('TEST_DATABASE_URL');
  const { create, drop } = administrationOf(server);
  const name = uniqueName('powerfill_test');
  await create(server, name);
  const address = new URL(server);
  address.pathname = `/${name}`;
  if (isOnSqlServer()) address.searchParams.set('trustServerCertificate', 'true');
  return { name, url: address.href, drop: () => drop(server, name) };
}

/** Removes a database of the server of TEST_DATABASE_URL with every session in it. */
export async function dropDatabase(name: string): Promise<void> {
  const server = variable('TEST_DATABASE_URL');
  await administrationOf(server).drop(server, name);
}
