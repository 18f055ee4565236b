import { randomUUID } from 'node:crypto';
import { param, sql, type RowOf } from '@powerfill/database';
import {
  changeLogTable,
  idempotencyTable,
  instrumentTable,
  kickoutTable,
  loanStageTable,
  loanTable,
  runInputTable,
  tradePoolTable,
  tradeTable,
  type LoanRow,
} from '@powerfill/core/entities';
import { migratedDatabase, type MigratedDatabase } from './setup';

let database: MigratedDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

const empty = <T extends typeof loanTable | typeof tradeTable | typeof instrumentTable>(table: T): RowOf<T> =>
  Object.fromEntries(Object.keys(table.columns).map((name) => [name, null])) as RowOf<T>;

const loan = (loanId: string, more: Partial<LoanRow> = {}): LoanRow => ({
  ...empty(loanTable),
  loan_id: loanId,
  loan_amount: 41_250_000,
  note_rate: 6_125_000,
  curr_status: 'Closed',
  product: 'FIXED30',
  term_months: 360,
  agency_type: 'conventional',
  ...more,
});

describe('rows written in bulk', () => {
  it('are known to the planner of PostgreSQL once it was told', async () => {
    const { dialect, dataSource } = database;
    const table = dialect.table(loanStageTable);
    const rows = Array.from({ length: 300 }, (_, index) => ({ stage: `Stage ${index}`, seq: index }));
    await dialect.insertRows(dataSource, loanStageTable, rows);
    await dialect.refreshStatistics(dataSource, loanStageTable);
    if (dialect.driver === 'postgres') {
      const known = sql`SELECT CAST(reltuples AS int) AS n FROM pg_class WHERE relname = ${loanStageTable.name}`;
      expect(await dialect.query(dataSource, known)).toEqual([{ n: 300 }]);
    }
    expect(await dialect.execute(dataSource, sql`DELETE FROM ${table}`)).toBe(300);
  });

  it('come back as they were, to the last digit, day and millisecond', async () => {
    const { dialect, dataSource } = database;
    const full = loan('ROUND-1', {
      // numeric(12,2) at its limit: 9,999,999,999.99 in cents.
      orig_loan_amount: 999_999_999_999,
      issue_date_prin_bal: -1,
      // numeric(12,8): 101.00000001 points.
      be_price: 10_100_000_001,
      be_break_points: -1,
      // Both days on which clocks change, where a zone would shift a date.
      lock_date: '2026-03-08',
      close_date: '2026-11-01',
      hold_reason: 'Größe "quoted" \\ \n\t日本 👍',
      pull_through: 10_000,
      custom_data: '{"a": [1, "x"]}',
    });
    await dialect.insertRows(dataSource, loanTable, [full]);
    await expect(dialect.readRows(dataSource, loanTable, { where: { loan_id: 'ROUND-1' } })).resolves.toEqual([full]);

    const change: RowOf<typeof changeLogTable> = {
      change_id: randomUUID().toUpperCase(),
      changed_at: new Date('2026-03-08T07:30:00.987Z'),
      changed_by: 'desk',
      object_kind: 'constraint',
      object_key: 'k',
      before_json: null,
      after_json: '{}',
    };
    await dialect.insertRows(dataSource, changeLogTable, [change]);
    await expect(dialect.readRows(dataSource, changeLogTable)).resolves.toEqual([
      { ...change, change_id: change.change_id.toLowerCase() },
    ]);

    const instrument = { ...empty(instrumentTable), investor_instrument_name: 'I', investor_id: 'FNMA' };
    const flagged = { ...instrument, instrument_type: 'mbs', program: 'umbs30', loan_limit_check: false };
    await dialect.insertRows(dataSource, instrumentTable, [flagged]);
    await expect(dialect.readRows(dataSource, instrumentTable)).resolves.toEqual([flagged]);

    const input = { run_id: randomUUID(), attempt: 1, problem_gzip: Buffer.from([0, 255, 10, 0]) };
    await dialect.insertRows(dataSource, runInputTable, [input]);
    await expect(dialect.readRows(dataSource, runInputTable)).resolves.toEqual([input]);
  });

  it('are the same through a repository', async () => {
    const { dialect, dataSource } = database;
    const row = loan('ENTITY-1', { close_date: '2026-03-08', be_price: 9_950_000_000, hold_reason: 'x' });
    await dataSource.getRepository(loanTable.name).insert(row);
    await expect(dialect.readRows(dataSource, loanTable, { where: { loan_id: 'ENTITY-1' } })).resolves.toEqual([row]);
    await expect(dataSource.getRepository(loanTable.name).findOneBy({ loan_id: 'ENTITY-1' })).resolves.toEqual(row);
  });

  it('lose the trailing blanks of fixed-width keys when they are read', async () => {
    const { dialect, dataSource } = database;
    await dialect.insertRows(dataSource, tradePoolTable, [{ trade_id: 'T1   ', pool_name: 'P1 ' }]);
    await expect(dialect.readRows(dataSource, tradePoolTable)).resolves.toEqual([{ trade_id: 'T1', pool_name: 'P1' }]);
  });

  it('cross chunk borders without loss, and sort by code units', async () => {
    const { dialect, dataSource } = database;
    const names = ['a', 'B', 'Z', '_', 'b', '1', 'aa', 'A'];
    const rows = Array.from({ length: 25 }, (_, index) => loan(`SORT-${names[index % 8] ?? ''}${index}`));
    const written = await dialect.insertRows(dataSource, loanTable, rows, { chunkRows: 7 });
    expect(written).toBe(25);
    const back = await dialect.readRows(dataSource, loanTable, {
      columns: ['loan_id'],
      and: sql`loan_id LIKE ${'SORT-%'}`,
      orderBy: ['loan_id'],
      chunkRows: 5,
    });
    expect(back.map((row) => row.loan_id)).toEqual(rows.map((row) => row.loan_id).sort((a, b) => (a < b ? -1 : 1)));
  });

  it('sort decimals by their value, whatever their length, and rows without one last where asked', async () => {
    const { dialect, dataSource } = database;
    // Points: 101.25, 99.5, -3, none.
    const prices = { A: 10_125_000_000, B: 9_950_000_000, C: -300_000_000, D: null };
    const rows = Object.entries(prices).map(([name, price]) => loan(`PRICE-${name}`, { be_price: price }));
    await dialect.insertRows(dataSource, loanTable, rows);
    const sorted = async (descending: boolean): Promise<string> => {
      const orderBy = [{ column: 'be_price', descending, nullsLast: true } as const];
      const back = await dialect.readRows(dataSource, loanTable, { and: sql`loan_id LIKE ${'PRICE-%'}`, orderBy });
      return back.map((row) => row.loan_id.slice(-1)).join('');
    };
    await expect(Promise.all([sorted(false), sorted(true)])).resolves.toEqual(['CBAD', 'ABCD']);
  });

  it('are refused by the name of the column that cannot hold a value', async () => {
    const { dialect, dataSource } = database;
    const write = (more: Partial<LoanRow>) => dialect.insertRows(dataSource, loanTable, [loan('BAD', more)]);
    await expect(write({ product: 'P'.repeat(31) })).rejects.toThrow('loan.product: text of 31 characters is longer');
    await expect(write({ loan_amount: 1_000_000_000_000 })).rejects.toThrow('loan.loan_amount: 10000000000.00 is out');
    await expect(write({ curr_status: null as unknown as string })).rejects.toThrow('loan.curr_status: a required');
    await expect(write({ hold_reason: 'a\0b' })).rejects.toThrow('loan.hold_reason: text holds a NUL character');
  });

  it('stop at the next chunk when the signal says so', async () => {
    const { dialect, dataSource } = database;
    const rows = Array.from({ length: 10 }, (_, index) => loan(`STOP-${index}`));
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(dialect.insertRows(dataSource, loanTable, rows, { signal })).rejects.toThrow('cancelled');
  });
});

