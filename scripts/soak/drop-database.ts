import { type DatabaseSettings, executeAlone, isBabelfish, onServer, quote } from '@powerfill/database';

/**
 * Removes a database with every session in it; Babelfish cannot end sessions and waits for them. For tests and trials
 * only: nothing of the service ever removes one.
 */
export const dropDatabase = ({ driver, connection }: Pick<DatabaseSettings, 'driver' | 'connection'>): Promise<void> =>
  onServer({ driver, connection }, async (on, dialect) => {
    const name = quote(connection.database);
    if (driver === 'mssql' && !(await isBabelfish(on, dialect))) {
      await executeAlone(on, dialect, `ALTER DATABASE ${name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`);
    }
    await executeAlone(on, dialect, `DROP DATABASE ${name}${driver === 'postgres' ? ' WITH (FORCE)' : ''}`);
  });
