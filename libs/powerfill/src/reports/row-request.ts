import { ColumnValueError, parseScaled } from '@powerfill/database';
import { isIsoDate } from '../domain/calendar';
import { RefusedError } from '../domain/errors';
import type { ReportColumn, WireValue } from './report-column';

/** Operators of a filter. `ne` and `null` also find rows without a value; all others find none of them. */
export const FILTER_OPERATORS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'null', 'notnull'] as const;
/** One of {@link FILTER_OPERATORS}. */
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** A value as rows are compared by it: decimals as scaled integers, dates and times as text. */
export type Comparable = string | number | boolean;

/** A column to sort by. */
export interface RowOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** A condition on a column; `values` are as many as the operator takes. */
export interface RowFilter {
  readonly column: string;
  readonly operator: FilterOperator;
  readonly values: readonly Comparable[];
}

/** Which rows of a report are asked for, and in which order. */
export interface RowRequest {
  readonly order: readonly RowOrder[];
  readonly filters: readonly RowFilter[];
}

/** The whole report in its own order. */
export const ALL_ROWS: RowRequest = { order: [], filters: [] };

const MOST_ORDERS = 3;
const MOST_FILTERS = 10;
const MOST_VALUES = 100;

type Columns = readonly Pick<ReportColumn<never>, 'name' | 'content'>[];

const refuse = (path: string, message: string): RefusedError =>
  new RefusedError('invalid_request', `${path} ${message}.`, { errors: [{ path, message }] });

/**
 * Reads `sort=-amount,loan_id` and `filter=amount:gte:250000` (each filter one parameter, all must hold).
 * @throws {RefusedError} `invalid_request` naming the parameter and what is wrong
 */
export function rowRequest(columns: Columns, sort: string | undefined, filter: readonly string[]): RowRequest {
  return { order: ordersOf(columns, sort), filters: filtersOf(columns, filter) };
}

/** The request in a fixed spelling, so that a cursor fits only the order and filters it was made with. */
export const requestText = ({ order, filters }: RowRequest): string =>
  order.length + filters.length === 0
    ? ''
    : JSON.stringify([order.map(({ column, descending }) => [column, descending]), filters]);

function ordersOf(columns: Columns, sort: string | undefined): RowOrder[] {
  if (sort === undefined) return [];
  const orders = sort.split(',').map((entry) => {
    const descending = entry.startsWith('-');
    return { column: listed(columns, descending ? entry.slice(1) : entry, 'query.sort').name, descending };
  });
  if (orders.length > MOST_ORDERS) throw refuse('query.sort', `must name at most ${MOST_ORDERS} columns`);
  const names = orders.map(({ column }) => column);
  if (new Set(names).size < names.length) throw refuse('query.sort', 'must not name a column twice');
  return orders;
}

function filtersOf(columns: Columns, filter: readonly string[]): RowFilter[] {
  if (filter.length > MOST_FILTERS) throw refuse('query.filter', `must be given at most ${MOST_FILTERS} times`);
  return filter.map((text, index) => {
    const path = filter.length === 1 ? 'query.filter' : `query.filter[${index}]`;
    const [name = '', operator = '', ...rest] = text.split(':');
    const column = listed(columns, name, path);
    if (!isOperator(operator))
      throw refuse(path, `must be column:operator:value with one of ${FILTER_OPERATORS.join(', ')}`);
    return { column: column.name, operator, values: valuesOf(column, operator, rest.join(':'), path) };
  });
}

const isOperator = (text: string): text is FilterOperator => (FILTER_OPERATORS as readonly string[]).includes(text);

/** Columns of lists and objects have no order. */
const isListed = ({ content }: Columns[number]): boolean => content.kind !== 'json';

function listed(columns: Columns, name: string, path: string): Columns[number] {
  const column = columns.find((one) => one.name === name && isListed(one));
  if (column !== undefined) return column;
  const names = columns.filter(isListed).map((one) => one.name);
  throw refuse(path, `names no column "${name.slice(0, 60)}"; there are ${names.join(', ')}`);
}

function valuesOf(column: Columns[number], operator: FilterOperator, text: string, path: string): Comparable[] {
  if (operator === 'null' || operator === 'notnull') {
    if (text !== '') throw refuse(path, `takes no value behind ${operator}`);
    return [];
  }
  const texts = operator === 'in' ? text.split(',') : [text];
  if (texts.length > MOST_VALUES) throw refuse(path, `must list at most ${MOST_VALUES} values`);
  return texts.map((one) => valueOf(column, one, path));
}

function valueOf({ name, content }: Columns[number], text: string, path: string): Comparable {
  switch (content.kind) {
    case 'decimal':
      try {
        return parseScaled(text, content.scale);
      } catch (error) {
        if (!(error instanceof ColumnValueError)) throw error;
        throw refuse(path, `must compare ${name} with a decimal number of at most ${content.scale} places`);
      }
    case 'whole':
      if (!/^-?\d{1,9}$/.test(text)) throw refuse(path, `must compare ${name} with a whole number`);
      return Number(text);
    case 'flag':
      if (text !== 'true' && text !== 'false') throw refuse(path, `must compare ${name} with true or false`);
      return text === 'true';
    case 'date':
      if (!isIsoDate(text)) throw refuse(path, `must compare ${name} with a date YYYY-MM-DD`);
      return text;
    default:
      if (text.length > 200 || text.includes('\0'))
        throw refuse(path, `must compare ${name} with at most 200 characters`);
      return text;
  }
}

/** A wire value as it is compared; null stays null. */
export function comparable({ content }: Columns[number], value: WireValue): Comparable | null {
  if (value === null) return null;
  if (content.kind === 'decimal') return parseScaled(value as string, content.scale);
  return value as Comparable;
}
