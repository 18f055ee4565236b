import { randomUUID } from 'node:crypto';
import { candidateTable, guideTable } from '@powerfill/core/entities';
import { inTransaction, sql, type RowOf, type TableDefinition } from '@powerfill/database';
import { tenantDatabase, type TenantScope } from '@powerfill/tenancy';
import type { ParityPlan } from './plan';
import type { Side } from './sides';

/** What writing some rows took in one database. */
export interface WriteTime {
  readonly table: string;
  readonly rows: number;
  readonly seconds: number;
}

/** Rows that others are copied from. */
const MODELS = 1_000;

/**
 * Times the writing of guide and candidate rows as the steps write them: one transaction, its COMMIT included. The rows
 * are copies of the run's under another run's id, with loan ids counted on, and are gone afterwards.
 */
export const writeTimes = (scope: TenantScope, side: Side, plan: ParityPlan): Promise<WriteTime[]> =>
  scope.run(side.tenant, async () => [
    await timed(side, guideTable, plan.guideRows),
    await timed(side, candidateTable, plan.candidateRows),
  ]);

async function timed(
  { run }: Side,
  table: typeof guideTable | typeof candidateTable,
  wanted: number,
): Promise<WriteTime> {
  const { dialect, dataSource } = tenantDatabase();
  const where = { run_id: run.run_id };
  const [found] = await dialect.query<{ n: number | string }>(
    dataSource,
    sql`SELECT COUNT(*) AS n FROM ${dialect.table(table)} WHERE run_id = ${run.run_id}`,
  );
  const rows = wanted === 0 ? Number(found?.n ?? 0) : wanted;
  const columns = Object.keys(table.columns).filter((name) => name !== 'run_id' && name !== 'attempt');
  const models = await dialect.readRows<TableDefinition>(dataSource, table, { columns, where, limit: MODELS });
  const common = { run_id: randomUUID(), attempt: 1 };
  const begun = performance.now();
  await inTransaction({ dialect, dataSource }, (runner) =>
    dialect.insertRows<TableDefinition, string>(runner, table, copies(models, rows), { common }),
  );
  const seconds = (performance.now() - begun) / 1000;
  await dialect.execute(dataSource, sql`DELETE FROM ${dialect.table(table)} WHERE run_id = ${common.run_id}`);
  return { table: table.name, rows, seconds };
}

function* copies(models: readonly RowOf<TableDefinition>[], rows: number): Generator<Record<string, unknown>> {
  for (let index = 0; index < rows; index += 1) {
    yield { ...models[index % models.length], loan_id: `C${String(index).padStart(9, '0')}` };
  }
}
