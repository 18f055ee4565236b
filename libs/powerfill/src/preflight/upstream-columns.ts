import { sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { ALL_TABLES, payupTable } from '../entities';
import { finding, type Finding } from './finding';

/** Columns of the upstream tables that a run reads and the database does not have; a missing pay-up table is its own finding. */
export async function missingUpstreamColumns(): Promise<Finding[]> {
  const { dialect, dataSource, tenant } = tenantDatabase();
  const schema = tenant.database.upstreamSchema ?? tenant.database.schema;
  const rows = await dialect.query<Record<string, string>>(
    dataSource,
    sql`SELECT table_name AS table_name, column_name AS column_name FROM information_schema.columns
        WHERE table_schema = ${schema}`,
  );
  const there = new Set(rows.map((row) => `${row['table_name'] ?? ''}.${row['column_name'] ?? ''}`.toLowerCase()));
  const tables = new Set([...there].map((name) => name.split('.')[0] ?? ''));
  const missing = ALL_TABLES.filter(({ group }) => group === 'upstream')
    .filter((table) => table.name !== payupTable.name || tables.has(table.name))
    .flatMap((table) => Object.keys(table.columns).map((column) => `${table.name}.${column}`))
    .filter((name) => !there.has(name.toLowerCase()));
  return finding(
    'upstream_column_missing',
    `The upstream schema ${schema} lacks columns that a run reads; add them, empty if there are no data.`,
    missing.map((id) => ({ id })),
  );
}
