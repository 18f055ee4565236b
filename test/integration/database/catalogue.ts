import { ALL_TABLES } from '@powerfill/core/entities';
import { columnTypeSql, isCollated, sql, type Column, type DatabaseHandle } from '@powerfill/database';

/** How PostgreSQL's information schema spells the type of a column. */
function postgresType(column: Column): string {
  switch (column.kind) {
    case 'varchar':
    case 'text':
      return `character varying(${column.length ?? 0})`;
    case 'decimal':
      return `numeric(${column.precision ?? 0},${column.scale ?? 0})`;
    case 'int':
      return 'integer';
    case 'boolean':
      return 'boolean';
    case 'date':
      return 'date';
    case 'timestamp':
      return 'timestamp(3) with time zone';
    case 'uuid':
      return 'uuid';
    case 'json':
      return 'text';
    case 'blob':
      return 'bytea';
  }
}

const line = (name: string, type: string, isRequired: boolean, sorting: string): string =>
  `${name} ${type}${isRequired ? ' NOT NULL' : ''} ${sorting}`.trim();

/** What is declared, one line a column: name, type, nullability, and `by bytes` where text sorts so. */
export const declaredColumns = (driver: 'postgres' | 'mssql'): string[] =>
  ALL_TABLES.flatMap((table) =>
    Object.entries(table.columns).map(([name, column]) => {
      const type = driver === 'postgres' ? postgresType(column) : columnTypeSql(column, driver);
      return line(`${table.name}.${name}`, type, !column.nullable, isCollated(column) ? 'by bytes' : '');
    }),
  ).sort();

/** The same lines, from the server's own catalogue. */
export async function storedColumns(handle: DatabaseHandle): Promise<string[]> {
  return (handle.dialect.driver === 'postgres' ? await inPostgres(handle) : await inSqlServer(handle)).sort();
}

async function inPostgres({ dialect, dataSource }: DatabaseHandle): Promise<string[]> {
  const rows = await dialect.query<{
    table: string;
    column: string;
    type: string;
    required: boolean;
    collation: string;
  }>(
    dataSource,
    sql`SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS "type",
          a.attnotnull AS required, coalesce(l.collname, '') AS collation
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE n.nspname = 'powerfill' AND c.relkind = 'r' AND a.attnum > 0 AND c.relname <> 'pfill_migrations'`,
  );
  return rows.map((row) =>
    line(`${row.table}.${row.column}`, row.type, row.required, row.collation === 'C' ? 'by bytes' : ''),
  );
}

async function inSqlServer({ dialect, dataSource }: DatabaseHandle): Promise<string[]> {
  const rows = await dialect.query<{
    table: string;
    column: string;
    type: string;
    length: number | null;
    precision: number | null;
    scale: number | null;
    instants: number | null;
    nullable: string;
    collation: string | null;
  }>(
    dataSource,
    sql`SELECT TABLE_NAME AS "table", COLUMN_NAME AS "column", DATA_TYPE AS "type", CHARACTER_MAXIMUM_LENGTH AS "length",
          NUMERIC_PRECISION AS "precision", NUMERIC_SCALE AS "scale", DATETIME_PRECISION AS "instants",
          IS_NULLABLE AS "nullable", COLLATION_NAME AS "collation"
        FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'powerfill' AND TABLE_NAME <> 'pfill_migrations'`,
  );
  return rows.map(({ type, length, precision, scale, instants, ...row }) => {
    const size =
      length !== null
        ? `(${length === -1 ? 'max' : length})`
        : type === 'numeric'
          ? `(${precision},${scale})`
          : type === 'datetime2'
            ? `(${instants})`
            : '';
    const isByBytes = /bin2$/i.test(row.collation ?? '');
    return line(`${row.table}.${row.column}`, type + size, row.nullable === 'NO', isByBytes ? 'by bytes' : '');
  });
}
