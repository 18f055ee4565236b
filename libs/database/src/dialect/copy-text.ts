import type { Column } from '../schema/columns';
import type { TableDefinition } from '../schema/table';
import { cellToDatabase, columnOf } from '../values/convert';

/** Text goes to the server in pieces of about this many bytes: a millisecond or two of work each. */
const PIECE_BYTES = 65_536;
/** Room for any number with sign and point. */
const NUMBER_BYTES = 32;
const MAX_INT = 2_147_483_647;

const TAB = 9;
const NEWLINE = 10;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const BACKSLASH = 92;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (text: string): string =>
  /[\\\n\r\t]/.test(text) ? text.replaceAll(/[\\\n\r\t]/g, (char) => ESCAPES[char] ?? char) : text;

/** Writes a value the short way; false = it cannot, and what it has written does not count. */
type ShortWay = (value: unknown) => boolean;

/**
 * Rows in COPY's text format: a line a row, tabs between, `\N` for null. What nearly every cell holds, numbers and
 * plain ASCII, goes digit by digit into the bytes, since a large run has 20 million cells and a string for each costs
 * more than all the rest. Whatever is not plain goes the way of all other writes, {@link cellToDatabase}.
 */
class CopyText {
  private bytes = Buffer.allocUnsafe(2 * PIECE_BYTES);
  private at = 0;
  private readonly cells: readonly { readonly name: string; readonly shortWay: ShortWay }[];

  /** @param common columns that have the same value in every row */
  constructor(
    private readonly table: TableDefinition,
    names: readonly string[],
    common: Readonly<Record<string, unknown>>,
  ) {
    this.cells = names.map((name) => ({
      name,
      shortWay: name in common ? this.constant(name, common[name]) : this.shortWayOf(name, columnOf(table, name)),
    }));
  }

  get isFull(): boolean {
    return this.at >= PIECE_BYTES;
  }

  /** The text so far; its memory is used again for the next rows. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.at);
    this.at = 0;
    return taken;
  }

  /** @throws ColumnValueError naming table and column */
  add(row: Readonly<Record<string, unknown>>): void {
    const { cells } = this;
    for (let index = 0; index < cells.length; index += 1) {
      const { name, shortWay } = cells[index]!;
      const value = row[name];
      this.room(NUMBER_BYTES);
      const start = this.at;
      if (!shortWay(value)) {
        this.at = start;
        this.text(this.longWay(name, value));
      }
      this.bytes[this.at++] = TAB;
    }
    this.bytes[this.at - 1] = NEWLINE;
  }

  private longWay(name: string, value: unknown): string {
    const converted = cellToDatabase(this.table, name, value);
    if (converted === null) return '\\N';
    if (typeof converted === 'string') return escaped(converted);
    if (converted instanceof Date) return converted.toISOString();
    return Buffer.isBuffer(converted) ? `\\\\x${converted.toString('hex')}` : String(converted);
  }

  private constant(name: string, value: unknown): ShortWay {
    const text = this.longWay(name, value);
    return () => {
      this.text(text);
      return true;
    };
  }

  private shortWayOf(name: string, column: Column): ShortWay {
    switch (column.kind) {
      case 'decimal':
        return this.decimal(column.precision ?? 0, column.scale ?? 0);
      case 'int':
        return (value) => Number.isInteger(value) && this.whole(value as number);
      case 'varchar':
      case 'text':
      case 'json':
        return (value) => typeof value === 'string' && value.length <= (column.length ?? MAX_INT) && this.ascii(value);
      default:
        return this.repeated(name);
    }
  }

  private decimal(precision: number, scale: number): ShortWay {
    const limit = Math.min(10 ** precision, Number.MAX_SAFE_INTEGER);
    const unit = 10 ** scale;
    if (unit > MAX_INT) return () => false;
    return (value) => {
      if (!Number.isInteger(value)) return false;
      const magnitude = Math.abs(value as number);
      if (magnitude >= limit) return false;
      if ((value as number) < 0) this.bytes[this.at++] = MINUS;
      // Both operations are exact on integers.
      const fraction = magnitude % unit;
      if (!this.whole((magnitude - fraction) / unit)) return false;
      if (scale === 0) return true;
      this.bytes[this.at++] = POINT;
      this.digits(fraction, scale);
      return true;
    };
  }

  /** Dates, ids and flags: looked at once and then known, since rows that follow each other mostly agree. */
  private repeated(name: string): ShortWay {
    let known: unknown = null;
    let text = '';
    return (value) => {
      if (value === null || value === undefined || typeof value === 'object') return false;
      if (value !== known) {
        text = this.longWay(name, value);
        known = value;
      }
      return this.ascii(text);
    };
  }

  /** An integer below 2^31 in magnitude. */
  private whole(value: number): boolean {
    const magnitude = Math.abs(value);
    if (magnitude > MAX_INT) return false;
    if (value < 0) this.bytes[this.at++] = MINUS;
    let length = 1;
    for (let unit = 10; unit <= magnitude; unit *= 10) length += 1;
    this.digits(magnitude, length);
    return true;
  }

  private digits(value: number, length: number): void {
    const { bytes } = this;
    let rest = value;
    for (let index = this.at + length - 1; index >= this.at; index -= 1) {
      const tenth = (rest / 10) | 0;
      bytes[index] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.at += length;
  }

  /** Text of printable ASCII without a backslash. */
  private ascii(text: string): boolean {
    this.room(text.length + 1);
    const { bytes } = this;
    let at = this.at;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < 32 || code > 126 || code === BACKSLASH) return false;
      bytes[at++] = code;
    }
    this.at = at;
    return true;
  }

  private text(text: string): void {
    this.room((text.length > PIECE_BYTES ? Buffer.byteLength(text) : 3 * text.length) + 1);
    this.at += this.bytes.write(text, this.at);
  }

  private room(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.at + length));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}

/**
 * The COPY text of rows, made as it is asked for.
 *
 * @param common columns that have the same value in every row
 * @returns pieces of whole rows; each is overwritten once the next is asked for
 * @throws ColumnValueError naming table and column
 */
export function* copyPieces(
  table: TableDefinition,
  names: readonly string[],
  rows: Iterable<object>,
  common: object = {},
): Generator<Buffer> {
  const text = new CopyText(table, names, common as Record<string, unknown>);
  for (const row of rows) {
    text.add(row as Record<string, unknown>);
    if (text.isFull) yield text.take();
  }
  yield text.take();
}
