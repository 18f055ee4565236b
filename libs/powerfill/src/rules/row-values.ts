import { isIsoDate } from '../domain/calendar';
import { parseFraction, pow10, type Fraction } from './decimal';
import { columnName, type ColumnExpression } from './expression';
import { RuleError } from './rule-error';

/** Reads one column of a row; null and undefined mean that there is no data. */
export type ColumnReader<Row> = (row: Row) => unknown;

/** Finds the reader of a catalogue column; called once per column when a rule is compiled. */
export type ReaderOf<Row> = (column: string) => ColumnReader<Row>;

/** Most distinct dates a reader remembers as valid; checking one costs a hundred times a look-up. */
const DATES_REMEMBERED = 4096;

type Reader<Row, T> = (row: Row) => T | null;

/** Reader of a column's raw value; a member of a JSON column is looked up by its own name, case kept. */
export function rawReader<Row>(column: ColumnExpression, readerOf: ReaderOf<Row>): Reader<Row, unknown> {
  const read = readerOf(column.column);
  const { member } = column;
  if (member === null) return (row) => read(row) ?? null;
  return (row) => {
    const object = read(row) ?? null;
    if (object === null) return null;
    if (typeof object !== 'object') throw badValue(column, 'an object parsed from JSON');
    return Object.hasOwn(object, member) ? ((object as Record<string, unknown>)[member] ?? null) : null;
  };
}

/** Reader of a plain numeric column as its scaled integer. */
export function integerReader<Row>(column: ColumnExpression, readerOf: ReaderOf<Row>): Reader<Row, number> {
  const read = readerOf(column.column);
  return (row) => {
    const value = read(row);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    if (value === null || value === undefined) return null;
    throw badValue(column, `a safe integer of 10^-${column.scale}`);
  };
}

/** Reader of a numeric column as an exact fraction; custom values are JSON numbers or decimal text, else no data. */
export function fractionReader<Row>(column: ColumnExpression, readerOf: ReaderOf<Row>): Reader<Row, Fraction> {
  if (column.member !== null) {
    const raw = rawReader(column, readerOf);
    return (row) => {
      const value = raw(row);
      return typeof value === 'number' || typeof value === 'string' ? parseFraction(String(value).trim()) : null;
    };
  }
  const read = integerReader(column, readerOf);
  const d = pow10(column.scale);
  return (row) => {
    const value = read(row);
    return value === null ? null : { n: BigInt(value), d };
  };
}

/** Reader of a text column; a custom number or flag is read as its JSON text. */
export function stringReader<Row>(column: ColumnExpression, readerOf: ReaderOf<Row>): Reader<Row, string> {
  const raw = rawReader(column, readerOf);
  return (row) => {
    const value = raw(row);
    if (value === null || typeof value === 'string') return value;
    if (column.member === null) throw badValue(column, 'a string');
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
  };
}

/** Reader of a date column as `YYYY-MM-DD`; a time of day behind it is ignored; custom text that is no date is no data. */
export function dateReader<Row>(column: ColumnExpression, readerOf: ReaderOf<Row>): Reader<Row, string> {
  const raw = rawReader(column, readerOf);
  const checked = new Map<unknown, string>();
  return (row) => {
    const value = raw(row);
    if (value === null) return null;
    const known = checked.get(value);
    if (known !== undefined) return known;
    const date = typeof value === 'string' ? value.trim().slice(0, 10) : '';
    if (isIsoDate(date)) {
      if (checked.size < DATES_REMEMBERED) checked.set(value, date);
      return date;
    }
    if (column.member !== null) return null;
    throw badValue(column, 'a date written YYYY-MM-DD');
  };
}

/** Reader of a flag column; custom text `Y` / `N` counts as a flag. */
export function booleanReader<Row>(column: ColumnExpression, readerOf: ReaderOf<Row>): Reader<Row, boolean> {
  const raw = rawReader(column, readerOf);
  return (row) => {
    const value = raw(row);
    if (value === null || typeof value === 'boolean') return value;
    if (column.member === null) throw badValue(column, 'true or false');
    const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
    return text === 'y' || text === 'true' ? true : text === 'n' || text === 'false' ? false : null;
  };
}

const badValue = (column: ColumnExpression, wanted: string): RuleError =>
  new RuleError(
    'RULE_BAD_VALUE',
    `A row's ${columnName(column)} is not ${wanted}; correct the data or its reader.`,
    column.position,
  );
