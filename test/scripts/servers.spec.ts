import { Client } from 'pg';
import { Redis } from 'ioredis';
import { type TestDatabase, freshDatabase, redisUrl, uniqueName } from '../support/servers';

async function query<T extends object>(url: string, text: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
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
    await query(first.url, 'CREATE TABLE only_here (id int)');
    expect(await query(second.url, "SELECT 1 FROM pg_tables WHERE tablename = 'only_here'")).toEqual([]);
  });

  it('keeps times in UTC and sorts text by bytes, upper case before lower', async () => {
    const { url } = await make();
    expect(await query(url, "SELECT current_setting('timezone') AS zone")).toEqual([{ zone: 'UTC' }]);
    expect(await query(url, "SELECT x FROM (VALUES ('a'), ('B'), ('A'), ('b')) v(x) ORDER BY x")).toEqual(
      ['A', 'B', 'a', 'b'].map((x) => ({ x })),
    );
  });

  it('is gone after drop, also when a session is still open in it', async () => {
    const database = await freshDatabase();
    const open = new Client({ connectionString: database.url });
    open.on('error', () => undefined);
    await open.connect();
    await database.drop();
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
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
