import { Readable } from 'node:stream';
import { createDataSource, createDialect, parseConnectionUrl, sql, type DatabaseHandle } from '@powerfill/database';
import { ALL_TABLES, carryCostTable, loanLimitTable, loanTable, tradePoolTable } from '@powerfill/core/entities';
import {
  IMPORTABLE_TABLES,
  ImportError,
  importFile,
  importableTable,
  type ImportMode,
  type ImportReport,
} from '@powerfill/core/imports';
import { migrateTenant } from '@powerfill/migrations';
import type { DataSource } from 'typeorm';
import { generateDataset } from '../../../scripts/generate/dataset';
import { csvChunks } from '../../../scripts/generate/write-csv';
import { freshDatabase, type TestDatabase } from '../../support/servers';

const REQUIRED = 'loan_id,loan_amount,note_rate,curr_status,product,term_months,agency_type';
const GOOD = '250000.00,6.125,Closed,conv30,360,conventional';

let place: TestDatabase;
let dataSource: DataSource;
let database: DatabaseHandle;

beforeAll(async () => {
  place = await freshDatabase();
  const { driver, connection } = parseConnectionUrl(place.url);
  const settings = { driver, connection, schema: driver === 'postgres' ? 'public' : 'dbo' };
  await migrateTenant({ database: settings, upstream: 'managed' });
  dataSource = createDataSource({ settings, tables: ALL_TABLES });
  await dataSource.initialize();
  database = { dataSource, dialect: createDialect(settings) };
});

afterAll(async () => {
  await dataSource.destroy();
  await place.drop();
});

beforeEach(async () => {
  for (const table of [loanTable, carryCostTable, loanLimitTable]) {
    await database.dialect.execute(dataSource, sql`DELETE FROM ${database.dialect.table(table)}`);
  }
});

const importLoans = (content: string | Buffer, mode: ImportMode = 'all'): Promise<ImportReport> =>
  importFile(database, Readable.from([Buffer.from(content)]), loanTable, { mode });

const storedLoans = async () => (await database.dialect.readRows(dataSource, loanTable)).map((loan) => loan.loan_id);

/** Code, line and column of each fault of a refused file. */
async function faultsOf(content: string | Buffer): Promise<string[]> {
  try {
    await importLoans(content);
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    expect(error.code).toBe('invalid_import');
    return error.faults.map(({ code, line, column }) => `${code} ${line}${column === null ? '' : `:${column}`}`);
  }
  throw new Error('The file was imported.');
}

describe('a CSV file', () => {
  it('is stored with exact values, columns in any order', async () => {
    const report = await importLoans(
      'note_rate,loan_id,fico,loan_amount,curr_status,product,term_months,agency_type,close_date,custom_data\n' +
        '6.125,L1,740,250000.07,Closed,conv30,360,conventional,2026-11-02,"{""ami_percent"":72}"\n' +
        '5.99,L2,,100000,Locked,conv30,360,fha,,\n',
    );
    expect(report).toEqual({
      table: 'loan',
      mode: 'all',
      rows: 2,
      inserted: 2,
      updated: 0,
      rejected: 0,
      errors: [],
      error_count: 0,
      dry_run: false,
      profile: null,
      error_file_id: null,
      error_file_cut: false,
    });
    const [first, second] = await database.dialect.readRows(dataSource, loanTable, { orderBy: ['loan_id'] });
    expect(first).toMatchObject({
      loan_id: 'L1',
      note_rate: 6_125_000,
      loan_amount: 25_000_007,
      fico: 740,
      close_date: '2026-11-02',
      custom_data: '{"ami_percent":72}',
      pool_name: null,
    });
    expect(second).toMatchObject({ note_rate: 5_990_000, loan_amount: 10_000_000, fico: null, custom_data: null });
  });

  it('replaces the rows whose keys are known', async () => {
    await importLoans(`${REQUIRED},fico\nL1,${GOOD},700\nL2,${GOOD},710\n`);
    const report = await importLoans(`${REQUIRED}\nL2,${GOOD}\nL3,${GOOD}\n`);
    expect(report).toMatchObject({ rows: 2, inserted: 1, updated: 1 });
    const loans = await database.dialect.readRows(dataSource, loanTable, { orderBy: ['loan_id'] });
    expect(loans.map(({ loan_id: id, fico }) => [id, fico])).toEqual([
      ['L1', 700],
      ['L2', null],
      ['L3', null],
    ]);
  });

  it('may have a byte order mark, CRLF, blank lines, quoted line breaks and no last line end', async () => {
    const content = `\ufeff${REQUIRED},hold_reason\r\nL1,${GOOD},"first\r\nsecond"\r\n\r\nL2,${GOOD},`;
    expect(await importLoans(content)).toMatchObject({ rows: 2, inserted: 2 });
    const [loan] = await database.dialect.readRows(dataSource, loanTable, { where: { loan_id: 'L1' } });
    expect(loan?.hold_reason).toBe('first\r\nsecond');
  });

  it('keeps the empty text where it is a value of the key', async () => {
    const content = 'year,state,county,units,base_limit,limit_amount\n2026,*,,1,832750,832750\n';
    const report = await importFile(database, Readable.from([content]), loanLimitTable, { mode: 'all' });
    expect(report.inserted).toBe(1);
    const [limit] = await database.dialect.readRows(dataSource, loanLimitTable);
    expect(limit).toMatchObject({ state: '*', county: '', base_limit: 83_275_000 });
  });
});

