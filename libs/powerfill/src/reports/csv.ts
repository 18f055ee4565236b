import type { ReportColumn, WireValue } from './report-column';

/** First characters by which spreadsheets take a cell for a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

function cellText(value: WireValue, isFreeText: boolean): string {
  if (value === null) return '';
  const plain = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // Numbers may begin with a minus; text written by others is defused with an apostrophe, as OWASP advises.
  const text = isFreeText && FORMULA_START.test(plain) ? `'${plain}` : plain;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The header line of a CSV (RFC 4180: CRLF, quotes doubled). */
export const csvHeader = (columns: readonly { readonly name: string }[]): string =>
  `${columns.map(({ name }) => cellText(name, false)).join(',')}\r\n`;

/** One line of a CSV. */
export const csvLine = <R>(columns: readonly ReportColumn<R>[], row: R): string =>
  `${columns.map((column) => cellText(column.cell(row), column.isFreeText)).join(',')}\r\n`;
