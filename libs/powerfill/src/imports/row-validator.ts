import type { TableDefinition } from '@powerfill/database';
import { cellReader, type CellReader } from './cell-reader';
import type { CsvRecord } from './csv-records';
import { fileFault, shownValue, type ImportFault } from './import-error';
import { valueRule } from './value-rules';

interface ReadColumn {
  readonly name: string;
  readonly read: CellReader;
  /** Place in the file's header. */
  readonly at: number;
}

type Row = Record<string, string | number | boolean | null>;

/** A row ready to be stored, or its faults. */
export type ValidatedRow =
  { readonly ok: true; readonly row: Row } | { readonly ok: false; readonly faults: readonly ImportFault[] };

/** Validates the rows of one file against a table; remembers their keys. */
export class RowValidator {
  private readonly columns: readonly ReadColumn[];
  private readonly absent: readonly string[];
  private readonly firstLines = new Map<string, number>();

  private constructor(
    private readonly table: TableDefinition,
    private readonly header: readonly string[],
  ) {
    this.columns = header.map((name, at) => {
      const column = table.columns[name];
      if (column === undefined) throw fileFault(1, 'unknown_column', `${table.name} has no column ${name}`);
      return { name, at, read: cellReader(column, valueRule(table, name)) };
    });
    this.absent = Object.keys(table.columns).filter((name) => !header.includes(name));
  }

  /** From the header: any order, each column once, every required column present. Answers the faults otherwise. */
  static fromHeader(table: TableDefinition, { line, fields }: CsvRecord): RowValidator | readonly ImportFault[] {
    const header = fields.map((field) => field.trim().toLowerCase());
    const fault = (column: string, code: ImportFault['code'], reason: string): ImportFault => ({
      line,
      column: shownValue(column),
      code,
      reason,
      value: null,
    });
    const faults = header.flatMap((name, at) => {
      if (header.indexOf(name) < at)
        return [fault(name, 'duplicate_column', `column "${shownValue(name)}" is named twice`)];
      if (Object.hasOwn(table.columns, name)) return [];
      return [fault(name, 'unknown_column', `${table.name} has no column "${shownValue(name)}"`)];
    });
    const missing = Object.entries(table.columns)
      .filter(([name, column]) => !column.nullable && !header.includes(name))
      .map(([name]) => fault(name, 'missing_column', `column "${name}" is required and not in the header`));
    const all = [...faults, ...missing];
    return all.length > 0 ? all : new RowValidator(table, header);
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
    for (const name of this.absent) row[name] = null;
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