describe('a bad CSV file stores nothing', () => {
  const manyBadRows = Array.from({ length: 150 }, (_, index) => `L${index},x,6,Closed,conv30,360,conventional`).join(
    '\n',
  );
  const cases: readonly (readonly [string, string | Buffer, readonly string[]])[] = [
    ['when it is empty', '', ['empty_file 1']],
    ['when it has only a byte order mark', '\ufeff', ['empty_file 1']],
    ['when it has only a header', `${REQUIRED}\n`, ['no_rows 1']],
    [
      'when it is UTF-16 that breaks off',
      Buffer.from(`\ufeff${REQUIRED}\nL1,${GOOD}`, 'utf16le').subarray(0, -1),
      ['not_utf8 1'],
    ],
    ['when a line is not UTF-8', Buffer.from(`${REQUIRED}\nL1,${GOOD}\nL\xe4,${GOOD}\n`, 'latin1'), ['not_utf8 3']],
    ['when a line holds a NUL byte', `${REQUIRED}\nL1,${GOOD}\nL\0,${GOOD}\n`, ['nul_byte 3']],
    ['when a line is longer than 1 MB', `${REQUIRED}\nL1,${GOOD}\n${'x'.repeat(1_100_000)}\n`, ['line_too_long 3']],
    ['when a quote is never closed', `${REQUIRED}\nL1,${GOOD}\n"L2,${GOOD}\n`, ['broken_quotes 3']],
    ['when a quote stands inside a cell', `${REQUIRED}\nL1,${GOOD}\nL"2,${GOOD}\n`, ['broken_quotes 3']],
    ['when a column is unknown', `${REQUIRED},colour\nL1,${GOOD},red\n`, ['unknown_column 1:colour']],
    ['when a column is named twice', `${REQUIRED},loan_id\nL1,${GOOD},L1\n`, ['duplicate_column 1:loan_id']],
    [
      'when a required column is missing',
      'loan_id,loan_amount\nL1,1\n',
      ['note_rate', 'curr_status', 'product', 'term_months', 'agency_type'].map((name) => `missing_column 1:${name}`),
    ],
    ['when a row has too few cells', `${REQUIRED}\nL1,${GOOD}\nL2,1\n`, ['wrong_field_count 3']],
    [
      'when a number is none',
      `${REQUIRED}\nL1,"25,0000.00",6.125,Closed,conv30,360,conventional\n`,
      ['not_a_number 2:loan_amount'],
    ],
    [
      'when money has three decimals',
      `${REQUIRED}\nL1,1.005,6.125,Closed,conv30,360,conventional\n`,
      ['too_many_decimals 2:loan_amount'],
    ],
    [
      'when an amount is zero',
      `${REQUIRED}\nL1,0,6.125,Closed,conv30,360,conventional\n`,
      ['out_of_range 2:loan_amount'],
    ],
    [
      'when an amount is negative',
      `${REQUIRED}\nL1,-5,6.125,Closed,conv30,360,conventional\n`,
      ['out_of_range 2:loan_amount'],
    ],
    [
      'when an amount has too many digits',
      `${REQUIRED}\nL1,99999999999,6,Closed,conv30,360,conventional\n`,
      ['out_of_range 2:loan_amount'],
    ],
    ['when a date does not exist', `${REQUIRED},close_date\nL1,${GOOD},2026-02-30\n`, ['not_a_date 2:close_date']],
    [
      'when a value is not of the list',
      `${REQUIRED}\nL1,1,6,Closed,conv30,360,Conventional\n`,
      ['not_allowed 2:agency_type'],
    ],
    ['when a key is missing', `${REQUIRED}\n,${GOOD}\n`, ['required 2:loan_id']],
    ['when a key is too long', `${REQUIRED}\n${'L'.repeat(31)},${GOOD}\n`, ['too_long 2:loan_id']],
    ['when a key is repeated', `${REQUIRED}\nL1,${GOOD}\nL2,${GOOD}\nL1  ,${GOOD}\n`, ['duplicate_key 4:loan_id']],
    ['when JSON is broken', `${REQUIRED},custom_data\nL1,${GOOD},{a:1}\n`, ['invalid_json 2:custom_data']],
    [
      'when a row has several faults',
      `${REQUIRED}\nL1,x,y,Closed,conv30,360,conventional\n`,
      ['not_a_number 2:loan_amount', 'not_a_number 2:note_rate'],
    ],
    [
      'when every row is bad, of which 100 are named',
      `${REQUIRED}\n${manyBadRows}`,
      Array.from({ length: 100 }, (_, index) => `not_a_number ${index + 2}:loan_amount`),
    ],
  ];

  it.each(cases)('%s', async (_, content, expected) => {
    expect(await faultsOf(content)).toEqual(expected);
    expect(await storedLoans()).toEqual([]);
  });

  it('even when thousands of good rows come before the fault', async () => {
    const good = Array.from({ length: 6000 }, (_, index) => `L${index},${GOOD}`).join('\n');
    expect(await faultsOf(`${REQUIRED}\n${good}\nBAD,x,6,Closed,conv30,360,conventional\n`)).toEqual([
      'not_a_number 6002:loan_amount',
    ]);
    expect(await storedLoans()).toEqual([]);
  });

  it('and names the first line of a repeated key and shows the cell', async () => {
    const error: unknown = await importLoans(`${REQUIRED}\nL1,${GOOD}\n\nL1,${GOOD}\n`).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ImportError);
    expect((error as ImportError).faults).toEqual([
      { line: 4, column: 'loan_id', code: 'duplicate_key', reason: 'the same loan_id stands on line 2', value: 'L1' },
    ]);
  });

  it('when it is larger than the limit', async () => {
    const source = Readable.from(Array.from({ length: 30 }, () => Buffer.from(`${REQUIRED}\n`)));
    const bounds = { maxFileBytes: 1000, maxLineBytes: 500 };
    await expect(importFile(database, source, loanTable, { mode: 'all', bounds })).rejects.toMatchObject({
      faults: [{ code: 'file_too_large' }],
    });
  });

  it('when the sender breaks off', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${REQUIRED}\nL1,${GOOD}\n`);
      await Promise.resolve();
      throw new Error('socket hang up');
    }
    await expect(importFile(database, Readable.from(broken()), loanTable, { mode: 'all' })).rejects.toThrow(
      'socket hang up',
    );
    expect(await storedLoans()).toEqual([]);
  });
});

describe('a partial import', () => {
  it('stores the good rows and reports the others', async () => {
    const report = await importLoans(
      `${REQUIRED}\nL1,${GOOD}\nL2,x,6,Closed,conv30,360,conventional\nL1,${GOOD}\nL3,${GOOD}\n`,
      'partial',
    );
    expect(report).toMatchObject({ rows: 4, inserted: 2, updated: 0, rejected: 2, error_count: 2 });
    expect(report.errors.map(({ line, code }) => [line, code])).toEqual([
      [3, 'not_a_number'],
      [4, 'duplicate_key'],
    ]);
    expect((await storedLoans()).sort()).toEqual(['L1', 'L3']);
  });

  it('counts faults past the hundred that it names', async () => {
    const bad = Array.from({ length: 150 }, (_, index) => `L${index},x,6,Closed,conv30,360,conventional`).join('\n');
    const report = await importLoans(`${REQUIRED}\n${bad}\nOK,${GOOD}\n`, 'partial');
    expect(report).toMatchObject({ inserted: 1, rejected: 150, error_count: 150 });
    expect(report.errors).toHaveLength(100);
  });

  it('still refuses a file whose structure is broken', async () => {
    await expect(importLoans(`${REQUIRED}\nL1,${GOOD}\n"L2,${GOOD}\n`, 'partial')).rejects.toBeInstanceOf(ImportError);
    expect(await storedLoans()).toEqual([]);
  });
});

