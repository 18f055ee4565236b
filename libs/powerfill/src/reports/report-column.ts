import {
  columnOf,
  formatScaled,
  type Column,
  type ColumnNames,
  type RowOf,
  type TableDefinition,
} from '@powerfill/database';

/** A value on the wire: money, prices, rates and points are text of fixed scale, counts are numbers. */
export type WireValue = string | number | boolean | null | { readonly [name: string]: WireValue };

/** One column of a report, the same in JSON and in CSV. */
export interface ReportColumn<R> {
  /** Name on the wire, snake_case. */
  readonly name: string;
  /** True for text that people or other systems wrote, which a spreadsheet could take for a formula. */
  readonly isFreeText: boolean;
  cell(row: R): WireValue;
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
    case 'blob':
      throw new TypeError('Binary columns are no report columns');
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
      isFreeText: ['varchar', 'text', 'json'].includes(column.kind),
      cell: (row) => wireValue(column, (row as Record<string, unknown>)[name]),
    };
  });
}

/** A column that is worked out. `isFreeText` unless said: no. */
export const computed = <R>(name: string, cell: (row: R) => WireValue, isFreeText = false): ReportColumn<R> => ({
  name,
  isFreeText,
  cell,
});

/** A row as JSON. */
export const jsonRow = <R>(columns: readonly ReportColumn<R>[], row: R): Record<string, WireValue> =>
  Object.fromEntries(columns.map((column) => [column.name, column.cell(row)]));
