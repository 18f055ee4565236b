import {
  columnOf,
  formatScaled,
  type Column,
  type ColumnNames,
  type RowOf,
  type TableDefinition,
} from '@powerfill/database';

/** A value on the wire: money, prices, rates and points are text of fixed scale, counts are numbers. */
export type WireValue =
  string | number | boolean | null | readonly WireValue[] | { readonly [name: string]: WireValue };

/** What a column holds; decides how it is compared and filtered. A `decimal` is text of `scale` places on the wire. */
export type ColumnContent =
  | { readonly kind: 'text' | 'code' | 'whole' | 'date' | 'timestamp' | 'flag' | 'json' }
  | { readonly kind: 'decimal'; readonly scale: number };

/** One column of a report, the same in JSON, CSV and XLSX. */
export interface ReportColumn<R> {
  /** Name on the wire, snake_case. */
  readonly name: string;
  readonly content: ColumnContent;
  /** True for text that people or other systems wrote, which a spreadsheet could take for a formula. */
  readonly isFreeText: boolean;
  cell(row: R): WireValue;
}

const DOLLARS: ColumnContent = { kind: 'decimal', scale: 2 };
const PERCENT: ColumnContent = { kind: 'decimal', scale: 2 };
const RATE: ColumnContent = { kind: 'decimal', scale: 6 };

/** Contents of columns that are worked out. */
export const CONTENT = {
  dollars: DOLLARS,
  percent: PERCENT,
  rate: RATE,
  points: { kind: 'decimal', scale: 8 },
  score: { kind: 'decimal', scale: 4 },
  whole: { kind: 'whole' },
  text: { kind: 'text' },
  code: { kind: 'code' },
  date: { kind: 'date' },
  flag: { kind: 'flag' },
  json: { kind: 'json' },
} as const satisfies Readonly<Record<string, ColumnContent>>;

function contentOf(column: Column): ColumnContent {
  switch (column.kind) {
    case 'decimal':
      return { kind: 'decimal', scale: column.scale ?? 0 };
    case 'int':
      return CONTENT.whole;
    case 'boolean':
      return CONTENT.flag;
    case 'varchar':
    case 'uuid':
      return CONTENT.code;
    case 'blob':
      throw new TypeError('Binary columns are no report columns');
    default:
      return { kind: column.kind };
  }
}

function wireValue(column: Column, value: unknown): WireValue {
  if (value === null || value === undefined) return null;
  switch (column.kind) {
    case 'decimal':
      return formatScaled(value as number, column.scale ?? 0);
    case 'timestamp':
      return (value as Date).toISOString();
    case 'json':
      return JSON.parse(value as string) as WireValue;
    default:
      return value as WireValue;
  }
}

/** Columns of a table as a report shows them, in the order given; names and scales are the table's own. */
export function tableColumns<T extends TableDefinition>(
  table: T,
  names: readonly ColumnNames<T>[],
): ReportColumn<RowOf<T>>[] {
  return names.map((name) => {
    const column = columnOf(table, name);
    return {
      // The suffix tells how the table stores it, not what it is.
      name: name.replace(/_json$/, ''),
      content: contentOf(column),
      isFreeText: ['varchar', 'text', 'json'].includes(column.kind),
      cell: (row) => wireValue(column, (row as Record<string, unknown>)[name]),
    };
  });
}

/** A column that is worked out. Text counts as free, since it may hold names that others wrote. */
export const computed = <R>(name: string, content: ColumnContent, cell: (row: R) => WireValue): ReportColumn<R> => ({
  name,
  content,
  isFreeText: ['text', 'code', 'json'].includes(content.kind),
  cell,
});

/** A row as JSON. */
export const jsonRow = <R>(columns: readonly ReportColumn<R>[], row: R): Record<string, WireValue> =>
  Object.fromEntries(columns.map((column) => [column.name, column.cell(row)]));
