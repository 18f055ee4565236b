import type { TableDefinition } from '../schema/table';
import { cellToDatabase } from '../values/convert';

/** Rows per statement of a bulk write, unless the caller says otherwise. */
export const DEFAULT_CHUNK_ROWS = 5_000;

/**
 * Rows as one JSON parameter, `[{"column": value, ...}]`: typed by the statement that reads it, far from any limit
 * on parameters. Decimals are text, so no digit passes through a floating-point number.
 */
export function jsonRows(table: TableDefinition, columns: readonly string[], rows: readonly object[]): string {
  return JSON.stringify(
    rows.map((row) => {
      const converted: Record<string, unknown> = {};
      for (const name of columns) {
        const value = cellToDatabase(table, name, (row as Record<string, unknown>)[name]);
        if (Buffer.isBuffer(value)) throw new TypeError(`${table.name}.${name}: binary data does not travel as JSON`);
        converted[name] = value instanceof Date ? value.toISOString() : value;
      }
      return converted;
    }),
  );
}

/** Splits rows into chunks, looking at the signal before each. */
export function* chunksOf<R>(
  rows: readonly R[],
  { chunkRows = DEFAULT_CHUNK_ROWS, signal }: { chunkRows?: number; signal?: AbortSignal } = {},
): Generator<readonly R[]> {
  for (let from = 0; from < rows.length; from += chunkRows) {
    signal?.throwIfAborted();
    yield rows.length <= chunkRows ? rows : rows.slice(from, from + chunkRows);
  }
}

/** Whether a table has binary columns, which go as ordinary parameters. */
export const hasBlob = (table: TableDefinition): boolean =>
  Object.values(table.columns).some((column) => column.kind === 'blob');
