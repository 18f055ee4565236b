import { sql } from '@powerfill/database';
import { withDeadline } from '@powerfill/platform';
import { type Tenant, type TenantCatalogue, tenantDatabase, type TenantScope } from '@powerfill/tenancy';
import { describeFailure } from './step-failure';

const ANSWER_MS = 5_000;

/** Connections of a server. */
interface Room {
  /** Allowed to ordinary users. */
  readonly allowed: number;
  /** Open now, of everybody. */
  readonly used: number;
}

/**
 * Compares, once at the start, what this process may open with what each database server of the catalogue allows.
 * @param perProcess connections of this process, to all databases together
 * @returns a sentence for each server that may run out of connections, or that does not tell
 */
export async function connectionWarnings(
  catalogue: TenantCatalogue,
  scope: TenantScope,
  perProcess: number,
): Promise<readonly string[]> {
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
    else if (room !== null && room.used + perProcess > room.allowed) warnings.push(shortage(server, room, perProcess));
  }
  return warnings;
}

const shortage = (server: string, { allowed, used }: Room, perProcess: number): string =>
  `${server} allows ${allowed} connections and has ${used} open; this process may open ${perProcess} ` +
  '(DATABASE_CONNECTIONS). Lower it, or raise the limit of the server.';

/** Null on SQL Server, which allows 32,767. */
async function roomOf(): Promise<Room | null> {
  const { dialect, dataSource } = tenantDatabase();
  if (dialect.driver !== 'postgres') return null;
  const [row] = await dialect.query<{ allowed: number; used: number }>(
    dataSource,
    sql`SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS allowed,
          (SELECT COUNT(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used`,
  );
  return row ?? null;
}
