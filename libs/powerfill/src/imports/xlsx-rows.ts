import { promisify } from 'node:util';
import { SaxesParser } from 'saxes';
import { open, type Entry, type ZipFile } from 'yauzl';
import { BYTE_BOUNDS, type ByteBounds } from './byte-guard';
import { fileFault } from './import-error';
import { readStyles, type CellStyle } from './xlsx-styles';

/** What a workbook may unpack to, as a multiple of the bounds of a file: a zip bomb unpacks to more. */
const UNPACKED_FACTOR = 10;
const notXlsx = (what: string) => fileFault(1, 'not_xlsx', `the file is no XLSX workbook: ${what}`);

/**
 * The first sheet of a workbook as CSV, row by row: line n is row n, dates are `YYYY-MM-DD`, percent cells keep their
 * sign, numbers have at most the 15 digits a spreadsheet shows.
 * @throws {FileFault} `not_xlsx`, `file_too_large`
 */
export async function* csvOfWorkbook(path: string, bounds: ByteBounds = BYTE_BOUNDS): AsyncGenerator<string> {
  const book = await Workbook.open(path, bounds.maxFileBytes * UNPACKED_FACTOR);
  try {
    const sheet = await book.firstSheet();
    const styles = await readStyles(book.text('xl/styles.xml'));
    const texts = await sharedTexts(book.text('xl/sharedStrings.xml'));
    yield* sheetLines(book.text(sheet.path), styles, texts, sheet.is1904);
  } finally {
    book.close();
  }
}

/** The parts of a workbook on disk. */
class Workbook {
  private unpacked = 0;

  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly mostBytes: number,
  ) {}

  static async open(path: string, mostBytes: number): Promise<Workbook> {
    const openZip = promisify<string, object, ZipFile>(open);
    const zip = await openZip(path, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
      throw notXlsx((error as Error).message);
    });
    const entries = new Map<string, Entry>();
    await new Promise<void>((resolve, reject) => {
      zip.on('entry', (entry: Entry) => {
        entries.set(entry.fileName, entry);
        zip.readEntry();
      });
      zip.once('end', resolve);
      zip.once('error', (error: Error) => reject(notXlsx(error.message)));
      zip.readEntry();
    });
    return new Workbook(zip, entries, mostBytes);
  }

  close(): void {
    this.zip.close();
  }

  /** Text of a part, in pieces; nothing when there is none. */
  async *text(name: string): AsyncGenerator<string> {
    const entry = this.entries.get(name);
    if (entry === undefined) return;
    const read = promisify<Entry, NodeJS.ReadableStream>(this.zip.openReadStream.bind(this.zip));
    const stream = await read(entry);
    const decoder = new TextDecoder();
    for await (const piece of stream as AsyncIterable<Buffer>) {
      this.unpacked += piece.length;
      if (this.unpacked > this.mostBytes) {
        throw fileFault(1, 'file_too_large', `the workbook unpacks to more than ${this.mostBytes} bytes`);
      }
      yield decoder.decode(piece, { stream: true });
    }
  }

  async firstSheet(): Promise<{ readonly path: string; readonly is1904: boolean }> {
    let [id, is1904] = ['', false];
    await elements(this.text('xl/workbook.xml'), (name, attributes) => {
      if (name === 'sheet') id ||= attributes['r:id'] ?? '';
      if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
    });
    let target = '';
    await elements(this.text('xl/_rels/workbook.xml.rels'), (name, attributes) => {
      if (name === 'Relationship' && attributes['Id'] === id) target = attributes['Target'] ?? '';
    });
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    if (id === '' || !this.entries.has(path)) throw notXlsx('it has no sheet');
    return { path, is1904 };
  }
}

type Attributes = Readonly<Record<string, string>>;
type Visit = (name: string, attributes: Attributes) => void;

/** Calls for each element of a document; `text` and `close` where they matter. */
async function elements(
  source: AsyncIterable<string>,
  visit: Visit,
  more: { readonly text?: (text: string) => void; readonly close?: (name: string) => void } = {},
): Promise<void> {
  const parser = parserOf(visit, more);
  let isThere = false;
  for await (const piece of source) {
    parser.write(piece);
    isThere = true;
  }
  // A part that is not in the workbook is no broken one.
  if (isThere) parser.close();
}

