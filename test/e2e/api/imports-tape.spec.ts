import { changeLogTable, importErrorTable, loanTable, type LoanRow } from '@powerfill/core/entities';
import { computed, CONTENT, xlsxFile } from '@powerfill/core/reports';
import { sql } from '@powerfill/database';
import { buffer } from 'node:stream/consumers';
import { runningApi, type Answer, type TestApi } from './running-api';

const LOANS = '/api/powerfill/imports/loan';
const PROFILES = '/api/powerfill/import-profiles';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const HEADER = [
  'loan_id',
  'loan_amount',
  'note_rate',
  'curr_status',
  'product',
  'term_months',
  'agency_type',
  'close_date',
];
const ROW = ['L1', '$250,000.50', '6.125%', 'Closed', 'conv30', '360', 'conventional', '11/23/2026'];

describe("a desk's own tapes", () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi();
  });
  afterAll(() => test.close());
  afterEach(async () => {
    const { dialect, dataSource } = test.alpha;
    await dialect.execute(dataSource, sql`DELETE FROM ${dialect.table(loanTable)}`);
  });

  const load = (body: string | Buffer, query = '', type = 'text/csv'): Promise<Answer> =>
    test.call(`${LOANS}${query}`, { body, headers: { 'Content-Type': type, 'X-Subject': 'jane' } });
  const stored = (): Promise<LoanRow[]> =>
    test.alpha.dialect.readRows(test.alpha.dataSource, loanTable, { orderBy: ['loan_id'] });
  const expectLoaded = async (answer: Answer): Promise<void> => {
    expect(answer.json).toMatchObject({ rows: 1, inserted: 1, error_count: 0 });
    expect(await stored()).toMatchObject([
      { loan_id: 'L1', loan_amount: 25_000_050, note_rate: 6_125_000, close_date: '2026-11-23' },
    ]);
  };
  const tape = (delimiter: string, row = ROW): string =>
    [HEADER, row]
      .map((cells) => cells.map((cell) => (cell.includes(delimiter) ? `"${cell}"` : cell)).join(delimiter))
      .join('\r\n');

  it.each([
    ['commas', ','],
    ['tabs', '\t'],
    ['bars', '|'],
  ])('come with %s, dollars, percent signs and American dates', async (_, delimiter) => {
    await expectLoaded(await load(tape(delimiter)));
  });

  it('come with semicolons, whose numbers may not be grouped unless a profile says how', async () => {
    const row = ROW.with(1, '250000.50');
    await expectLoaded(await load(tape(';', row)));
    expect((await load(tape(';'))).json['errors']).toMatchObject([{ column: 'loan_amount', value: '$250,000.50' }]);
  });

  it('come as UTF-16 and with a byte order mark', async () => {
    await expectLoaded(await load(Buffer.from(`\ufeff${tape(',')}`, 'utf16le')));
    await test.alpha.dialect.execute(test.alpha.dataSource, sql`DELETE FROM ${test.alpha.dialect.table(loanTable)}`);
    await expectLoaded(await load(`\ufeff${tape(',')}`));
  });

  it('come as a workbook, whose faults name the row', async () => {
    const columns = HEADER.map((name, at) => computed<string[]>(name, CONTENT.text, (row) => row[at] ?? ''));
    const book = (...rows: string[][]) =>
      buffer(
        xlsxFile({
          sheet: 'tape',
          columns,
          rows: (async function* () {
            yield await Promise.resolve(rows);
          })(),
        }),
      );
    await expectLoaded(await load(await book(ROW), '', XLSX));
    const bad = await load(await book(ROW, ROW.with(0, 'L2').with(2, 'high')), '', XLSX);
    expect([bad.status, bad.json['errors']]).toMatchObject([422, [{ line: 3, column: 'note_rate', value: 'high' }]]);
    expect((await load('loan_id\n', '', XLSX)).json['errors']).toMatchObject([{ code: 'not_xlsx' }]);
  });

  it('are tried without being stored', async () => {
    const answer = await load(tape(','), '?dry_run=true');
    expect(answer.json).toMatchObject({ dry_run: true, rows: 1, inserted: 1, updated: 0 });
    expect(await stored()).toEqual([]);
    await load(tape(','));
    expect((await load(tape(','), '?dry_run=true')).json).toMatchObject({ inserted: 0, updated: 1 });
  });

  it('give the rows left out as a file, which is mended and loaded again; the import is in the log', async () => {
    const [header = '', row = ''] = tape(',').split('\r\n');
    const bad = row.replace('L1', 'L2').replace('6.125%', 'high, very');
    const quoted = bad.replace('high, very', '"high, very"');
    const answer = await load(`${header}\n${row}\n${quoted}\n`, '?mode=partial');
    expect(answer.json).toMatchObject({ inserted: 1, rejected: 1 });
    const { error_file: link = '' } = answer.json['links'] as Record<string, string>;
    const file = await test.call(link);
    expect(file.headers.get('content-disposition')).toContain('loan-errors.csv');
    expect(file.text).toContain('close_date,import_line,import_errors\r\n');
    expect(file.text).toContain('"high, very"');
    expect(file.text).toContain(',3,note_rate: must be a decimal number such as 1250.5\r\n');
    expect((await load(file.text.replace('"high, very"', '6.5'))).json).toMatchObject({ inserted: 1, error_count: 0 });
    expect((await stored()).map(({ loan_id: id }) => id)).toEqual(['L1', 'L2']);
    const { dialect, dataSource } = test.alpha;
    const log = await dialect.readRows(dataSource, changeLogTable, {
      where: { object_kind: 'import', changed_by: 'jane' },
    });
    expect(log.map(({ after_json: json }) => JSON.parse(json ?? '') as object)).toContainEqual({
      rows: 2,
      rejected: 1,
      profile: null,
      inserted: 1,
      updated: 0,
    });
    // Another tenant has no such file, and files go after a week.
    expect((await test.call(link, { headers: { 'X-Tenant-Id': 'beta' } })).status).toBe(404);
    const errors = dialect.table(importErrorTable);
    await dialect.execute(
      dataSource,
      sql`UPDATE ${errors} SET created_at = ${dialect.plusMs(dialect.now, -8 * 86_400_000)}`,
    );
    await load(`${header}\n${quoted}\n`, '?mode=partial');
    expect((await test.call(link)).status).toBe(404);
  });

  it('are read by a saved profile: own headers, own words, constants, decimal comma, day first', async () => {
    const profile = {
      columns: {
        'Loan #': 'loan_id',
        UPB: 'loan_amount',
        Rate: 'note_rate',
        Status: 'curr_status',
        Branch: null,
        Closed: 'close_date',
      },
      values: { curr_status: { funded: 'Closed' } },
      constants: { product: 'conv30', term_months: '360', agency_type: 'conventional' },
      decimal_mark: ',',
      date_order: 'dmy',
    };
    const save = (body: object) => test.call(`${PROFILES}/loan/lender`, { method: 'PUT', body });
    const wrong = await save({ columns: { a: 'loanid' }, constants: { term_months: 'x' }, mapping: {} });
    expect((wrong.json['errors'] as { path: string }[]).map(({ path }) => path)).toEqual([
      'mapping',
      'columns.a',
      'constants.term_months',
    ]);
    expect((await save(profile)).json).toEqual({ table_name: 'loan', profile_name: 'lender', profile });
    const lines = ['loan #;UPB;Rate;STATUS;Branch;Closed', 'L1;250.000,50;6,125;FUNDED;Reno;23.11.2026'];
    await expectLoaded(await load(lines.join('\n'), '?profile=lender'));
    const unknown = await load(lines.join('\n').replace('Branch', 'Region'), '?profile=lender');
    expect(unknown.json['errors']).toMatchObject([{ code: 'unknown_column', column: 'region' }]);
    await save({ ...profile, ignore_unknown: true });
    expect((await load(lines.join('\n').replace('Branch', 'Region'), '?profile=lender')).json['updated']).toBe(1);
    expect((await test.call(PROFILES)).json['items']).toHaveLength(1);
    expect((await test.call(`${PROFILES}/loan/lender`, { method: 'DELETE' })).status).toBe(204);
    expect((await load('x\n', '?profile=lender')).json['code']).toBe('object_not_found');
  });
});
