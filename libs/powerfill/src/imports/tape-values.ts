import type { Column } from '@powerfill/database';
import type { ValueRule } from './value-rules';

/** How a file writes numbers and dates. */
export interface TapeFormat {
  readonly decimalMark: '.' | ',';
  /** Whether the other mark may group thousands: in a file parted by semicolons nobody knows, unless a profile says. */
  readonly isGrouped: boolean;
  /** Order of `11/23/2026`. */
  readonly dateOrder: 'mdy' | 'dmy';
}

/** What an American tape looks like. */
export const US_TAPE: TapeFormat = { decimalMark: '.', isGrouped: true, dateOrder: 'mdy' };

const DIGITS = /^(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?$/;
const PERCENT_SCALE = 6;
const MONEY_SCALE = 2;

/**
 * A number as tapes write it (`$1,234.50`, `(12.00)`, `6.125%`) as plain decimal text; what it is not comes back as it
 * is, for the column's reader to refuse. `$` belongs to amounts; a percent sign to rates, which stay, and to shares,
 * which become fractions (`75%` is 0.75).
 */
export function plainNumber(text: string, column: Column, rule: ValueRule, format: TapeFormat): string {
  const isNegative = /^\(.*\)$/.test(text) || text.startsWith('-');
  let rest = text.replace(/^\((.*)\)$/, '$1').replace(/^-\s*/, '');
  if (column.scale === MONEY_SCALE) rest = rest.replace(/^\$\s*/, '');
  const isPercent = rest.endsWith('%');
  if (isPercent) rest = rest.slice(0, -1).trimEnd();
  if (format.decimalMark === ',') rest = rest.replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ','));
  if (rest === '' || rest === '.' || !DIGITS.test(rest) || (rest.includes(',') && !format.isGrouped)) return text;
  const plain = `${rest.startsWith('.') ? '0' : ''}${rest.replaceAll(',', '')}`;
  const value = isPercent ? ofPercent(plain, column, rule) : plain;
  return value === null ? text : `${isNegative ? '-' : ''}${value}`;
}

function ofPercent(plain: string, column: Column, rule: ValueRule): string | null {
  if (rule.max === 1) return hundredth(plain);
  return column.kind === 'decimal' && column.scale === PERCENT_SCALE ? plain : null;
}

/** Exact, on the text: `75.5` is `0.755`. */
function hundredth(plain: string): string {
  const [whole = '', decimals = ''] = plain.split('.');
  const digits = whole.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${decimals}`;
}

const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$/;
const YEAR_LAST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
/** Two-digit years below it are of this century. */
const PIVOT_YEAR = 70;

/** A date as tapes write it as `YYYY-MM-DD`, a time of day behind it left out; other text comes back as it is. */
export function plainDate(text: string, { dateOrder }: TapeFormat): string {
  const first = YEAR_FIRST.exec(text) ?? COMPACT.exec(text);
  if (first !== null) return isoDate(first[1], first[2], first[3]);
  const last = YEAR_LAST.exec(text);
  if (last === null) return text;
  const [, one, two, year = ''] = last;
  const full = year.length === 4 ? year : `${Number(year) < PIVOT_YEAR ? '20' : '19'}${year}`;
  return dateOrder === 'mdy' ? isoDate(full, one, two) : isoDate(full, two, one);
}

const isoDate = (year = '', month = '', day = ''): string =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
