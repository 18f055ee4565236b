import type { TableDefinition } from '@powerfill/database';
import { cellReader } from './cell-reader';
import { US_TAPE, type TapeFormat } from './tape-values';
import { valueRule } from './value-rules';

/** How a desk's own tape is read into a table. Everything may be left out. */
export interface ImportProfile {
  /** Header of the tape (any case) -> column of the table; null leaves the column of the tape out. */
  readonly columns?: Readonly<Record<string, string | null>>;
  /** Column -> words of the tape (any case) -> words of the table. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Column -> text that every row gets where the tape has no such column. */
  readonly constants?: Readonly<Record<string, string>>;
  /** Leaves out columns of the tape that nobody named; else they are a fault. */
  readonly ignore_unknown?: boolean;
  readonly decimal_mark?: '.' | ',';
  readonly date_order?: 'mdy' | 'dmy';
}

/** A fault of a profile, with its path. */
export interface ProfileFault {
  readonly path: string;
  readonly message: string;
}

const KEYS = ['columns', 'values', 'constants', 'ignore_unknown', 'decimal_mark', 'date_order'];
const MOST_ENTRIES = 500;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a profile as it was sent; answers every fault. */
export function readProfile(table: TableDefinition, given: unknown): ImportProfile | readonly ProfileFault[] {
  if (!isRecord(given)) return [{ path: 'body', message: 'must be a JSON object' }];
  const faults: ProfileFault[] = [];
  const fault = (path: string, message: string): void => void faults.push({ path, message });
  const entries = (name: string): [string, unknown][] => {
    const value = given[name];
    if (value === undefined) return [];
    if (isRecord(value) && Object.keys(value).length <= MOST_ENTRIES) return Object.entries(value);
    fault(name, `must be an object of at most ${MOST_ENTRIES} entries`);
    return [];
  };
  const isColumn = (name: unknown): boolean => typeof name === 'string' && Object.hasOwn(table.columns, name);
  for (const key of Object.keys(given)) if (!KEYS.includes(key)) fault(key, 'is not known here');
  for (const [header, column] of entries('columns')) {
    if (column !== null && !isColumn(column)) fault(`columns.${header}`, `names no column of ${table.name}`);
  }
  for (const [column, words] of entries('values')) {
    const isWords = isRecord(words) && Object.values(words).every((word) => typeof word === 'string');
    if (!isColumn(column)) fault(`values.${column}`, `names no column of ${table.name}`);
    else if (!isWords) fault(`values.${column}`, 'must be an object of words');
  }
  for (const [column, text] of entries('constants')) {
    const type = isColumn(column) ? table.columns[column] : undefined;
    if (type === undefined) fault(`constants.${column}`, `names no column of ${table.name}`);
    else if (typeof text !== 'string') fault(`constants.${column}`, 'must be text');
    else {
      const cell = cellReader(type, valueRule(table, column))(text);
      if (!cell.ok) fault(`constants.${column}`, cell.reason);
    }
  }
  const oneOf = (name: string, values: readonly unknown[]): void => {
    if (given[name] !== undefined && !values.includes(given[name])) fault(name, `must be one of ${values.join(', ')}`);
  };
  oneOf('ignore_unknown', [true, false]);
  oneOf('decimal_mark', ['.', ',']);
  oneOf('date_order', ['mdy', 'dmy']);
  return faults.length > 0 ? faults : given;
}

/** How the file's numbers and dates are written: as the profile says, else as an American tape. */
export const formatOf = ({ decimal_mark: mark, date_order: order }: ImportProfile, delimiter: string): TapeFormat => ({
  decimalMark: mark ?? US_TAPE.decimalMark,
  isGrouped: mark !== undefined || delimiter !== ';',
  dateOrder: order ?? US_TAPE.dateOrder,
});
