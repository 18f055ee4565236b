import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Column, TableDefinition } from '@powerfill/database';
import type { TableRows } from './dataset';

/** Rows handed to the stream at once. */
const CHUNK_ROWS = 1000;

/**
 * Writes one `<table>.csv` a table into the folder: header of column names, LF line ends, empty = null. A table without
 * rows gets no file, and loses the one of an earlier data set.
 */
export async function writeDataset(folder: string, tables: readonly TableRows[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { table, rows } of tables) {
    const path = join(folder, `${table.name}.csv`);
    if (rows.length === 0) await rm(path, { force: true });
    else await pipeline(Readable.from(csvChunks(table, rows)), createWriteStream(path));
  }
}

/** The lines of a table, some at a time. */
export function* csvChunks(table: TableDefinition, rows: readonly object[]): Generator<string> {
  const columns = Object.entries(table.columns);
  yield `${columns.map(([name]) => name).join(',')}\n`;
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    yield rows
      .slice(from, from + CHUNK_ROWS)
      .map(
        (row) => `${columns.map(([name, column]) => cell(column, (row as Record<string, unknown>)[name])).join(',')}\n`,
      )
      .join('');
  }
}

function cell(column: Column, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number')
    return column.kind === 'decimal' ? decimalText(value, column.scale ?? 0) : String(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw new TypeError(`A ${column.kind} column cannot be written from ${typeof value}.`);
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Decimal text of an integer scaled by 10^scale; money keeps its cents, longer scales lose trailing zeros. */
export function decimalText(value: number, scale: number): string {
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const all = digits.slice(digits.length - scale);
  const decimals = scale === 2 ? all : all.replace(/0+$/, '');
  return `${value < 0 ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}
