import type { Column } from '../schema/columns';
import type { RowOf, TableDefinition } from '../schema/table';
import { ColumnValueError } from '../errors';
import { formatScaled, parseScaled } from './decimal';

/**
 * The one place where values change form between memory and database. In memory: decimals are scaled integers,
 * dates `YYYY-MM-DD`, instants `Date`, UUIDs lower case, JSON text. Towards the database: decimals are exact text,
 * everything else as it is. From the database each driver's own form is understood.
 */
export type DatabaseValue = string | number | boolean | Date | Buffer | null;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const describe = (column: Column): string =>
  column.kind === 'decimal' ? `decimal(${column.precision ?? 0},${column.scale ?? 0})` : column.kind;

function mismatch(column: Column, value: unknown): ColumnValueError {
  return new ColumnValueError(`${describe(column)} cannot hold a value of type ${typeof value}`);
}

function boundedText(column: Column, value: unknown): string {
  if (typeof value !== 'string') throw mismatch(column, value);
  if (column.length !== undefined && value.length > column.length) {
    throw new ColumnValueError(`text of ${value.length} characters is longer than ${column.length}`);
  }
  if (value.includes('\0')) throw new ColumnValueError('text holds a NUL character');
  return value;
}

function decimalText(column: Column, value: unknown): string {
  if (typeof value !== 'number') throw mismatch(column, value);
  const text = formatScaled(value, column.scale ?? 0);
  if (Math.abs(value) >= 10 ** (column.precision ?? 0)) {
    throw new ColumnValueError(`${text} is out of range of ${describe(column)}`);
  }
  return text;
}

/** Value of a column as the drivers take it. @throws ColumnValueError when the column cannot hold it */
export function toDatabase(column: Column, value: unknown): DatabaseValue {
  if (value === null || value === undefined) {
    if (!column.nullable) throw new ColumnValueError(`a required ${describe(column)} is missing`);
    return null;
  }
  switch (column.kind) {
    case 'varchar':
    case 'text':
    case 'json':
      return boundedText(column, value);
    case 'decimal':
      return decimalText(column, value);
    case 'int':
      if (typeof value !== 'number') throw mismatch(column, value);
      if (!Number.isInteger(value) || Math.abs(value) > 2_147_483_647) {
        throw new ColumnValueError(`${value} is not a 32-bit integer`);
      }
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(column, value);
      return value;
    case 'date':
      if (typeof value !== 'string') throw mismatch(column, value);
      if (!DATE.test(value)) throw new ColumnValueError(`"${value}" is not a date YYYY-MM-DD`);
      return value;
    case 'timestamp':
      if (!(value instanceof Date)) throw mismatch(column, value);
      if (Number.isNaN(value.getTime())) throw new ColumnValueError('invalid instant');
      return value;
    case 'uuid':
      if (typeof value !== 'string') throw mismatch(column, value);
      return value.toLowerCase();
    case 'blob':
      if (!Buffer.isBuffer(value)) throw mismatch(column, value);
      return value;
  }
}

type Reader = (raw: unknown) => unknown;

const asText = (column: Column, raw: unknown): string => {
  if (typeof raw !== 'string') throw mismatch(column, raw);
  return raw;
};

function decimalReader(column: Column): Reader {
  const scale = column.scale ?? 0;
  return (raw) => {
    if (typeof raw === 'string') return parseScaled(raw, scale);
    // A driver that hands out doubles: the nearest decimal of the column's scale is the stored value.
    if (typeof raw === 'number') return parseScaled(raw.toFixed(scale), scale);
    throw mismatch(column, raw);
  };
}

function readerOf(column: Column): Reader {
  switch (column.kind) {
    case 'varchar':
    case 'text':
      // Fixed-width legacy columns come blank-padded (data.md).
      return (raw) => {
        const value = asText(column, raw);
        return value.charCodeAt(value.length - 1) === 32 ? value.replace(/ +$/, '') : value;
      };
    case 'json':
      return (raw) => asText(column, raw);
    case 'decimal':
      return decimalReader(column);
    case 'int':
      return (raw) => {
        const value = typeof raw === 'string' ? Number(raw) : raw;
        if (!Number.isSafeInteger(value)) throw mismatch(column, raw);
        return value;
      };
    case 'boolean':
      return (raw) => raw === true || raw === 1;
    case 'date':
      return (raw) => (raw instanceof Date ? raw.toISOString().slice(0, 10) : asText(column, raw).slice(0, 10));
    case 'timestamp':
      return (raw) => (raw instanceof Date ? raw : new Date(asText(column, raw)));
    case 'uuid':
      return (raw) => asText(column, raw).toLowerCase();
    case 'blob':
      return (raw) => {
        if (!Buffer.isBuffer(raw)) throw mismatch(column, raw);
        return raw;
      };
  }
}

/** Value of a column in memory from what a driver returned. */
export function fromDatabase(column: Column, raw: unknown): DatabaseValue {
  if (raw === null || raw === undefined) return null;
  return readerOf(column)(raw) as DatabaseValue;
}

/**
 * Compiles the conversion of raw rows of a table (or of some of its columns) into rows in memory.
 * @throws ColumnValueError naming table and column when a value cannot be read
 */
export function rowReader<T extends TableDefinition>(
  table: T,
  columns: readonly string[] = Object.keys(table.columns),
): (raw: Record<string, unknown>) => RowOf<T> {
  const names = [...columns];
  const readers = names.map((name) => readerOf(columnOf(table, name)));
  const blank = blankRow(names);
  return (raw) => {
    const row = { ...blank };
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index]!;
      const value = raw[name];
      try {
        row[name] = value === null || value === undefined ? null : readers[index]!(value);
      } catch (error) {
        if (error instanceof ColumnValueError) {
          throw new ColumnValueError(`${table.name}.${name}: ${error.message}`);
        }
        throw error;
      }
    }
    return row as RowOf<T>;
  };
}

/**
 * A row without values, to be copied and filled. An object that grows column by column becomes a hash table at some
 * 40 columns, which is slow to read and takes 3,200 bytes for a loan; a copy of a parsed one keeps the shape, in 400.
 */
const blankRow = (names: readonly string[]): Record<string, unknown> =>
  JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as Record<string, unknown>;

/** The declaration of a column. @throws ColumnValueError when the table has no such column */
export function columnOf(table: TableDefinition, name: string): Column {
  const column = table.columns[name];
  if (column === undefined) throw new ColumnValueError(`${table.name} has no column ${name}`);
  return column;
}

/** Converts one value of a row for the database; errors name table and column. */
export function cellToDatabase(table: TableDefinition, name: string, value: unknown): DatabaseValue {
  try {
    return toDatabase(columnOf(table, name), value);
  } catch (error) {
    if (error instanceof ColumnValueError) throw new ColumnValueError(`${table.name}.${name}: ${error.message}`);
    throw error;
  }
}
