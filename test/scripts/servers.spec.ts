import { createDataSource, createDialect, parseConnectionUrl, sql, type Sql } from '@powerfill/database';
import { Redis } from 'ioredis';
import { itWith } from '../support/features';
import { type TestDatabase, freshDatabase, redisUrl, uniqueName } from '../support/servers';

/** A session in a database; the caller ends it. */
async function sessionIn({ url }: TestDatabase) {
  const settings = { ...parseConnectionUrl(url), schema: 'dbo' };
  const dataSource = await createDataSource({ settings, tables: [], bounds: { poolSize: 1 } }).initialize();
  const dialect = createDialect(settings);
  return {
    query: (statement: Sql) => dialect.query(dataSource, statement),
    end: () => dataSource.destroy(),
  };
}

async function query(database: TestDatabase, statement: Sql): Promise<unknown[]> {
  const session = await sessionIn(database);
  try {
    return await session.query(statement);
  } finally {
    await session.end();
  }
}

describe('the database of a test', () => {
  const made: TestDatabase[] = [];
  const make = async () => {
    const database = await freshDatabase();
    made.push(database);
    return database;
  };
  afterEach(() => Promise.all(made.splice(0).map((database) => database.drop())));

  it('is empty and not shared with another test', async () => {
    const [first, second] = [await make(), await make()];
    const find = sql`SELECT TABLE_NAME AS "name" FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'only_here'`;
    await query(first, sql`CREATE TABLE only_here (id int)`);
    expect([await query(first, find), await query(second, find)]).toEqual([[{ name: 'only_here' }], []]);
  });

  itWith('settings of a server of our own')('keeps times in UTC and sorts text by bytes', async () => {
    const database = await make();
    expect(await query(database, sql`SELECT current_setting('timezone') AS zone`)).toEqual([{ zone: 'UTC' }]);
    expect(await query(database, sql`SELECT x FROM (VALUES ('a'), ('B'), ('A'), ('b')) v(x) ORDER BY x`)).toEqual(
      ['A', 'B', 'a', 'b'].map((x) => ({ x })),
    );
  });

  itWith('a way to end the sessions of a database')('is gone after drop, also with a session open in it', async () => {
    const database = await freshDatabase();
    const open = await sessionIn(database);
    await open.query(sql`SELECT 1 AS one`);
    await database.drop();
    await expect(sessionIn(database)).rejects.toThrow(/does not exist|Cannot open database|Login failed/);
    await open.end();
  });
});

describe('the Redis of a test', () => {
  it('answers and evicts nothing', async () => {
    const redis = new Redis(redisUrl());
    try {
      expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      const key = uniqueName('probe');
      await redis.set(key, 'x', 'PX', 1_000);
      expect(await redis.get(key)).toBe('x');
    } finally {
      redis.disconnect();
    }
  });
});
