import type { QueryRunner } from 'typeorm';
import {
  type DatabaseHandle,
  inTransaction,
  isBabelfish,
  quote,
  raw,
  type Sql,
  sql,
  type TableDefinition,
} from '@powerfill/database';
import { type Tenant, tenantDatabase, type TenantScope } from '@powerfill/tenancy';

/** Longest a lock is held. */
const HOLD_MS = 300_000;

/** Locks a table against writers, or against everybody, until the answered function is called. */
export async function lockTable(
  scope: TenantScope,
  tenant: Tenant,
  table: TableDefinition,
  against: 'writers' | 'everybody',
): Promise<() => Promise<void>> {
  let locked: () => void = () => undefined;
  let unlock: () => void = () => undefined;
  const isLocked = new Promise<void>((resolve) => (locked = resolve));
  const released = new Promise<void>((resolve) => (unlock = resolve));
  // Some locks come with a change of the table, which is never to stay.
  const undone = new Error('The lock is released');
  const holding = scope.run(tenant, async () => {
    const database = tenantDatabase();
    const statement = await lockOf(database, table, against);
    const work = async (runner: QueryRunner): Promise<void> => {
      await database.dialect.execute(runner, statement);
      locked();
      await released;
      throw undone;
    };
    try {
      await inTransaction(database, work, { idleMs: HOLD_MS, retries: 0 });
    } catch (error) {
      if (error !== undone) throw error;
    }
  });
  await Promise.race([isLocked, holding]);
  return () => {
    unlock();
    return holding;
  };
}

/**
 * The statement whose transaction keeps others out. SQL Server's snapshots read past every lock but that of a change of
 * the table; Babelfish ignores hints, and has the locks of PostgreSQL's DDL.
 */
async function lockOf(
  { dialect, dataSource }: DatabaseHandle,
  table: TableDefinition,
  against: 'writers' | 'everybody',
): Promise<Sql> {
  const name = dialect.table(table);
  if (dialect.driver === 'postgres') {
    return sql`LOCK TABLE ${name} IN ${raw(against === 'writers' ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE')} MODE`;
  }
  if (against === 'everybody') return sql`ALTER TABLE ${name} ADD pf_held int NULL`;
  if (!(await isBabelfish(dataSource, dialect))) return sql`SELECT TOP 0 * FROM ${name} WITH (TABLOCKX, HOLDLOCK)`;
  return sql`CREATE INDEX pf_held ON ${name} (${raw(quote(table.primaryKey[0] ?? ''))})`;
}
