import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inTransaction, sql, type DatabaseHandle, type RowOf, type TableDefinition } from '@powerfill/database';
import type { QueryRunner } from 'typeorm';
import { BYTE_BOUNDS, guardedBytes, type ByteBounds } from './byte-guard';
import { csvRecords } from './csv-records';
import {
  FileFault,
  fileFault,
  ImportError,
  MAX_REPORTED_FAULTS,
  type ImportFault,
  type ImportMode,
  type ImportReport,
} from './import-error';
import { RowValidator } from './row-validator';

/** How to import a file. */
export interface ImportCsvOptions {
  readonly mode: ImportMode;
  readonly bounds?: ByteBounds;
  /** Ends the import; its reason is thrown and nothing is stored. */
  readonly signal?: AbortSignal;
}

/** Rows sent to the database at once. */
const BATCH_ROWS = 2_000;

/**
 * Imports a CSV file into a table in one transaction: a row with a known key replaces the stored row, a nullable column that
 * the file does not have becomes null.
 *
 * The source is first copied to a temporary file and read through, so that no transaction is open while a slow client sends
 * and none is begun for a file with faults; the second reading stores, and can be repeated after a deadlock.
 *
 * @throws {ImportError} with the faults, when nothing is stored
 */
export async function importCsv(
  database: DatabaseHandle,
  source: Readable,
  table: TableDefinition,
  { mode, bounds = BYTE_BOUNDS, signal }: ImportCsvOptions,
): Promise<ImportReport> {
  const folder = await mkdtemp(join(tmpdir(), 'powerfill-import-'));
  const path = join(folder, 'upload.csv');
  try {
    await pipeline(
      guardedBytes(source, bounds),
      createWriteStream(path, { mode: 0o600 }),
      signal === undefined ? {} : { signal },
    );
    const check = await checkFile(path, table, mode);
    signal?.throwIfAborted();
    const stored = await inTransaction(database, (runner) => store(database, runner, path, table, signal), {
      ...(signal === undefined ? {} : { signal }),
    });
    return { table: table.name, mode, ...check, ...stored };
  } catch (error) {
    if (error instanceof FileFault) throw new ImportError(table.name, [error.fault], true);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Checked = Pick<ImportReport, 'rows' | 'rejected' | 'errors' | 'error_count'>;

/** First reading: finds every fault. @throws {ImportError} in mode `all`, {@link FileFault} */
async function checkFile(path: string, table: TableDefinition, mode: ImportMode): Promise<Checked> {
  const errors: ImportFault[] = [];
  let [rows, rejected, count] = [0, 0, 0];
  let validator: RowValidator | undefined;
  for await (const record of csvRecords(path)) {
    if (validator === undefined) {
      validator = validatorOf(table, record);
      continue;
    }
    rows += 1;
    const result = validator.validate(record);
    if (result.ok) continue;
    rejected += 1;
    count += result.faults.length;
    errors.push(...result.faults.slice(0, MAX_REPORTED_FAULTS - errors.length));
    if (mode === 'all' && count >= MAX_REPORTED_FAULTS) throw new ImportError(table.name, errors, true);
  }
  if (validator === undefined) throw fileFault(1, 'empty_file', 'the file has no header');
  if (rows === 0) throw fileFault(1, 'no_rows', 'the file has a header and no rows');
  if (mode === 'all' && count > 0) throw new ImportError(table.name, errors);
  return { rows, rejected, errors, error_count: count };
}

function validatorOf(table: TableDefinition, header: Parameters<typeof RowValidator.fromHeader>[1]): RowValidator {
  const result = RowValidator.fromHeader(table, header);
  if (result instanceof RowValidator) return result;
  throw new ImportError(table.name, result.slice(0, MAX_REPORTED_FAULTS), true);
}

/** Second reading: upserts the rows without fault, in batches. */
async function store(
  { dialect }: DatabaseHandle,
  runner: QueryRunner,
  path: string,
  table: TableDefinition,
  signal: AbortSignal | undefined,
): Promise<Pick<ImportReport, 'inserted' | 'updated'>> {
  const countRows = async (): Promise<number> => {
    const [row] = await dialect.query<{ n: number | string }>(
      runner,
      sql`SELECT COUNT(*) AS n FROM ${dialect.table(table)}`,
    );
    return Number(row?.n ?? 0);
  };
  const before = await countRows();
  let stored = 0;
  for await (const batch of overlapped(validBatches(path, table))) {
    await dialect.upsertRows(runner, table, batch, signal === undefined ? {} : { signal });
    stored += batch.length;
  }
  const inserted = (await countRows()) - before;
  return { inserted, updated: stored - inserted };
}

/** The rows without fault, some thousands at a time. */
async function* validBatches(path: string, table: TableDefinition): AsyncGenerator<RowOf<TableDefinition>[]> {
  let validator: RowValidator | undefined;
  let batch: RowOf<TableDefinition>[] = [];
  for await (const record of csvRecords(path)) {
    if (validator === undefined) {
      validator = validatorOf(table, record);
      continue;
    }
    const result = validator.validate(record);
    if (!result.ok) continue;
    batch.push(result.row);
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The same values, the next one being made while the consumer works on this one. */
async function* overlapped<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  const take = async () => {
    try {
      return { next: await source.next() };
    } catch (error) {
      // Thrown when its turn comes; until then nobody waits for it.
      return { error };
    }
  };
  try {
    let ahead = take();
    for (;;) {
      const taken = await ahead;
      if ('error' in taken) throw taken.error;
      if (taken.next.done === true) return;
      ahead = take();
      yield taken.next.value;
    }
  } finally {
    await source.return(undefined);
  }
}
