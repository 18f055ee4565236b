import { randomBytes } from 'node:crypto';
import { connect as connectSqlServer } from 'mssql';
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

async function onSqlServer(url: string, statement: string): Promise<void> {
  const { hostname, port, username, password } = new URL(url);
  const pool = await connectSqlServer({
    server: hostname,
    port: Number(port || 1433),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: 'master',
    options: { encrypt: true, trustServerCertificate: true },
  });
  try {
    await pool.request().batch(statement);
  } finally {
    await pool.close();
  }
}

/** The statements that make and remove a database, and how to run them, by the protocol of the URL. */
function dialectOf(url: string) {
  if (url.startsWith('mssql:')) {
    return {
      run: onSqlServer,
      create: (name: string) =>
        `CREATE DATABASE [${name}]; ALTER DATABASE [${name}] SET ALLOW_SNAPSHOT_ISOLATION ON; ALTER DATABASE [${name}] SET READ_COMMITTED_SNAPSHOT ON`,
      drop: (name: string) =>
        `ALTER DATABASE [${name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [${name}]`,
    };
  }
  return {
    run: onPostgres,
    create: (name: string) => `CREATE DATABASE ${name} TEMPLATE template0`,
    drop: (name: string) => `DROP DATABASE ${name} WITH (FORCE)`,
  };
}

/** Makes an empty database on the server of TEST_DATABASE_URL. The caller drops it. */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = variable('TEST_DATABASE_URL');
  const { run, create, drop } = dialectOf(server);
  const name = uniqueName('powerfill_test');
  await run(server, create(name));
  const address = new URL(server);
  address.pathname = `/${name}`;
  return { name, url: address.href, drop: () => run(server, drop(name)) };
}

/** Removes a database of the server of TEST_DATABASE_URL with every session in it. */
export async function dropDatabase(name: string): Promise<void> {
  const server = variable('TEST_DATABASE_URL');
  const { run, drop } = dialectOf(server);
  await run(server, drop(name));
}
