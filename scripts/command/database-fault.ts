import { createDialect } from '@powerfill/database';
import { type Tenant } from '@powerfill/tenancy';

/** PostgreSQL's states and SQL Server's numbers of a connection that the server answers with a refusal. */
const NO_SUCH_DATABASE = new Set<unknown>(['3D000', 4060]);
const LOGIN_REFUSED = new Set<unknown>(['28P01', '28000', 'ELOGIN', 18456]);

/** A connection to several addresses fails with one error for each. */
const messageOf = (error: unknown): string =>
  error instanceof AggregateError
    ? error.errors.map(messageOf).join('; ')
    : error instanceof Error
      ? error.message
      : String(error);

function fieldsOf(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, number, originalError } = error as { code?: unknown; number?: unknown; originalError?: unknown };
  return [code, number, ...(originalError === undefined ? [] : fieldsOf(originalError))];
}

/** What the user can do about a database that refuses or does not answer; undefined for every other error. */
export function databaseHint(error: unknown, { key, database }: Tenant): string | undefined {
  const fields = fieldsOf(error);
  if (fields.some((field) => NO_SUCH_DATABASE.has(field)))
    return `npm run migrate -- --tenant ${key} --create-database makes it`;
  if (fields.some((field) => LOGIN_REFUSED.has(field)))
    return `user and password stand in the connection of "${key}" in the tenant catalogue`;
  if (createDialect(database).isConnectionLoss(error))
    return `start it, or correct the connection of "${key}" in the tenant catalogue`;
  return undefined;
}

/** One line about a tenant's database: where it is, what went wrong, what to do; never a password. */
export function databaseFault(error: unknown, tenant: Tenant): string {
  const { driver, connection } = tenant.database;
  const hint = databaseHint(error, tenant);
  const place = `${driver} at ${connection.host}:${connection.port}/${connection.database}`;
  return `${tenant.key}: ${place}: ${messageOf(error)}${hint === undefined ? '' : ` (${hint})`}`;
}