describe('rows changed in bulk', () => {
  it('take only the set columns of the rows with the same key, under the common conditions', async () => {
    const { dialect, dataSource } = database;
    const runId = randomUUID();
    const kickout = (attempt: number, loanId: string): RowOf<typeof kickoutTable> => ({
      run_id: runId,
      attempt,
      loan_id: loanId,
      amount: 100,
      note_rate: 1,
      pool_name: null,
      code: 'NO_ROOM',
      reason: 'r',
      candidate_count: 0,
      code_counts_json: '{}',
      nearest_trade_id: null,
      nearest_score: null,
      reservation_price: null,
      margin_points: null,
      displaced_by: null,
      days_since_close: null,
      days_to_lock_expiry: null,
      alternative_id: null,
      alternative_score: null,
    });
    await dialect.insertRows(dataSource, kickoutTable, [kickout(1, 'A'), kickout(2, 'A'), kickout(2, 'B')]);
    const found = await dialect.updateRows(dataSource, kickoutTable, {
      key: ['loan_id'],
      set: ['alternative_id', 'alternative_score'],
      rows: ['A', 'B', 'absent'].map((id) => ({ loan_id: id, alternative_id: `for ${id}`, alternative_score: 5 })),
      equals: { run_id: runId, attempt: 2 },
    });
    expect(found).toBe(2);
    const back = await dialect.readRows(dataSource, kickoutTable, { orderBy: ['attempt', 'loan_id'] });
    expect(back.map((row) => [row.attempt, row.loan_id, row.alternative_id, row.alternative_score, row.code])).toEqual([
      [1, 'A', null, null, 'NO_ROOM'],
      [2, 'A', 'for A', 5, 'NO_ROOM'],
      [2, 'B', 'for B', 5, 'NO_ROOM'],
    ]);
  });

  it('are inserted or replaced by key', async () => {
    const { dialect, dataSource } = database;
    await dialect.upsertRows(dataSource, loanTable, [loan('UP-1'), loan('UP-2')]);
    await dialect.upsertRows(dataSource, loanTable, [loan('UP-2', { fico: 700 }), loan('UP-3')]);
    await dialect.upsertRows(dataSource, tradePoolTable, [{ trade_id: 'U', pool_name: 'U' }]);
    await dialect.upsertRows(dataSource, tradePoolTable, [{ trade_id: 'U', pool_name: 'U' }]);
    const back = await dialect.readRows(dataSource, loanTable, {
      columns: ['loan_id', 'fico'],
      where: { loan_id: ['UP-1', 'UP-2', 'UP-3', 'UP-9'] },
      orderBy: [{ column: 'loan_id', descending: true }],
      limit: 2,
    });
    expect(back).toEqual([
      { loan_id: 'UP-3', fico: null },
      { loan_id: 'UP-2', fico: 700 },
    ]);
  });
});

