import { randomBytes } from 'node:crypto';
import { sql } from '@powerfill/database';
import { withDeadline } from '@powerfill/platform';
import { type Tenant, type TenantCatalogue, tenantDatabase, type TenantScope } from '@powerfill/tenancy';
import { describeFailure } from './step-failure';

const ANSWER_MS = 5_000;

/** The sessions of a process carry its bound in their name, so that other processes can add the bounds up. */
export const sessionName = (app: string, bound: number): string => `${app}/${bound}/${randomBytes(4).toString('hex')}`;

/** How such a name begins, as a regular expression of PostgreSQL. */
const SESSION_NAME = '^powerfill-[a-z]+/[0-9]+/';

/** Connections of a server. */
interface Room {
  /** Allowed to ordinary users. */
  readonly allowed: number;
  /** Sum of the bounds of all our processes with a session there, this one included. */
  readonly bounds: number;
  /** Open now, of everybody else. */
  readonly others: number;
}

/** Our processes may open more connections than a database server allows; this one must not add to it. */
export class ConnectionShortageError extends Error {
  constructor(server: string, { allowed, bounds, others }: Room) {
    super(
      `${server} allows ${allowed} connections; the processes of this service, with this one, may open ${bounds} ` +
        `(the sum of their DATABASE_CONNECTIONS) and others have ${others} open. Lower DATABASE_CONNECTIONS, or raise ` +
        'the limit of the server.',
    );
    this.name = 'ConnectionShortageError';
  }
}

/**
 * Compares, once at the start, what all processes of this service may open with what each database server of the
 * catalogue allows.
 * @returns a sentence for each server that does not tell, since a process must start without its databases
 * @throws {ConnectionShortageError} when the sum is more than a server allows
 */
export async function checkConnections(catalogue: TenantCatalogue, scope: TenantScope): Promise<readonly string[]> {
  const servers = new Map<string, Tenant>();
  for (const tenant of catalogue.all()) {
    const { host, port } = tenant.database.connection;
    servers.set(`${host}:${port}`, tenant);
  }
  const warnings: string[] = [];
  for (const [server, tenant] of servers) {
    const room = await withDeadline('asking for connections', ANSWER_MS, scope.run(tenant, roomOf)).catch(
      describeFailure,
    );
    if (typeof room === 'string') warnings.push(`${server} does not tell how many connections it allows: ${room}`);
    else if (room !== null && room.bounds + room.others > room.allowed) throw new ConnectionShortageError(server, room);
  }
  return warnings;
}

/** Null on SQL Server, which allows 32,767. */
async function roomOf(): Promise<Room | null> {
  const { dialect, dataSource } = tenantDatabase();
  if (dialect.driver !== 'postgres') return null;
  const [row] = await dialect.query<Room>(
    dataSource,
    sql`SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed,
          (SELECT COALESCE(SUM(split_part(name, '/', 2)::int), 0)::int FROM
            (SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE application_name ~ ${SESSION_NAME}) AS ours
          ) AS bounds,
          (SELECT COUNT(*)::int FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND application_name !~ ${SESSION_NAME}) AS others`,
  );
  return row ?? null;
}
