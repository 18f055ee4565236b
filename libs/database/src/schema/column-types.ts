import type { Column } from './columns';
import type { DriverName } from '../driver';

/** A column's type in a database, split as TypeORM wants it. */
export interface ColumnType {
  readonly type: string;
  readonly length?: string;
  readonly precision?: number;
  readonly scale?: number;
}

function postgresType(column: Column): ColumnType {
  switch (column.kind) {
    case 'varchar':
    case 'text':
      return { type: 'varchar', length: String(column.length) };
    case 'decimal':
      return { type: 'numeric', precision: column.precision ?? 0, scale: column.scale ?? 0 };
    case 'int':
      return { type: 'int' };
    case 'boolean':
      return { type: 'boolean' };
    case 'date':
      return { type: 'date' };
    case 'timestamp':
      return { type: 'timestamptz', precision: 3 };
    case 'uuid':
      return { type: 'uuid' };
    case 'json':
      return { type: 'text' };
    case 'blob':
      return { type: 'bytea' };
  }
}

function sqlServerType(column: Column): ColumnType {
  switch (column.kind) {
    case 'varchar':
      return { type: 'varchar', length: String(column.length) };
    case 'text':
      return { type: 'nvarchar', length: String(column.length) };
    case 'decimal':
      return { type: 'numeric', precision: column.precision ?? 0, scale: column.scale ?? 0 };
    case 'int':
      return { type: 'int' };
    case 'boolean':
      return { type: 'bit' };
    case 'date':
      return { type: 'date' };
    case 'timestamp':
      return { type: 'datetime2', precision: 3 };
    case 'uuid':
      return { type: 'uniqueidentifier' };
    case 'json':
      return { type: 'nvarchar', length: 'max' };
    case 'blob':
      return { type: 'varbinary', length: 'max' };
  }
}

/** The type of a column on a driver. */
export const columnType = (column: Column, driver: DriverName): ColumnType =>
  driver === 'postgres' ? postgresType(column) : sqlServerType(column);

/** The type written out, as in a cast or an OPENJSON clause. */
export function columnTypeSql(column: Column, driver: DriverName): string {
  const { type, length, precision, scale } = columnType(column, driver);
  if (length !== undefined) return `${type}(${length})`;
  if (scale !== undefined) return `${type}(${precision ?? 0},${scale})`;
  return precision === undefined ? type : `${type}(${precision})`;
}

/**
 * Text compares and sorts by code units on both databases, as it does in our code: equal keys, unique indexes and
 * keyset cursors then mean the same everywhere, whatever collation a lender's server was set up with.
 */
export const BINARY_COLLATION: Readonly<Record<DriverName, string>> = {
  postgres: 'C',
  mssql: 'Latin1_General_BIN2',
};

/** Whether a column carries a collation. */
export const isCollated = (column: Column): boolean => column.kind === 'varchar' || column.kind === 'text';
