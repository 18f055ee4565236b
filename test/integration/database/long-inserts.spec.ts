import { randomUUID } from 'node:crypto';
import { inTransaction, type RowOf } from '@powerfill/database';
import { loanOrderingTable, tradePoolTable } from '@powerfill/core/entities';
import { migratedDatabase, type MigratedDatabase } from './setup';

type PoolRow = RowOf<typeof tradePoolTable>;

let database: MigratedDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

const LIMIT = 200_000;

// Babelfish takes some 15,000 rows a second on an idle machine.
jest.setTimeout(180_000);

/** Rows made as they are asked for; `change` may replace one. */
function* rows(tradeId: string, change: (index: number) => Partial<PoolRow> | undefined): Generator<PoolRow> {
  for (let index = 0; index < LIMIT; index += 1) yield { trade_id: tradeId, pool_name: `P${index}`, ...change(index) };
}

const insert = (source: Iterable<PoolRow>, signal?: AbortSignal): Promise<number> =>
  inTransaction(database, (runner) =>
    database.dialect.insertRows(runner, tradePoolTable, source, signal ? { signal } : {}),
  );

const stored = async (tradeId: string): Promise<number> => {
  const { dialect, dataSource } = database;
  return (await dialect.readRows(dataSource, tradePoolTable, { where: { trade_id: tradeId } })).length;
};

describe('a long insert', () => {
  it('stops within one chunk when it is aborted, leaves nothing, and the next statement works', async () => {
    const aborter = new AbortController();
    let made = 0;
    const source = rows('STOP', (index) => {
      if (index === 30_000) aborter.abort(new Error('cancelled'));
      made = index;
      return undefined;
    });
    await expect(insert(source, aborter.signal)).rejects.toThrow('cancelled');
    expect(made).toBeLessThan(36_000);
    await expect(stored('STOP')).resolves.toBe(0);
  });

  it('lets the event loop turn while it goes on', async () => {
    let turns = 0;
    const turner = setInterval(() => (turns += 1), 1);
    try {
      await expect(insert(rows('TURN', () => undefined))).resolves.toBe(LIMIT);
    } finally {
      clearInterval(turner);
    }
    expect(turns).toBeGreaterThan(20);
    await expect(stored('TURN')).resolves.toBe(LIMIT);
  });

  it('names the column of a row in the middle that cannot be stored, and leaves nothing', async () => {
    const source = rows('LONG', (index) => (index === 30_000 ? { pool_name: 'P'.repeat(31) } : undefined));
    await expect(insert(source)).rejects.toThrow('pscat_trades_pools_relation.pool_name: text of 31 characters');
    await expect(stored('LONG')).resolves.toBe(0);
  });

  it('names the index when the database refuses a row in the middle, and leaves nothing', async () => {
    const source = rows('TWICE', (index) => (index === 30_000 ? { pool_name: 'P1' } : undefined));
    const refusal: unknown = await insert(source).catch((error: unknown) => error);
    expect(database.dialect.uniqueViolation(refusal)).toEqual({ index: 'pk_pscat_trades_pools_relation' });
    await expect(stored('TWICE')).resolves.toBe(0);
  });

  it('fails with the error of whoever makes the rows', async () => {
    const source = rows('MAKER', (index) => {
      if (index === 30_000) throw new RangeError('no more rows');
      return undefined;
    });
    await expect(insert(source)).rejects.toThrow(new RangeError('no more rows'));
    await expect(stored('MAKER')).resolves.toBe(0);
  });
});

describe('columns that all rows share', () => {
  it('are stored with every row, across chunks', async () => {
    const { dialect, dataSource } = database;
    const common = { run_id: randomUUID(), attempt: 3 };
    const own = (index: number) => ({
      ordering_no: index,
      loan_id: `L${index}`,
      amount: 100 * index,
      outcome: 'placed',
      trade_id: null,
      constraint_priority: null,
      constraint_name: index % 2 === 0 ? null : 'Größe',
    });
    const made = Array.from({ length: 10 }, (_, index) => own(index));
    await expect(dialect.insertRows(dataSource, loanOrderingTable, made, { common, chunkRows: 5 })).resolves.toBe(10);
    const back = await dialect.readRows(dataSource, loanOrderingTable, {
      where: { run_id: common.run_id },
      orderBy: ['ordering_no'],
    });
    expect(back).toEqual(made.map((row) => ({ ...common, ...row })));
  });

  it('do not turn no rows into one', async () => {
    const { dialect, dataSource } = database;
    const common = { run_id: randomUUID(), attempt: 1 };
    await expect(dialect.insertRows(dataSource, loanOrderingTable, [], { common })).resolves.toBe(0);
    await expect(
      dialect.readRows(dataSource, loanOrderingTable, { where: { run_id: common.run_id } }),
    ).resolves.toEqual([]);
  });
});
