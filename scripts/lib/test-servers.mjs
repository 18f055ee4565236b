import { join } from 'node:path';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';
import { temporaryDirectory } from './temporary-directory.mjs';

/**
 * The servers of a test run: those of REDIS_URL and TEST_DATABASE_URL where given, else private ones whose data goes with
 * them.
 *
 * @param stack takes what has to be undone
 * @param settings of a private database server, as arguments of `postgres`
 * @param url of the database server; empty for a private one
 * @returns the variables that tell the tests where the servers are
 */
export async function startTestServers(stack, settings = [], url = process.env.TEST_DATABASE_URL ?? '') {
  const { folder, remove } = temporaryDirectory();
  stack.defer(remove);
  const logFile = (name) => join(folder, `${name}.log`);
  const redis = await startRedis({ directory: join(folder, 'redis'), logFile: logFile('redis') });
  stack.defer(redis.stop);
  const database = await startPostgres({
    directory: join(folder, 'postgres'),
    logFile: logFile('postgres'),
    throwAway: true,
    settings,
    url,
  });
  stack.defer(database.stop);
  return { REDIS_URL: redis.url, TEST_DATABASE_URL: database.url };
}
