import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { computed, CONTENT } from '../reports/report-column';
import { xlsxFile } from '../reports/xlsx';
import { csvOfWorkbook } from './xlsx-rows';
import { styleOfFormat } from './xlsx-styles';

const folder = mkdtempSync(join(tmpdir(), 'powerfill-xlsx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const csvOf = async (path: string, maxFileBytes = 1_000_000): Promise<string> => {
  let text = '';
  for await (const piece of csvOfWorkbook(path, { maxFileBytes, maxLineBytes: 1_000_000 })) text += piece;
  return text;
};

async function workbook(name: string, parts: Readonly<Record<string, string>>): Promise<string> {
  const zip = new ZipFile();
  for (const [part, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), part);
  zip.end();
  const path = join(folder, name);
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

const parts = (sheet: string, workbookPr = ''): Record<string, string> => ({
  'xl/workbook.xml': `<workbook xmlns:r="r">${workbookPr}<sheets><sheet name="Tape" sheetId="7" r:id="rId9"/><sheet name="Other" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="rId1" Target="worksheets/other.xml"/><Relationship Id="rId9" Target="/xl/worksheets/tape.xml"/></Relationships>',
  'xl/styles.xml':
    '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.000%"/><numFmt numFmtId="165" formatCode="[$-409]d\\-mmm\\-yy;@"/></numFmts>' +
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
  'xl/sharedStrings.xml':
    '<sst><si><t>loan_id</t></si><si><r><t>L</t></r><r><t xml:space="preserve">1 "a"</t></r><rPh><t>x</t></rPh></si></sst>',
  'xl/worksheets/tape.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
});

const SHEET =
  '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>rate, pct</t></is></c></row>' +
  '<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" s="1"><v>46349</v></c><c r="C4" s="2"><v>6.1249999999999999E-2</v></c>' +
  '<c r="D4" s="3"><v>46349.75</v></c><c r="E4"><v>250000.10000000001</v></c><c r="F4" t="b"><v>1</v></c><c r="G4" t="str"><f>A1</f><v>x</v></c></row>';

describe('a workbook as CSV', () => {
  it('reads the first sheet: shared and own texts, dates, percents, 15 digits; row n is line n', async () => {
    // 2026-11-23 is day 46,349; rows 2 and 3 are not in the sheet.
    expect(await csvOf(await workbook('excel.xlsx', parts(SHEET)))).toBe(
      'loan_id,,"rate, pct"\n\n\n"L1 ""a""",2026-11-23,6.125%,2026-11-23,250000.1,true,x\n',
    );
  });

  it('knows the calendar of 1904', async () => {
    const sheet = '<row r="1"><c r="A1" s="1"><v>0</v></c></row>';
    expect(await csvOf(await workbook('mac.xlsx', parts(sheet, '<workbookPr date1904="1"/>')))).toBe('1904-01-01\n');
  });

  it('reads what our own reports write', async () => {
    const columns = [
      computed<string>('loan_id', CONTENT.code, (id) => id),
      computed<string>('amount', CONTENT.dollars, () => '1234.50'),
      computed<string>('close_date', CONTENT.date, () => '2026-11-23'),
      computed<string>('locked', CONTENT.flag, () => false),
    ];
    const path = join(folder, 'own.xlsx');
    const rows = (async function* () {
      yield await Promise.resolve(['L1', 'L,2']);
    })();
    await pipeline(xlsxFile({ sheet: 'guide', columns, rows }), createWriteStream(path));
    expect(await csvOf(path)).toBe(
      'loan_id,amount,close_date,locked\nL1,1234.5,2026-11-23,false\n"L,2",1234.5,2026-11-23,false\n',
    );
  });

  it('refuses what is no workbook, has no sheet, or unpacks to far more than it is', async () => {
    const path = join(folder, 'text.xlsx');
    writeFileSync(path, 'loan_id\nL1\n');
    await expect(csvOf(path)).rejects.toThrow('no XLSX workbook');
    await expect(csvOf(await workbook('empty.xlsx', { 'xl/workbook.xml': '<workbook/>' }))).rejects.toThrow(
      'has no sheet',
    );
    const bomb = await workbook(
      'bomb.xlsx',
      parts(`<row r="1"><c r="A1" t="str"><v>${'x'.repeat(50_000)}</v></c></row>`),
    );
    await expect(csvOf(bomb, 1_000)).rejects.toThrow('unpacks to more than 10000 bytes');
    await expect(csvOf(await workbook('broken.xlsx', parts('<row></c>')))).rejects.toThrow('no XLSX workbook');
  });

  it.each([
    ['m/d/yyyy', 'date'],
    ['0.00%', 'percent'],
    ['#,##0.00 "day"', 'general'],
    ['[Red]0.00', 'general'],
    ['General', 'general'],
  ])('takes the format %s for %s', (format, style) => {
    expect(styleOfFormat(format)).toBe(style);
  });
});
