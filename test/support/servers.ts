import { randomBytes } from 'node:crypto';
import { createDatabaseIfMissing, parseConnectionUrl } from '@powerfill/database';
import { dropDatabase } from '../../scripts/soak/drop-database';

/** A database of one test's own. */
export interface TestDatabase {
  readonly name: string;
  /** Where to connect, with credentials: postgres:// or mssql://. */
  readonly url: string;
  /** Ends every session in it and removes it. */
  drop(): Promise<void>;
}

/** A variable of the environment that tests in test/ get. */
export function variable(name: string): string {
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

/** Whether the tests run on a server that speaks TDS. */
export const isOnSqlServer = (): boolean => databaseServerUrl().startsWith('mssql:');

/** Where a database of the server of TEST_DATABASE_URL is. */
function addressOf(name: string): URL {
  const address = new URL(databaseServerUrl());
  address.pathname = `/${name}`;
  if (isOnSqlServer()) address.searchParams.set('trustServerCertificate', 'true');
  return address;
}

/** Makes an empty database on the server of TEST_DATABASE_URL. The caller drops it. */
export async function freshDatabase(): Promise<TestDatabase> {
  const name = uniqueName('powerfill_test');
  const url = addressOf(name).href;
  await createDatabaseIfMissing(parseConnectionUrl(url));
  return { name, url, drop: () => dropDatabase(parseConnectionUrl(url)) };
}
