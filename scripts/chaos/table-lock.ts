import { inTransaction, type Sql, sql, type TableDefinition } from '@powerfill/database';
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
  const holding = scope.run(tenant, () => {
    const { dialect, dataSource } = tenantDatabase();
    const name = dialect.table(table);
    const mode = against === 'writers' ? sql`SHARE ROW EXCLUSIVE` : sql`ACCESS EXCLUSIVE`;
    const statement: Sql =
      dialect.driver === 'postgres'
        ? sql`LOCK TABLE ${name} IN ${mode} MODE`
        : sql`SELECT TOP 0 * FROM ${name} WITH (TABLOCKX, HOLDLOCK)`;
    const work = async (runner: Parameters<Parameters<typeof inTransaction>[1]>[0]): Promise<void> => {
      await dialect.query(runner, statement);
      locked();
      await released;
    };
    return inTransaction({ dataSource, dialect }, work, { idleMs: HOLD_MS, retries: 0 });
  });
  await Promise.race([isLocked, holding]);
  return () => {
    unlock();
    return holding;
  };
}
