import type { Column } from '@powerfill/database';
import { isIsoDate } from '../domain/calendar';
import type { ImportFaultCode } from './import-error';
import { plainDate, plainNumber, US_TAPE, type TapeFormat } from './tape-values';
import type { ValueRule } from './value-rules';

/** A cell's value in memory (decimals as scaled integers), or what is wrong with it. */
export type Cell =
  | { readonly ok: true; readonly value: string | number | boolean | null }
  | { readonly ok: false; readonly code: ImportFaultCode; readonly reason: string };

/** Reads the text of a cell. */
export type CellReader = (text: string) => Cell;

const wrong = (code: ImportFaultCode, reason: string): Cell => ({ ok: false, code, reason });
const right = (value: string | number | boolean | null): Cell => ({ ok: true, value });

const DECIMAL = /^(-?)(\d+)(?:\.(\d*))?$/;
const INTEGER = /^-?\d+$/;
const PRINTABLE_ASCII = /^[ -~]*$/;
const MAX_INTEGER = 2_147_483_647;

/**
 * The reader of a column: empty cells are null, or a fault where the column is required.
 * @param format how the file writes numbers and dates
 */
export function cellReader(column: Column, rule: ValueRule, format: TapeFormat = US_TAPE): CellReader {
  const read = filledCellReader(column, rule, format);
  const isText = column.kind === 'varchar' || column.kind === 'text' || column.kind === 'json';
  return (raw) => {
    // Fixed-width legacy columns come blank-padded (data.md); blanks around a number or a date say nothing either.
    const text = isText ? raw.replace(/ +$/, '') : raw.trim();
    if (text !== '') return read(text);
    if (column.nullable) return right(null);
    return rule.mayBeEmpty === true ? right('') : wrong('required', 'a value is required');
  };
}

function filledCellReader(column: Column, rule: ValueRule, format: TapeFormat): CellReader {
  switch (column.kind) {
    case 'varchar':
      return (text) =>
        PRINTABLE_ASCII.test(text)
          ? textCell(text, column, rule)
          : wrong('not_ascii', 'a code may hold printable ASCII characters only');
    case 'text':
      return (text) => textCell(text, column, rule);
    case 'decimal':
      return onPlainNumber(decimalReader(column, rule), column, rule, format);
    case 'int':
      return onPlainNumber(integerReader(rule), column, rule, format);
    case 'boolean':
      return booleanCell;
    case 'date':
      return (text) => dateCell(plainDate(text, format));
    case 'json':
      return jsonCell;
    case 'timestamp':
    case 'uuid':
    case 'blob':
      return () => wrong('unsupported', `a ${column.kind} cannot be imported`);
  }
}

const PLAIN = /^-?\d+(?:\.\d*)?$/;

const onPlainNumber =
  (read: CellReader, column: Column, rule: ValueRule, format: TapeFormat): CellReader =>
  (text) =>
    read(PLAIN.test(text) && format.decimalMark === '.' ? text : plainNumber(text, column, rule, format));

function textCell(text: string, { length = Number.POSITIVE_INFINITY }: Column, rule: ValueRule): Cell {
  if (text.length > length) return wrong('too_long', `has ${text.length} characters, at most ${length} are allowed`);
  if (rule.oneOf !== undefined && !rule.oneOf.includes(text)) {
    return wrong('not_allowed', `must be one of ${rule.oneOf.join(', ')}`);
  }
  if (rule.pattern !== undefined && !rule.pattern[0].test(text)) {
    return wrong('not_allowed', `must be ${rule.pattern[1]}`);
  }
  return right(text);
}

function decimalReader({ precision = 15, scale = 0 }: Column, rule: ValueRule): CellReader {
  const unit = 10 ** scale;
  const wholeDigits = precision - scale;
  const outOfBounds = boundsCheck(rule, unit);
  return (text) => {
    const [, sign = '', whole = '', decimals = ''] = DECIMAL.exec(text) ?? [];
    if (whole === '') return wrong('not_a_number', 'must be a decimal number such as 1250.5');
    const kept = decimals.replace(/0+$/, '');
    if (kept.length > scale)
      return wrong('too_many_decimals', `has ${kept.length} decimals, at most ${scale} are allowed`);
    const digits = whole.replace(/^0+(?=\d)/, '');
    if (digits !== '0' && digits.length > wholeDigits) {
      return wrong('out_of_range', `has ${digits.length} digits before the point, at most ${wholeDigits} are allowed`);
    }
    // At most 18 digits come here, of which those of any declared column (14) are exact.
    const scaled = Number(digits + kept.padEnd(scale, '0'));
    const value = sign === '' || scaled === 0 ? scaled : -scaled;
    return outOfBounds(value) ?? right(value);
  };
}

function integerReader(rule: ValueRule): CellReader {
  const outOfBounds = boundsCheck(rule, 1);
  return (text) => {
    if (!INTEGER.test(text)) return wrong('not_a_number', 'must be a whole number');
    const value = Number(text) + 0;
    if (Math.abs(value) > MAX_INTEGER) return wrong('out_of_range', `must be at most ${MAX_INTEGER}`);
    return outOfBounds(value) ?? right(value === 0 ? 0 : value);
  };
}

/** Checks a scaled integer against the bounds of a rule; numbers are not negative unless the rule says otherwise. */
function boundsCheck({ min = 0, max = Number.POSITIVE_INFINITY, positive }: ValueRule, unit: number) {
  return (value: number): Cell | undefined => {
    if (positive === true && value <= 0) return wrong('out_of_range', 'must be greater than 0');
    if (value < min * unit)
      return wrong('out_of_range', min === 0 ? 'must not be negative' : `must be at least ${min}`);
    if (value > max * unit) return wrong('out_of_range', `must be at most ${max}`);
    return undefined;
  };
}

function booleanCell(text: string): Cell {
  switch (text.toLowerCase()) {
    case 'true':
    case '1':
    case 'y':
    case 'yes':
      return right(true);
    case 'false':
    case '0':
    case 'n':
    case 'no':
      return right(false);
    default:
      return wrong('not_a_boolean', 'must be true or false, yes or no');
  }
}

function dateCell(text: string): Cell {
  if (!isIsoDate(text)) return wrong('not_a_date', 'must be a date that exists, such as 2026-11-23 or 11/23/2026');
  return text >= '1900-01-01' && text < '2200-01-01'
    ? right(text)
    : wrong('out_of_range', 'must be between 1900 and 2199');
}

function jsonCell(text: string): Cell {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return wrong('invalid_json', `is not JSON: ${(error as Error).message}`);
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? right(text) : wrong('invalid_json', 'must be a JSON object');
}
