import type { TableDefinition } from '../schema/table';
import { cellToDatabase } from '../values/convert';

const MAX_CHUNK_ROWS = 5_000;
/** About 40 ms of conversion, during which nothing else runs in this process. */
const MAX_CHUNK_CELLS = 100_000;

/** Rows per statement of a bulk write, unless the caller says otherwise. */
export const defaultChunkRows = (columns: number): number =>
  Math.min(MAX_CHUNK_ROWS, Math.ceil(MAX_CHUNK_CELLS / columns));

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
  { chunkRows, signal }: { chunkRows: number; signal?: AbortSignal },
): Generator<readonly R[]> {
  for (let from = 0; from < rows.length; from += chunkRows) {
    signal?.throwIfAborted();
    yield rows.length <= chunkRows ? rows : rows.slice(from, from + chunkRows);
  }
}

/** Whether a table has binary columns, which go as ordinary parameters. */
export const hasBlob = (table: TableDefinition): boolean =>
  Object.values(table.columns).some((column) => column.kind === 'blob');