function parserOf(visit: Visit, more: Parameters<typeof elements>[2] = {}): SaxesParser {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw notXlsx(error.message);
  });
  parser.on('opentag', ({ name, attributes }) => visit(name, attributes as Attributes));
  if (more.text !== undefined) parser.on('text', more.text);
  if (more.close !== undefined) {
    const { close } = more;
    parser.on('closetag', ({ name }) => close(name));
  }
  return parser;
}

/** The texts cells refer to by number; phonetic readings are left out. */
async function sharedTexts(source: AsyncIterable<string>): Promise<readonly string[]> {
  const texts: string[] = [];
  let [text, isText, isPhonetic] = ['', false, false];
  await elements(
    source,
    (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') isPhonetic = true;
      if (name === 't') isText = true;
    },
    {
      text: (piece) => {
        if (isText && !isPhonetic) text += piece;
      },
      close: (name) => {
        if (name === 't') isText = false;
        if (name === 'rPh') isPhonetic = false;
        if (name === 'si') texts.push(text);
      },
    },
  );
  return texts;
}

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: CellStyle;
  value: string;
}

async function* sheetLines(
  source: AsyncIterable<string>,
  styles: readonly CellStyle[],
  texts: readonly string[],
  is1904: boolean,
): AsyncGenerator<string> {
  let lines = '';
  let row = 0;
  let cells: string[] = [];
  let cell: OpenCell | null = null;
  let isValue = false;
  const parser = parserOf(
    (name, attributes) => {
      if (name === 'row') {
        const number = Number(attributes['r'] ?? row + 1);
        // Rows the sheet leaves out are blank lines, so that lines and rows have one number.
        lines += '\n'.repeat(Math.max(0, Math.min(number - row - 1, MOST_ROWS)));
        row = number;
        cells = [];
      } else if (name === 'c') {
        const column = columnNumber(attributes['r']) ?? cells.length;
        const style = styles[Number(attributes['s'] ?? 0)] ?? 'general';
        cell = { column, type: attributes['t'] ?? 'n', style, value: '' };
      } else if (name === 'v' || name === 't') isValue = true;
    },
    {
      text: (piece) => {
        if (isValue && cell !== null) cell.value += piece;
      },
      close: (name) => {
        if (name === 'v' || name === 't') isValue = false;
        else if (name === 'c' && cell !== null) {
          while (cells.length < cell.column) cells.push('');
          cells[cell.column] = cellText(cell, texts, is1904);
          cell = null;
        } else if (name === 'row') lines += `${cells.map(quoted).join(',')}\n`;
      },
    },
  );
  for await (const piece of source) {
    parser.write(piece);
    if (lines === '') continue;
    yield lines;
    lines = '';
  }
  parser.close();
  if (lines !== '') yield lines;
}

const MOST_ROWS = 1_048_576;
const MOST_COLUMNS = 16_384;

/** 0-based column of a reference such as `AB12`. */
function columnNumber(reference: string | undefined): number | null {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference ?? '')?.[1];
  if (letters === undefined) return null;
  const number = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  if (number >= MOST_COLUMNS) throw notXlsx('a row has too many columns');
  return number;
}

const DAY_MS = 86_400_000;
/** Day 0 of the calendars, counted so that days from March 1900 on are right. */
const EPOCHS = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) };

function cellText({ type, style, value }: OpenCell, texts: readonly string[], is1904: boolean): string {
  if (type === 's') return texts[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'true' : 'false';
  if (type !== 'n' || value === '') return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  if (style === 'date') {
    const epoch = EPOCHS[is1904 ? 1904 : 1900];
    return new Date(epoch + Math.floor(number) * DAY_MS).toISOString().slice(0, 10);
  }
  return style === 'percent' ? `${shown(number * 100)}%` : shown(number);
}

/** A double as a spreadsheet shows it: 15 digits, no exponent. */
function shown(number: number): string {
  const text = String(Number(number.toPrecision(15)));
  return text.includes('e') ? number.toFixed(10).replace(/\.?0+$/, '') : text;
}

/** Line breaks in a cell become blanks, so that a row stays a line. */
function quoted(text: string): string {
  const flat = text.replace(/\r?\n|\r/g, ' ');
  return /[",]/.test(flat) ? `"${flat.replaceAll('"', '""')}"` : flat;
}
