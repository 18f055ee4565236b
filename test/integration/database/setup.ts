import {
  createDataSource,
  createDialect,
  parseConnectionUrl,
  type DatabaseSettings,
  type Dialect,
} from '@powerfill/database';
import { ALL_TABLES } from '@powerfill/core/entities';
import { migrateTenant } from '@powerfill/migrations';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../../support/servers';

/** A migrated database of one test file's own, with a handle on it. */
export interface MigratedDatabase {
  readonly settings: DatabaseSettings;
  readonly dataSource: DataSource;
  readonly dialect: Dialect;
  drop(): Promise<void>;
}

export async function migratedDatabase(
  request: { schema?: string; upstream?: 'managed' | 'external' } = {},
): Promise<MigratedDatabase> {
  const database = await freshDatabase();
  const settings = { ...parseConnectionUrl(database.url), schema: request.schema ?? 'powerfill' };
  await migrateTenant({ database: settings, upstream: request.upstream ?? 'managed' });
  const dataSource = await createDataSource({ settings, tables: ALL_TABLES }).initialize();
  return {
    settings,
    dataSource,
    dialect: createDialect(settings),
    drop: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
