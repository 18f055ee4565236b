import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ReportColumn, WireValue } from './report-column';

/** A sheet to be written. */
export interface XlsxSheet<R> {
  readonly sheet: string;
  readonly columns: readonly ReportColumn<R>[];
  readonly rows: AsyncIterable<readonly R[]>;
  /** Most rows of a sheet, the header among them; what is beyond goes on in another one. Excel's own limit unless said. */
  readonly sheetRows?: number;
}

const EXCEL_ROWS = 1_048_576;

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Cell formats of `styles.xml`, by index: 0 general, 1 bold header, 2 date. */
const STYLES =
  `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font/><font><b/></font></fonts><fills count="1"><fill/></fills>` +
  '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>' +
  '<xf fontId="1" applyFont="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>';

/**
 * A workbook (ECMA-376, transitional) as a stream with constant memory: texts stand in their cells, so no table of
 * shared strings grows, and rows are asked for as the reader takes the bytes.
 */
export function xlsxFile<R>({ sheet, columns, rows, sheetRows = EXCEL_ROWS }: XlsxSheet<R>): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const left = new RowQueue(rows);
  const fail = (error: Error): void => void output.destroy(error);
  zip.on('error', fail);
  const addSheet = (count: number): void => {
    zip.addReadStreamLazy(`xl/worksheets/sheet${count}.xml`, (give) => {
      const stream = Readable.from(sheetXml(columns, left, sheetRows - 1), { objectMode: false });
      stream.once('error', fail);
      output.once('close', () => stream.destroy());
      stream.once('end', () => (left.isEmpty ? finish(count) : addSheet(count + 1)));
      give(null, stream);
    });
  };
  const finish = (count: number): void => {
    for (const [name, text] of packageParts(sheet, count)) zip.addBuffer(Buffer.from(text), name);
    zip.end();
  };
  addSheet(1);
  return output;
}

/** Rows of an iterator, and whether there are more, known before the next sheet begins. */
class RowQueue<R> {
  private readonly source: AsyncIterator<readonly R[]>;
  private waiting: readonly R[] = [];
  isEmpty = false;

  constructor(rows: AsyncIterable<readonly R[]>) {
    this.source = rows[Symbol.asyncIterator]();
  }

  /** At most `most` rows; none at the end. */
  async take(most: number): Promise<readonly R[]> {
    await this.fill();
    const taken = this.waiting.slice(0, most);
    this.waiting = this.waiting.slice(taken.length);
    return taken;
  }

  /** Looks for a further row. */
  async fill(): Promise<void> {
    while (this.waiting.length === 0 && !this.isEmpty) {
      const next = await this.source.next();
      if (next.done === true) this.isEmpty = true;
      else this.waiting = next.value;
    }
  }
}

async function* sheetXml<R>(
  columns: readonly ReportColumn<R>[],
  left: RowQueue<R>,
  most: number,
): AsyncGenerator<string> {
  yield (
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>' +
    `<row>${columns.map(({ name }) => textCell(name, 1)).join('')}</row>`
  );
  for (let room = most; room > 0;) {
    const rows = await left.take(room);
    if (rows.length === 0) break;
    room -= rows.length;
    yield rows
      .map((row) => `<row>${columns.map((column) => cellXml(column, column.cell(row))).join('')}</row>`)
      .join('');
  }
  await left.fill();
  yield '</sheetData></worksheet>';
}

const DAY_MS = 86_400_000;
/** Day 0 of Excel's calendar as it counts from March 1900 on. */
const EPOCH_MS = Date.UTC(1899, 11, 30);

function cellXml<R>({ content }: ReportColumn<R>, value: WireValue): string {
  if (value === null) return '<c/>';
  switch (content.kind) {
    case 'decimal':
    case 'whole':
      return typeof value === 'number' || typeof value === 'string' ? `<c><v>${value}</v></c>` : '<c/>';
    case 'flag':
      return `<c t="b"><v>${value === true ? 1 : 0}</v></c>`;
    case 'date':
      return `<c s="2"><v>${(Date.parse(`${value as string}T00:00:00Z`) - EPOCH_MS) / DAY_MS}</v></c>`;
    default:
      return textCell(typeof value === 'string' ? value : JSON.stringify(value), 0);
  }
}

/** Longest text of a cell. */
const CELL_CHARACTERS = 32_767;
// Characters that XML 1.0 cannot hold, escaped or not.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string =>
  text.replace(NOT_XML, '\ufffd').replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const textCell = (text: string, style: number): string =>
  `<c t="inlineStr"${style === 0 ? '' : ` s="${style}"`}><is><t xml:space="preserve">${escaped(text.slice(0, CELL_CHARACTERS))}</t></is></c>`;

function packageParts(name: string, sheets: number): [string, string][] {
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const override = (part: string, kind: string): string =>
    `<Override PartName="${part}" ContentType="${type}.${kind}+xml"/>`;
  const relation = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`;
  const relations = (content: string): string =>
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${content}</Relationships>`;
  const title = (number: number): string => escaped(`${name.slice(0, 25)}${number === 1 ? '' : ` ${number}`}`);
  return [
    [
      '[Content_Types].xml',
      `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
        override('/xl/workbook.xml', 'sheet.main') +
        override('/xl/styles.xml', 'styles') +
        `${numbers.map((n) => override(`/xl/worksheets/sheet${n}.xml`, 'worksheet')).join('')}</Types>`,
    ],
    ['_rels/.rels', relations(relation('rId1', 'officeDocument', 'xl/workbook.xml'))],
    [
      'xl/workbook.xml',
      `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>` +
        `${numbers.map((n) => `<sheet name="${title(n)}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      relations(
        numbers.map((n) => relation(`rId${n}`, 'worksheet', `worksheets/sheet${n}.xml`)).join('') +
          relation(`rId${sheets + 1}`, 'styles', 'styles.xml'),
      ),
    ],
    ['xl/styles.xml', STYLES],
  ];
}
