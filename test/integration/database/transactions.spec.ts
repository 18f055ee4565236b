import { inTransaction, sql, type DatabaseHandle } from '@powerfill/database';
import { tradePoolTable } from '@powerfill/core/entities';
import type { QueryRunner } from 'typeorm';
import { itWith } from '../../support/features';
import { endSession } from '../../support/sessions';
import { migratedDatabase, type MigratedDatabase } from './setup';

let database: MigratedDatabase;
let handle: DatabaseHandle;
beforeAll(async () => {
  database = await migratedDatabase();
  handle = { dataSource: database.dataSource, dialect: database.dialect };
});
afterAll(() => database.drop());

const insert = (runner: QueryRunner, tradeId: string, poolName = 'P') =>
  handle.dialect.insertRows(runner, tradePoolTable, [{ trade_id: tradeId, pool_name: poolName }]);
const pools = async (tradeId: string): Promise<string[]> => {
  const rows = await handle.dialect.readRows(handle.dataSource, tradePoolTable, { where: { trade_id: tradeId } });
  return rows.map((row) => row.pool_name).sort();
};
const rename = (runner: QueryRunner, tradeId: string, poolName: string) =>
  handle.dialect.execute(
    runner,
    sql`UPDATE ${handle.dialect.table(tradePoolTable)} SET pool_name = ${poolName} WHERE trade_id = ${tradeId}`,
  );

const insertFive = (tradeId: string) =>
  inTransaction(handle, async (runner) => {
    for (const pool of ['1', '2', '3', '4', '5']) await insert(runner, tradeId, pool);
  });

