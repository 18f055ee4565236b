import { type Dialect, type Executor, raw, sql } from '@powerfill/database';

const isSqlServer = ({ driver }: Dialect): boolean => driver === 'mssql';

/** Ends the session that `of` works on, from a connection of `by`, as an operator would. */
export async function endSession(dialect: Dialect, of: Executor, by: Executor): Promise<void> {
  const mine = isSqlServer(dialect) ? sql`SELECT @@SPID AS id` : sql`SELECT pg_backend_pid() AS id`;
  const [session] = await dialect.query<{ id: number }>(of, mine);
  const id = session?.id ?? 0;
  await dialect.query(by, raw(isSqlServer(dialect) ? `KILL ${id}` : `SELECT pg_terminate_backend(${id})`));
}

/** Sessions of an application that the server has now. */
export async function countSessions(dialect: Dialect, on: Executor, application: string): Promise<number> {
  const [answer] = await dialect.query<{ n: number | string }>(
    on,
    isSqlServer(dialect)
      ? sql`SELECT COUNT(*) AS n FROM sys.dm_exec_sessions WHERE program_name = ${application}`
      : sql`SELECT COUNT(*) AS n FROM pg_stat_activity WHERE application_name = ${application}`,
  );
  return Number(answer?.n ?? 0);
}
