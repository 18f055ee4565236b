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
  const converted = (row: object, name: string): unknown => {
    const value = cellToDatabase(table, name, (row as Record<string, unknown>)[name]);
    if (Buffer.isBuffer(value)) throw new TypeError(`${table.name}.${name}: binary data does not travel as JSON`);
    return value instanceof Date ? value.toISOString() : value;
  };
  return JSON.stringify(
    rows.map((row) => {
      const cells: Record<string, unknown> = {};
      for (const name of columns) cells[name] = converted(row, name);
      return cells;
    }),
  );
}

/** Splits rows into chunks, looking at the signal before each. */
export function* chunksOf<R>(
  rows: Iterable<R>,
  { chunkRows, signal }: { chunkRows: number; signal?: AbortSignal },
): Generator<readonly R[]> {
  let chunk: R[] = [];
  for (const row of rows) {
    if (chunk.length === 0) signal?.throwIfAborted();
    chunk.push(row);
    if (chunk.length < chunkRows) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