/** A promise and the function that settles it. */
function signal(): { readonly given: Promise<void>; give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

describe('a transaction', () => {
  it('keeps all its work or none of it, and tells the error of the work', async () => {
    await inTransaction(handle, (runner) => insert(runner, 'KEPT'));
    const failed = inTransaction(handle, async (runner) => {
      await insert(runner, 'LOST');
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await expect(Promise.all([pools('KEPT'), pools('LOST')])).resolves.toEqual([['P'], []]);
  });

  it('that loses a deadlock runs again until it succeeds', async () => {
    await inTransaction(handle, async (runner) => {
      await insert(runner, 'D1', 'start');
      await insert(runner, 'D2', 'start');
    });
    let tries = 0;
    const holding = [signal(), signal()];
    const change = (mine: string, other: string, at: number) =>
      inTransaction(handle, async (runner) => {
        tries += 1;
        await rename(runner, mine, `by ${mine}`);
        holding[at]?.give();
        await holding[1 - at]?.given;
        await rename(runner, other, `by ${mine}`);
      });
    // Each holds the row the other wants next, so the server must end one of them.
    await Promise.all([change('D1', 'D2', 0), change('D2', 'D1', 1)]);
    expect(tries).toBeGreaterThan(2);
    const [first, second] = [await pools('D1'), await pools('D2')];
    expect(first).toEqual(second);
  });

  it('waits for a lock no longer than its bound, and gives up after its retries', async () => {
    await inTransaction(handle, (runner) => insert(runner, 'LOCKED'));
    const [held, done] = [signal(), signal()];
    const holder = inTransaction(handle, async (runner) => {
      await rename(runner, 'LOCKED', 'held');
      held.give();
      await done.given;
    });
    await held.given;
    let tries = 0;
    const started = performance.now();
    const waiter: unknown = await inTransaction(
      handle,
      (runner) => {
        tries += 1;
        return rename(runner, 'LOCKED', 'mine');
      },
      { lockMs: 100, retries: 2 },
    ).catch((error: unknown) => error);
    done.give();
    await holder;
    expect(handle.dialect.isTransient(waiter)).toBe(true);
    expect(tries).toBe(3);
    expect(performance.now() - started).toBeLessThan(3_000);
    await expect(pools('LOCKED')).resolves.toEqual(['held']);
  });

  it('that is cut off runs again on another connection', async () => {
    let tries = 0;
    await inTransaction(handle, async (runner) => {
      tries += 1;
      await insert(runner, 'CUT');
      if (tries > 1) return;
      await endSession(handle.dialect, runner, handle.dataSource);
      await insert(runner, 'CUT', 'Q');
    });
    expect(tries).toBe(2);
    await expect(pools('CUT')).resolves.toEqual(['P']);
  });
});

describe('a snapshot', () => {
  it('sees one state of the data however long it reads', async () => {
    await inTransaction(handle, (runner) => insert(runner, 'SNAP', 'before'));
    await handle.dialect.withSnapshot(handle.dataSource, async (runner, isSnapshot) => {
      expect(isSnapshot).toBe(true);
      const read = async () => {
        const rows = await handle.dialect.readRows(runner, tradePoolTable, { where: { trade_id: 'SNAP' } });
        return rows.map((row) => row.pool_name);
      };
      expect(await read()).toEqual(['before']);
      await inTransaction(handle, (other) => insert(other, 'SNAP', 'after'));
      expect(await read()).toEqual(['before']);
    });
    await expect(pools('SNAP')).resolves.toEqual(['after', 'before']);
  });

  itWith('a snapshot that refuses writes')('cannot write', async () => {
    await handle.dialect.withSnapshot(handle.dataSource, async (runner) => {
      await expect(insert(runner, 'NEVER')).rejects.toThrow('read-only');
    });
    await expect(pools('NEVER')).resolves.toEqual([]);
  });

  it('streams chunk by chunk, and may be left early', async () => {
    await insertFive('STREAM');
    const selection = { where: { trade_id: 'STREAM' }, chunkRows: 2 };
    await handle.dialect.withSnapshot(handle.dataSource, async (runner) => {
      const sizes: number[] = [];
      for await (const chunk of handle.dialect.streamRows(runner, tradePoolTable, selection)) sizes.push(chunk.length);
      for await (const chunk of handle.dialect.streamRows(runner, tradePoolTable, selection)) {
        sizes.push(chunk.length);
        break;
      }
      expect(sizes).toEqual([2, 2, 1, 2]);
    });
    for await (const chunk of handle.dialect.streamRows(handle.dataSource, tradePoolTable, selection)) {
      expect(chunk).toHaveLength(2);
      break;
    }
    await expect(pools('STREAM')).resolves.toHaveLength(5);
  });

  itWith('two results at a time on one connection')('streams two tables at a time', async () => {
    await insertFive('TWO');
    const selection = { where: { trade_id: 'TWO' }, chunkRows: 2 };
    await handle.dialect.withSnapshot(handle.dataSource, async (runner) => {
      const sizes: number[] = [];
      for await (const chunk of handle.dialect.streamRows(runner, tradePoolTable, selection)) {
        for await (const inner of handle.dialect.streamRows(runner, tradePoolTable, selection)) {
          sizes.push(chunk.length * 10 + inner.length);
          break;
        }
      }
      expect(sizes).toEqual([22, 22, 12]);
    });
  });
});

describe('an application lock', () => {
  it('lets one holder in at a time and ends the wait of the second', async () => {
    const { dialect, dataSource } = handle;
    const [held, done] = [signal(), signal()];
    const holder = dialect.withApplicationLock(dataSource, 'work', 1_000, async () => {
      held.give();
      await done.given;
      return 'first';
    });
    await held.given;
    await expect(dialect.withApplicationLock(dataSource, 'other', 100, () => Promise.resolve(1))).resolves.toBe(1);
    await expect(dialect.withApplicationLock(dataSource, 'work', 100, () => Promise.resolve(2))).rejects.toMatchObject({
      code: 'application_lock_timeout',
    });
    done.give();
    await expect(holder).resolves.toBe('first');
    await expect(dialect.withApplicationLock(dataSource, 'work', 100, () => Promise.resolve(3))).resolves.toBe(3);
  });
});