describe('which tables can be imported', () => {
  it('are upstream and configuration tables, and no others', () => {
    expect(new Set(IMPORTABLE_TABLES)).toEqual(
      new Set(ALL_TABLES.filter(({ group }) => group === 'upstream' || group === 'configuration')),
    );
    expect(() => importableTable('pfill_run_history', 'managed')).toThrow('no table that can be imported');
  });

  it('are not the upstream tables of a lender that has its own', () => {
    expect(() => importableTable('loan', 'external')).toThrow('only read');
    expect(importableTable('pfill_constraints', 'external').name).toBe('pfill_constraints');
  });
});

describe('a generated data set', () => {
  it('is stored row for row, table by table', async () => {
    const dataset = generateDataset({ loans: 600, trades: 60, seed: 3 });
    for (const { table, rows } of dataset.all) {
      const report = await importFile(database, Readable.from(csvChunks(table, rows)), table, { mode: 'all' });
      expect([table.name, report.inserted]).toEqual([table.name, rows.length]);
    }
    const loans = await database.dialect.readRows(dataSource, loanTable, { orderBy: ['loan_id'] });
    expect(loans).toEqual(dataset.loans);
    expect(await database.dialect.readRows(dataSource, tradePoolTable)).toHaveLength(dataset.tradePools.length);
  });
});
