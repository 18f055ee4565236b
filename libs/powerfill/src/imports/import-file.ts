import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inTransaction, sql, type DatabaseHandle, type RowOf, type TableDefinition } from '@powerfill/database';
import type { QueryRunner } from 'typeorm';
import { writeChanges } from '../configuration/change-log';
import { BYTE_BOUNDS, boundedBytes, guardedBytes, type ByteBounds } from './byte-guard';
import { csvRecords, type CsvRecord } from './csv-records';
import { ErrorFile } from './error-file';
import { keepErrorFile } from './error-files';
import {
  FileFault,
  fileFault,
  ImportError,
  MAX_REPORTED_FAULTS,
  type ImportFault,
  type ImportMode,
  type ImportReport,
} from './import-error';
import { formatOf, type ImportProfile } from './import-profile';
import { RowValidator } from './row-validator';
import { delimiterOf, utf8Bytes, type Delimiter } from './tape-text';
import type { TapeFormat } from './tape-values';
import { csvOfWorkbook } from './xlsx-rows';

/** How to import a file. */
export interface ImportFileOptions {
  readonly mode: ImportMode;
  /** Does everything and then takes it back. */
  readonly dryRun?: boolean;
  readonly profile?: { readonly name: string; readonly rules: ImportProfile };
  /** What the bytes are: text of a delimited file unless said. */
  readonly content?: 'text' | 'xlsx';
  /** Who asks, for the log; `command` unless said. */
  readonly by?: string;
  readonly bounds?: ByteBounds;
  /** Ends the import; its reason is thrown and nothing is stored. */
  readonly signal?: AbortSignal;
}

/** Rows sent to the database at once. */
const BATCH_ROWS = 2_000;

/**
 * Imports a file into a table in one transaction: a row with a known key replaces the stored row, a nullable column that
 * the file does not have becomes null.
 *
 * The source is first copied to a temporary file and read through, so that no transaction is open while a slow client sends
 * and none is begun for a file with faults; the second reading stores, and can be repeated after a deadlock.
 *
 * @throws {ImportError} with the faults, when nothing is stored
 */
