import type { TableDefinition } from '@powerfill/database';
import { cellReader, type CellReader } from './cell-reader';
import type { CsvRecord } from './csv-records';
import { ERROR_COLUMNS } from './error-file';
import { fileFault, shownValue, type ImportFault } from './import-error';
import type { ImportProfile } from './import-profile';
import { US_TAPE, type TapeFormat } from './tape-values';
import { valueRule } from './value-rules';

interface ReadColumn {
  readonly name: string;
  readonly read: CellReader;
  /** Place in the file's header. */
  readonly at: number;
}

type Row = Record<string, string | number | boolean | null>;

/** The table's column for a column of the file, null to leave it out; an unknown name comes back as it is. */
function columnOf(table: TableDefinition, header: string, profile: ImportProfile): string | null {
  const name = header.toLowerCase();
  const mapped = Object.entries(profile.columns ?? {}).find(([own]) => own.trim().toLowerCase() === name);
  if (mapped !== undefined) return mapped[1];
  if (Object.hasOwn(table.columns, name)) return name;
  const isLeftOut = profile.ignore_unknown === true || (ERROR_COLUMNS as readonly string[]).includes(name);
  return isLeftOut ? null : name;
}

/** Reads the table's word where the tape has one of its own. */
function translated(read: CellReader, words: Readonly<Record<string, string>> | undefined): CellReader {
  if (words === undefined) return read;
  const known = new Map(Object.entries(words).map(([own, word]) => [own.trim().toLowerCase(), word]));
  return (text) => read(known.get(text.trim().toLowerCase()) ?? text);
}

/** A row ready to be stored, or its faults. */
export type ValidatedRow =
  { readonly ok: true; readonly row: Row } | { readonly ok: false; readonly faults: readonly ImportFault[] };

/** Validates the rows of one file against a table; remembers their keys. */
export class RowValidator {
  private readonly columns: readonly ReadColumn[];
  /** Columns the file does not have, with what every row gets. */
  private readonly absent: readonly (readonly [name: string, value: Row[string]])[];
  private readonly firstLines = new Map<string, number>();

  private constructor(
    private readonly table: TableDefinition,
    private readonly header: readonly (string | null)[],
    profile: ImportProfile,
    format: TapeFormat,
  ) {
    const reader = (name: string): CellReader => {
      const column = table.columns[name];
      if (column === undefined) throw fileFault(1, 'unknown_column', `${table.name} has no column ${name}`);
      return translated(cellReader(column, valueRule(table, name), format), profile.values?.[name]);
    };
    this.columns = header.flatMap((name, at) => (name === null ? [] : [{ name, at, read: reader(name) }]));
    const absent = Object.keys(table.columns).filter((name) => !header.includes(name));
    this.absent = absent.map((name) => {
      const constant = profile.constants?.[name];
      if (constant === undefined) return [name, null];
      const cell = cellReader(table.columns[name]!, valueRule(table, name))(constant);
      return [name, cell.ok ? cell.value : null];
    });
  }

  /** From the header: any order, each column once, every required column present. Answers the faults otherwise. */
  static fromHeader(
    table: TableDefinition,
    { line, fields }: CsvRecord,
    profile: ImportProfile = {},
    format: TapeFormat = US_TAPE,
  ): RowValidator | readonly ImportFault[] {
    const header = fields.map((field) => columnOf(table, field.trim(), profile));
    const fault = (column: string, code: ImportFault['code'], reason: string): ImportFault => ({
      line,
      column: shownValue(column),
      code,
      reason,
      value: null,
    });
    const faults = header.flatMap((name, at) => {
      if (name !== null && header.indexOf(name) < at)
        return [fault(name, 'duplicate_column', `column "${shownValue(name)}" is named twice`)];
      if (name === null || Object.hasOwn(table.columns, name)) return [];
      return [fault(name, 'unknown_column', `${table.name} has no column "${shownValue(name)}"`)];
    });
    const missing = Object.entries(table.columns)
      .filter(([name, column]) => !column.nullable && !header.includes(name) && profile.constants?.[name] === undefined)
      .map(([name]) => fault(name, 'missing_column', `column "${name}" is required and not in the header`));
    const all = [...faults, ...missing];
    return all.length > 0 ? all : new RowValidator(table, header, profile, format);
  }

  /** Validates one record. */
  validate({ line, fields }: CsvRecord): ValidatedRow {
    if (fields.length !== this.header.length) {
      const reason = `the row has ${fields.length} cells, the header has ${this.header.length}`;
      return { ok: false, faults: [{ line, column: null, code: 'wrong_field_count', reason, value: null }] };
    }
    const row: Row = {};
    const faults: ImportFault[] = [];
    for (const { name, at, read } of this.columns) {
      const text = fields[at] ?? '';
      const cell = read(text);
      if (cell.ok) row[name] = cell.value;
      else faults.push({ line, column: name, code: cell.code, reason: cell.reason, value: shownValue(text) });
    }
    for (const [name, value] of this.absent) row[name] = value;
    if (faults.length === 0) faults.push(...this.duplicates(row, line));
    return faults.length === 0 ? { ok: true, row } : { ok: false, faults };
  }

  private duplicates(row: Row, line: number): ImportFault[] {
    const { primaryKey } = this.table;
    const values = primaryKey.map((name) => String(row[name]));
    const key = values.join('\0');
    const first = this.firstLines.get(key);
    if (first === undefined) {
      this.firstLines.set(key, line);
      return [];
    }
    const reason = `the same ${primaryKey.join(', ')} stands on line ${first}`;
    return [
      { line, column: primaryKey[0] ?? null, code: 'duplicate_key', reason, value: shownValue(values.join(', ')) },
    ];
  }
}
