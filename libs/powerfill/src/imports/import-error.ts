import { RefusedError } from '../domain/errors';

/** What is wrong with a file or a cell; stable, for programs. */
export type ImportFaultCode =
  | 'empty_file'
  | 'no_rows'
  | 'file_too_large'
  | 'line_too_long'
  | 'not_utf8'
  | 'not_xlsx'
  | 'nul_byte'
  | 'broken_quotes'
  | 'unknown_column'
  | 'missing_column'
  | 'duplicate_column'
  | 'wrong_field_count'
  | 'required'
  | 'not_a_number'
  | 'too_many_decimals'
  | 'out_of_range'
  | 'not_a_date'
  | 'not_a_boolean'
  | 'not_allowed'
  | 'too_long'
  | 'not_ascii'
  | 'invalid_json'
  | 'unsupported'
  | 'duplicate_key';

/** One fault of a file. */
export interface ImportFault {
  /** Line of the file, the header being line 1; a row with line breaks in its cells stands where it begins. */
  readonly line: number;
  /** Column name; null when the fault is not of one column. */
  readonly column: string | null;
  readonly code: ImportFaultCode;
  /** Plain words. */
  readonly reason: string;
  /** The cell as it stands in the file, shortened; null when there is none. */
  readonly value: string | null;
}

/** `all`: a file with a fault stores nothing. `partial`: rows without fault are stored, the others reported. */
export type ImportMode = 'all' | 'partial';

/** What an import did. */
export interface ImportReport {
  readonly table: string;
  readonly mode: ImportMode;
  /** Nothing was stored; the figures are what a real import would have done. */
  readonly dry_run: boolean;
  /** Name of the column-mapping profile; null without one. */
  readonly profile: string | null;
  /** Rows of the file, the header not counted. */
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  /** Rows not stored because of a fault; `partial` only. */
  readonly rejected: number;
  /** The first faults, at most 100. */
  readonly errors: readonly ImportFault[];
  /** All faults found. */
  readonly error_count: number;
  /** Names the file of the rows left out; `partial` only, null when there are none. */
  readonly error_file_id: string | null;
  /** The file did not take all rows left out; its last line says how many are missing. */
  readonly error_file_cut: boolean;
}

/** Faults reported of one file; in mode `all` reading stops at the last of them. */
export const MAX_REPORTED_FAULTS = 100;

/** A file that cannot be imported: nothing of it is stored. `faults` has at least one entry. */
export class ImportError extends RefusedError {
  constructor(
    readonly table: string,
    readonly faults: readonly ImportFault[],
    /** Reading stopped before the end of the file, so there may be more faults. */
    readonly stoppedEarly = false,
  ) {
    super('invalid_import', messageOf(table, faults, stoppedEarly), {
      table,
      errors: faults,
      error_count: faults.length,
      stopped_early: stoppedEarly,
    });
    this.name = 'ImportError';
  }
}

/** A fault of the file as a whole or of its structure, before any row can be read from there on. */
export class FileFault extends Error {
  constructor(readonly fault: ImportFault) {
    super(fault.reason);
    this.name = 'FileFault';
  }
}

/** Shorthand of a {@link FileFault} without a column. */
export const fileFault = (line: number, code: ImportFaultCode, reason: string): FileFault =>
  new FileFault({ line, column: null, code, reason, value: null });

const SHOWN_VALUE = 80;

/** A cell shortened for a report. */
export const shownValue = (value: string): string =>
  value.length > SHOWN_VALUE ? `${value.slice(0, SHOWN_VALUE)}...` : value;

function messageOf(table: string, faults: readonly ImportFault[], stoppedEarly: boolean): string {
  const [first] = faults;
  const count = faults.length === 1 ? '1 fault' : `${stoppedEarly ? 'at least ' : ''}${faults.length} faults`;
  if (first === undefined) return `${table} was not imported.`;
  const place = `line ${first.line}${first.column === null ? '' : `, column ${first.column}`}`;
  return `${table} was not imported, nothing is stored: ${count}, the first at ${place}: ${first.reason}`;
}
