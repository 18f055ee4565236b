import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { computed, CONTENT } from './report-column';
import { xlsxFile } from './xlsx';

interface Row {
  readonly id: string;
  readonly gain: string | null;
}

const columns = [
  computed<Row>('id', CONTENT.code, ({ id }) => id),
  computed<Row>('gain', CONTENT.dollars, ({ gain }) => gain),
  computed<Row>('day', CONTENT.date, () => '2026-11-23'),
  computed<Row>('locked', CONTENT.flag, () => true),
];

/** Names and texts of a zip file's entries. */
async function partsOf(bytes: Buffer): Promise<Map<string, string>> {
  const open = promisify<Buffer, object, ZipFile>(fromBuffer);
  const zip = await open(bytes, { lazyEntries: true });
  const read = promisify<Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
  const parts = new Map<string, string>();
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      read(entry)
        .then(async (stream) => parts.set(entry.fileName, (await buffer(stream)).toString()))
        .then(() => zip.readEntry(), reject);
    });
    zip.once('end', resolve);
    zip.readEntry();
  });
  return parts;
}

async function* chunksOf(...chunks: Row[][]): AsyncGenerator<Row[]> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

describe('an XLSX report', () => {
  it('holds numbers as numbers, days as dates and text as text, whatever it begins with', async () => {
    const rows = chunksOf([{ id: '=1+1 & <b>\u0001', gain: '-1.50' }], [], [{ id: 'L2', gain: null }]);
    const parts = await partsOf(await buffer(xlsxFile({ sheet: 'guide', columns, rows })));
    expect([...parts.keys()].sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    const sheet = parts.get('xl/worksheets/sheet1.xml') ?? '';
    const text = (value: string): string => `<c t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`;
    // Day 46,349 of Excel's calendar: 2026-11-23 is 46,349 days after 1899-12-30.
    const rest = '<c s="2"><v>46349</v></c><c t="b"><v>1</v></c>';
    expect(sheet).toContain(`<row>${text('=1+1 &amp; &lt;b&gt;\ufffd')}<c><v>-1.50</v></c>${rest}</row>`);
    expect(sheet).toContain(`<row>${text('L2')}<c/>${rest}</row></sheetData></worksheet>`);
    expect(parts.get('xl/workbook.xml')).toContain('<sheet name="guide" sheetId="1" r:id="rId1"/>');
  });

  it('goes on in another sheet when one is full, and begins none without a row', async () => {
    const row = (id: string): Row => ({ id, gain: null });
    const rows = chunksOf([row('A'), row('B'), row('C')], [row('D')]);
    const parts = await partsOf(await buffer(xlsxFile({ sheet: 'guide', columns, rows, sheetRows: 3 })));
    const ids = [1, 2].map((n) => parts.get(`xl/worksheets/sheet${n}.xml`)?.match(/(?<=>)[A-D](?=<)/g));
    expect(ids).toEqual([
      ['A', 'B'],
      ['C', 'D'],
    ]);
    expect(parts.get('xl/workbook.xml')).toContain('name="guide 2" sheetId="2"');
    expect([...parts.keys()].filter((name) => name.startsWith('xl/worksheets'))).toHaveLength(2);
  });

  it('fails as a whole when its rows fail', async () => {
    const rows = (async function* (): AsyncGenerator<Row[]> {
      yield await Promise.resolve([{ id: 'L1', gain: null }]);
      throw new Error('The rows are gone');
    })();
    await expect(buffer(xlsxFile({ sheet: 'guide', columns, rows }))).rejects.toThrow('The rows are gone');
  });
});
