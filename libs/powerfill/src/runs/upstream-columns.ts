import { sql, type ColumnNames, type Executor, type TableDefinition } from '@powerfill/database';
import { type Tenant, tenantDatabase } from '@powerfill/tenancy';
import { ALL_TABLES, payupTable } from '../entities';

/** Schema of a tenant's upstream tables. */
export const upstreamSchemaOf = ({ database }: Tenant): string => database.upstreamSchema ?? database.schema;

const UPSTREAM = ALL_TABLES.filter(({ group }) => group === 'upstream');

/**
 * The upstream columns that a tenant's database really has. A lender's own tables may have more columns than we read,
 * which is no matter, or fewer: without a required one there is no run, an optional one is read as empty.
 */
export class UpstreamColumns {
  private constructor(private readonly there: ReadonlyMap<string, ReadonlySet<string>>) {}

  /** Asks the database's catalogue, which spells names in its own case. */
  static async read(on: Executor): Promise<UpstreamColumns> {
    const { dialect, tenant } = tenantDatabase();
    const rows = await dialect.query<Record<string, string>>(
      on,
      // In capitals, as a SQL Server with a case-sensitive collation knows them.
      sql`SELECT TABLE_NAME AS "table_name", COLUMN_NAME AS "column_name" FROM INFORMATION_SCHEMA.COLUMNS
          WHERE TABLE_SCHEMA = ${upstreamSchemaOf(tenant)}`,
    );
    const there = new Map<string, Set<string>>();
    for (const row of rows) {
      const table = (row['table_name'] ?? '').toLowerCase();
      const columns = there.get(table) ?? new Set();
      there.set(table, columns.add((row['column_name'] ?? '').toLowerCase()));
    }
    return new UpstreamColumns(there);
  }

  hasTable(table: TableDefinition): boolean {
    return this.there.has(table.name);
  }

  /** Columns of one table that the database lacks. */
  lackedBy<T extends TableDefinition>(table: T): ColumnNames<T>[] {
    const there = this.there.get(table.name);
    return (Object.keys(table.columns) as ColumnNames<T>[]).filter((name) => there?.has(name) !== true);
  }

  /** `table.column` of what a run cannot do without; only the pay-up table may be missing altogether (step 2 says so). */
  missing(): string[] {
    return this.lacked((table, name) => !this.hasTable(table) || table.columns[name]?.nullable !== true);
  }

  /** `table.column` of what is read as empty. */
  absent(): string[] {
    return this.lacked((table, name) => this.hasTable(table) && table.columns[name]?.nullable === true);
  }

  private lacked(isAsked: (table: TableDefinition, column: string) => boolean): string[] {
    return UPSTREAM.filter((table) => table.name !== payupTable.name || this.hasTable(table)).flatMap((table) =>
      this.lackedBy(table)
        .filter((name) => isAsked(table, name))
        .map((name) => `${table.name}.${name}`),
    );
  }
}