describe('statements written by hand', () => {
  it('count the rows they change and bind typed values', async () => {
    const { dialect, dataSource } = database;
    await dialect.insertRows(dataSource, loanTable, [loan('HAND-1'), loan('HAND-2')]);
    const columns = loanTable.columns;
    const changed = await dialect.execute(
      dataSource,
      sql`UPDATE ${dialect.table(loanTable)} SET be_price = ${param(columns.be_price, 10_012_500_000)}, hold_reason = ${param(columns.hold_reason, null)}
          WHERE loan_id LIKE ${'HAND-%'} AND note_rate = ${param(columns.note_rate, 6_125_000)}`,
    );
    expect(changed).toBe(2);
    const [row] = await dialect.query<{ n: number; price: string }>(
      dataSource,
      sql`SELECT count(*) AS n, CAST(min(be_price) AS varchar(20)) AS price FROM ${dialect.table(loanTable)} WHERE loan_id LIKE ${'HAND-%'}`,
    );
    expect(row).toEqual({ n: 2, price: '100.12500000' });
  });

  it('read the clock in whole milliseconds and reckon with it', async () => {
    const { dialect, dataSource } = database;
    const [row] = await dialect.query<{ now: Date; later: Date; gap: number | string }>(
      dataSource,
      sql`SELECT t.now AS now, ${dialect.plusMs(sql`t.now`, 2_592_000_123)} AS later,
            ${dialect.msBetween(sql`t.now`, dialect.plusMs(sql`t.now`, -1_500))} AS gap FROM (SELECT ${dialect.now} AS now) AS t`,
    );
    expect((row?.later.getTime() ?? 0) - (row?.now.getTime() ?? 0)).toBe(2_592_000_123);
    // SQL Server's 64-bit numbers come as text.
    expect(Number(row?.gap)).toBe(-1_500);
  });

  it('name the index of a unique violation, and no other error has one', async () => {
    const { dialect, dataSource } = database;
    const key = { tenant_id: 't', key: 'k', fingerprint: 'f', run_id: randomUUID(), created_at: new Date() };
    await dialect.insertRows(dataSource, idempotencyTable, [key]);
    const violation: unknown = await dialect.insertRows(dataSource, idempotencyTable, [key]).catch((e: unknown) => e);
    expect(dialect.uniqueViolation(violation)).toEqual({ index: 'pk_pfill_idempotency' });
    expect(dialect.isTransient(violation)).toBe(false);
    const other: unknown = await dialect.query(dataSource, sql`SELECT nothing`).catch((e: unknown) => e);
    expect(dialect.uniqueViolation(other)).toBeNull();
  });
});
