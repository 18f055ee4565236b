import { ALL_TABLES, runInputTable } from '@powerfill/core/entities';
import type { TableDefinition } from '@powerfill/database';
import type { TenantDatabase } from '@powerfill/tenancy';
import { compareRows, type Comparison, type KeyedRow } from './compare-rows';
import { inBoth, type Side, type Sides } from './sides';

/**
 * What was loaded, what preprocess prepared, what the run wrote, and the problem that it solved. The other `audit`
 * tables are about one run at one time; of the run history the response is compared.
 */
export const COMPARED_TABLES: readonly TableDefinition[] = ALL_TABLES.filter(
  (table) => table.group !== 'audit' || table === runInputTable,
);

/** Columns that are never the same twice: the run's id, and times. */
export const isLeftOut = (table: TableDefinition, column: string): boolean =>
  column === 'run_id' || table.columns[column]?.kind === 'timestamp';

/** Compares one table in both databases, of a run's tables the rows of the run. */
export const compareTable = (sides: Sides, table: TableDefinition): Promise<Comparison> =>
  inBoth(sides, (left, right) => compareRows(rowsOf(left, sides.left, table), rowsOf(right, sides.right, table)));

async function* rowsOf({ dialect, dataSource }: TenantDatabase, { run }: Side, table: TableDefinition) {
  const columns = Object.keys(table.columns).filter((column) => !isLeftOut(table, column));
  const key = table.primaryKey.filter((column) => !isLeftOut(table, column));
  const where = 'run_id' in table.columns ? { run_id: run.run_id } : {};
  for await (const chunk of dialect.streamRows(dataSource, table, { columns, where, orderBy: key })) {
    for (const row of chunk as readonly Record<string, unknown>[]) {
      yield { key: key.map((column) => row[column]) as KeyedRow['key'], cells: row };
    }
  }
}
