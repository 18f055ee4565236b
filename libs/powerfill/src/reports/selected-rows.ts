import type { ReportColumn } from './report-column';
import { comparable, type Comparable, type RowFilter, type RowRequest } from './row-request';

type Value = Comparable | null;

/** Filters and sorts rows that are in memory; rows that compare equal stay in the order they came in. */
export function selectedRows<R>(
  columns: readonly ReportColumn<R>[],
  rows: readonly R[],
  { order, filters }: RowRequest,
): readonly R[] {
  const reader = (name: string): ((row: R) => Value) => {
    const column = columns.find((one) => one.name === name);
    if (column === undefined) throw new Error(`There is no column ${name}`);
    return (row) => comparable(column, column.cell(row));
  };
  const tests = filters.map((filter) => {
    const read = reader(filter.column);
    return (row: R): boolean => passes(filter, read(row));
  });
  const kept = rows.filter((row) => tests.every((test) => test(row)));
  if (order.length === 0) return kept;
  const keys = order.map(({ column, descending }) => ({ read: reader(column), descending }));
  return kept.sort((a, b) => {
    for (const { read, descending } of keys) {
      const sign = compare(read(a), read(b), descending);
      if (sign !== 0) return sign;
    }
    return 0;
  });
}

/** Rows without a value come last, whatever the direction. */
function compare(a: Value, b: Value, descending: boolean): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b === descending ? 1 : -1;
}

function passes({ operator, values }: RowFilter, value: Value): boolean {
  const [first] = values;
  if (operator === 'null') return value === null;
  if (operator === 'notnull') return value !== null;
  if (value === null) return operator === 'ne';
  if (operator === 'in') return values.includes(value);
  if (first === undefined) return false;
  switch (operator) {
    case 'eq':
      return value === first;
    case 'ne':
      return value !== first;
    case 'lt':
      return value < first;
    case 'lte':
      return value <= first;
    case 'gt':
      return value > first;
    case 'gte':
      return value >= first;
  }
}