export async function importFile(
  database: DatabaseHandle,
  source: Readable,
  table: TableDefinition,
  options: ImportFileOptions,
): Promise<ImportReport> {
  const { mode, signal, dryRun = false, profile } = options;
  const folder = await mkdtemp(join(tmpdir(), 'powerfill-import-'));
  try {
    const path = await receive(folder, source, options);
    const delimiter = options.content === 'xlsx' ? ',' : await delimiterOf(path);
    const rules = profile?.rules ?? {};
    const file: TapeFile = { path, delimiter, table, profile: rules, format: formatOf(rules, delimiter) };
    const { errorFile, ...check } = await checkFile(file, mode);
    signal?.throwIfAborted();
    const outcome = { ...check, dry_run: dryRun, profile: profile?.name ?? null };
    const stored = await storeFile(database, file, { ...options, outcome, errorFile });
    return { table: table.name, mode, ...outcome, ...stored };
  } catch (error) {
    if (error instanceof FileFault) throw new ImportError(table.name, [error.fault], true);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that has arrived, and how it is read. */
interface TapeFile {
  readonly path: string;
  readonly delimiter: Delimiter;
  readonly table: TableDefinition;
  readonly profile: ImportProfile;
  readonly format: TapeFormat;
}

/** Takes a file in as UTF-8 text of bounded size; answers where it is. */
async function receive(
  folder: string,
  source: Readable,
  { bounds = BYTE_BOUNDS, signal, content = 'text' }: ImportFileOptions,
): Promise<string> {
  const path = join(folder, 'upload.csv');
  const into = (target: string) => createWriteStream(target, { mode: 0o600 });
  const ending = signal === undefined ? {} : { signal };
  if (content === 'text') {
    await pipeline(guardedBytes(utf8Bytes(source), bounds), into(path), ending);
    return path;
  }
  const book = join(folder, 'upload.xlsx');
  await pipeline(boundedBytes(source, bounds), into(book), ending);
  await pipeline(csvOfWorkbook(book, bounds), into(path), ending);
  return path;
}

type Checked = Pick<ImportReport, 'rows' | 'rejected' | 'errors' | 'error_count'>;

const recordsOf = ({ path, delimiter }: TapeFile): AsyncGenerator<CsvRecord> => csvRecords(path, delimiter);

/** First reading: finds every fault. @throws {ImportError} in mode `all`, {@link FileFault} */
async function checkFile(file: TapeFile, mode: ImportMode): Promise<Checked & { readonly errorFile: ErrorFile }> {
  const { table } = file;
  const errorFile = new ErrorFile();
  const errors: ImportFault[] = [];
  let [rows, rejected, count] = [0, 0, 0];
  let validator: RowValidator | undefined;
  for await (const record of recordsOf(file)) {
    if (validator === undefined) {
      validator = validatorOf(file, record);
      errorFile.header(record.fields);
      continue;
    }
    rows += 1;
    const result = validator.validate(record);
    if (result.ok) continue;
    rejected += 1;
    count += result.faults.length;
    errorFile.row(record.line, record.fields, result.faults);
    errors.push(...result.faults.slice(0, MAX_REPORTED_FAULTS - errors.length));
    if (mode === 'all' && count >= MAX_REPORTED_FAULTS) throw new ImportError(table.name, errors, true);
  }
  if (validator === undefined) throw fileFault(1, 'empty_file', 'the file has no header');
  if (rows === 0) throw fileFault(1, 'no_rows', 'the file has a header and no rows');
  if (mode === 'all' && count > 0) throw new ImportError(table.name, errors);
  return { rows, rejected, errors, error_count: count, errorFile };
}

function validatorOf({ table, profile, format }: TapeFile, header: CsvRecord): RowValidator {
  const result = RowValidator.fromHeader(table, header, profile, format);
  if (result instanceof RowValidator) return result;
  throw new ImportError(table.name, result.slice(0, MAX_REPORTED_FAULTS), true);
}

/** A dry run is over; carries its figures out of the transaction it rolls back. */
class DryRunDone extends Error {
  constructor(readonly figures: Figures) {
    super('The dry run is over');
  }
}

type Figures = Pick<ImportReport, 'inserted' | 'updated' | 'error_file_id' | 'error_file_cut'>;

interface StoreOptions extends ImportFileOptions {
  readonly outcome: Checked & Pick<ImportReport, 'dry_run' | 'profile'>;
  readonly errorFile: ErrorFile;
}

/** Stores the rows without fault, the file of the others and the line in the log in one transaction. */
async function storeFile(database: DatabaseHandle, file: TapeFile, options: StoreOptions): Promise<Figures> {
  const { signal, dryRun = false, by = 'command', outcome, errorFile } = options;
  const { dialect } = database;
  const work = async (runner: QueryRunner): Promise<Figures> => {
    const stored = await store(database, runner, file, signal);
    if (dryRun) throw new DryRunDone({ ...stored, error_file_id: null, error_file_cut: false });
    const isKept = outcome.rejected > 0;
    const id = isKept ? await keepErrorFile({ runner, dialect }, file.table.name, by, errorFile.gzip()) : null;
    const { rows, rejected, profile } = outcome;
    const after = { rows, rejected, profile, ...stored };
    await writeChanges(runner, dialect, by, [{ kind: 'import', key: file.table.name, before: null, after }]);
    return { ...stored, error_file_id: id, error_file_cut: isKept && errorFile.isCut };
  };
  try {
    return await inTransaction(database, work, signal === undefined ? {} : { signal });
  } catch (error) {
    if (error instanceof DryRunDone) return error.figures;
    throw error;
  }
}

/** Second reading: upserts the rows without fault, in batches. */
async function store(
  { dialect }: DatabaseHandle,
  runner: QueryRunner,
  file: TapeFile,
  signal: AbortSignal | undefined,
): Promise<Pick<ImportReport, 'inserted' | 'updated'>> {
  const { table } = file;
  const countRows = async (): Promise<number> => {
    const [row] = await dialect.query<{ n: number | string }>(
      runner,
      sql`SELECT COUNT(*) AS n FROM ${dialect.table(table)}`,
    );
    return Number(row?.n ?? 0);
  };
  const before = await countRows();
  let stored = 0;
  for await (const batch of overlapped(validBatches(file))) {
    await dialect.upsertRows(runner, table, batch, signal === undefined ? {} : { signal });
    stored += batch.length;
  }
  const inserted = (await countRows()) - before;
  return { inserted, updated: stored - inserted };
}

/** The rows without fault, some thousands at a time. */
async function* validBatches(file: TapeFile): AsyncGenerator<RowOf<TableDefinition>[]> {
  let validator: RowValidator | undefined;
  let batch: RowOf<TableDefinition>[] = [];
  for await (const record of recordsOf(file)) {
    if (validator === undefined) {
      validator = validatorOf(file, record);
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
