import { createReadStream } from 'node:fs';
import { CsvError, parse, type Options } from 'csv-parse';
import { fileFault } from './import-error';
import type { Delimiter } from './tape-text';

/** One record with the line it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Longest record in characters; a record may span lines inside quotes. */
const MAX_RECORD_CHARACTERS = 1024 * 1024;

/**
 * Streams the records of a CSV file (RFC 4180, LF or CRLF), header included, blank lines left out.
 * @throws {FileFault} `broken_quotes`, `line_too_long`
 */
export async function* csvRecords(path: string, delimiter: Delimiter = ','): AsyncGenerator<CsvRecord> {
  const file = createReadStream(path);
  let ended = 0;
  const options: Options<CsvRecord, string[]> = {
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: MAX_RECORD_CHARACTERS,
    // Lines are counted here, because the parser runs ahead of the loop below and loses what is between when it fails.
    on_record: (fields: string[], { lines }): CsvRecord => {
      ended = lines;
      return { line: lines - lineBreaksWithin(fields), fields };
    },
  };
  // Its types know records of another shape for named columns only.
  const parser = parse(options as unknown as Options);
  file.on('error', (error) => parser.destroy(error));
  try {
    yield* file.pipe(parser) as AsyncIterable<CsvRecord>;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw structureFault(error, ended + 1);
  } finally {
    file.destroy();
    parser.destroy();
  }
}

function lineBreaksWithin(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields) {
    for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) count += 1;
  }
  return count;
}

function structureFault(error: CsvError, line: number) {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return fileFault(line, 'broken_quotes', 'a quote opened in this row is never closed');
    case 'CSV_MAX_RECORD_SIZE':
      return fileFault(
        line,
        'line_too_long',
        `the row is longer than ${MAX_RECORD_CHARACTERS} characters; is a quote not closed?`,
      );
    default:
      return fileFault(
        line,
        'broken_quotes',
        'a quote stands inside a cell: quote the whole cell and double the quote',
      );
  }
}
