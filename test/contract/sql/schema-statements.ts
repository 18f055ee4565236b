import { createDataSource, migrationClasses } from '@powerfill/database';
import { ALL_TABLES } from '@powerfill/core/entities';
import { SCHEMA_VERSIONS } from '@powerfill/migrations';

/** The DDL a migration would send to SQL Server, taken from TypeORM's memory without a server. */
export async function ddl(upstream: 'managed' | 'external'): Promise<string[]> {
  const dataSource = createDataSource({
    settings: {
      driver: 'mssql',
      connection: { host: 'none', port: 1433, user: '', password: '', database: 'lender' },
      schema: 'powerfill',
      upstreamSchema: 'los',
    },
    tables: [],
  });
  const runner = dataSource.createQueryRunner();
  runner.enableSqlMemory();
  const plan = { versions: SCHEMA_VERSIONS, tables: ALL_TABLES, driver: 'mssql', schema: 'powerfill' } as const;
  for (const migration of migrationClasses({ ...plan, upstreamSchema: 'los', upstream })) {
    await new migration().up(runner);
  }
  return runner.getMemorySql().upQueries.map(({ query }) => query.trim());
}
