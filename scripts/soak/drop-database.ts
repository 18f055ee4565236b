import { type DatabaseSettings, isBabelfish, onServer, quote, raw } from '@powerfill/database';

/** Removes a database with every session in it. For tests and trials only: nothing of the service ever removes one. */
export const dropDatabase = ({ driver, connection }: Pick<DatabaseSettings, 'driver' | 'connection'>): Promise<void> =>
  onServer({ driver, connection }, async (on, dialect) => {
    const name = quote(connection.database);
    if (driver === 'mssql' && !(await isBabelfish(on, dialect))) {
      await dialect.execute(on, raw(`ALTER DATABASE ${name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE`));
    }
    await dialect.execute(on, raw(`DROP DATABASE ${name}${driver === 'postgres' ? ' WITH (FORCE)' : ''}`));
  });
