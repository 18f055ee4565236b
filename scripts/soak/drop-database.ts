import { setTimeout as pause } from 'node:timers/promises';
import {
  type DatabaseSettings,
  type Dialect,
  type Executor,
  isBabelfish,
  onServer,
  quote,
  raw,
} from '@powerfill/database';

const TRIES = 50;
const PAUSE_MS = 100;

/** Removes a database with every session in it. For tests and trials only: nothing of the service ever removes one. */
export const dropDatabase = ({ driver, connection }: Pick<DatabaseSettings, 'driver' | 'connection'>): Promise<void> =>
  onServer({ driver, connection }, async (on, dialect) => {
    const name = quote(connection.database);
    if (driver === 'postgres') await dialect.execute(on, raw(`DROP DATABASE ${name} WITH (FORCE)`));
    else if (await isBabelfish(on, dialect)) await dropOnBabelfish(on, dialect, name);
    else {
      await dialect.execute(on, raw(`ALTER DATABASE ${name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`));
      await dialect.execute(on, raw(`DROP DATABASE ${name}`));
    }
  });

/** Babelfish keeps all databases in one of PostgreSQL's, where two that are removed at once change the same row. */
async function dropOnBabelfish(on: Executor, dialect: Dialect, name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await dialect.execute(on, raw(`DROP DATABASE ${name}`));
      return;
    } catch (error) {
      if (tries === TRIES || !(error instanceof Error) || !/tuple concurrently updated/.test(error.message))
        throw error;
    }
    await pause(PAUSE_MS * Math.random());
  }
}
