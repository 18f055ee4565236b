import { MssqlParameter } from 'typeorm';
import type { Column } from '../schema/columns';
import type { Bindable } from '../sql/sql';
import { toDatabase } from '../values/convert';

/** The driver's constant for `max`. */
const MAX = 65_535;
/** Longest varchar that is not `max`, in bytes; the same for every text keeps one plan a statement. */
const MAX_VARCHAR = 8_000;

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

const textParameter = (value: string): MssqlParameter =>
  value.length <= MAX_VARCHAR && isAscii(value)
    ? new MssqlParameter(value, 'varchar', MAX_VARCHAR)
    : new MssqlParameter(value, 'nvarchar', MAX);

/**
 * Types a value without a column. Left to itself the driver would send text as nvarchar, which turns an index on a
 * varchar column into a scan, and instants as the legacy `datetime` of 1/300 s.
 */
export function bindPlain(value: Bindable): MssqlParameter {
  if (value === null) return new MssqlParameter(null, 'nvarchar', 1);
  if (typeof value === 'string') return textParameter(value);
  if (typeof value === 'boolean') return new MssqlParameter(value, 'bit');
  if (value instanceof Date) return new MssqlParameter(value, 'datetime2', 3);
  if (Buffer.isBuffer(value)) return new MssqlParameter(value, 'varbinary', MAX);
  if (!Number.isInteger(value)) return new MssqlParameter(value, 'float');
  return Math.abs(value) <= 2_147_483_647 ? new MssqlParameter(value, 'int') : new MssqlParameter(value, 'bigint');
}

/** Types a value as its column; null too, since an untyped null does not convert to every type. */
export function bindColumn(column: Column, value: unknown): MssqlParameter {
  const converted = toDatabase({ ...column, nullable: true }, value);
  switch (column.kind) {
    case 'varchar':
      return new MssqlParameter(converted, 'varchar', column.length ?? MAX_VARCHAR);
    case 'text':
      return new MssqlParameter(converted, 'nvarchar', column.length ?? MAX);
    case 'json':
      return new MssqlParameter(converted, 'nvarchar', MAX);
    case 'decimal':
      // As text: the driver's own decimals pass through a double.
      return new MssqlParameter(converted, 'varchar', 40);
    case 'date':
      return new MssqlParameter(converted, 'varchar', 10);
    case 'int':
      return new MssqlParameter(converted, 'int');
    case 'boolean':
      return new MssqlParameter(converted, 'bit');
    case 'timestamp':
      return new MssqlParameter(converted, 'datetime2', 3);
    case 'uuid':
      return new MssqlParameter(converted, 'uniqueidentifier');
    case 'blob':
      return new MssqlParameter(converted, 'varbinary', MAX);
  }
}
