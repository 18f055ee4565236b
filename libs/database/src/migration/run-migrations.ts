import type { DataSource } from 'typeorm';
import { createDataSource } from '../connection/data-source';
import type { DatabaseSettings } from '../connection/settings';
import { createDialect } from '../dialect/create-dialect';
import type { TableDefinition } from '../schema/table';
import { migrationClasses } from './migration-classes';
import type { SchemaPlan, SchemaVersion } from './plan';
import { schemaVersion } from './schema-version';

/** One tenant's database to bring up to date. */
export interface MigrationRequest {
  readonly settings: DatabaseSettings;
  readonly upstream: 'managed' | 'external';
  readonly versions: readonly SchemaVersion[];
  readonly tables: readonly TableDefinition[];
  /** Wait for another migration of the same database; 60 s unless said. */
  readonly lockWaitMs?: number;
}

export interface MigrationResult {
  readonly from: number | null;
  readonly to: number | null;
  readonly applied: readonly string[];
}

const LOCK_WAIT_MS = 60_000;
/** One statement over a large table may take long. */
const STATEMENT_TIMEOUT_MS = 600_000;
/** Nobody waits for an answer, as callers of the service do. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Runs the migrations that a tenant's database lacks, each in a transaction of its own, while an application lock
 * keeps a second process out (TypeORM's executor has none).
 */
export async function runMigrations(request: MigrationRequest): Promise<MigrationResult> {
  const { settings, upstream, versions, tables } = request;
  const plan: SchemaPlan = {
    versions,
    tables,
    upstream,
    driver: settings.driver,
    schema: settings.schema,
    ...(settings.upstreamSchema === undefined ? {} : { upstreamSchema: settings.upstreamSchema }),
  };
  const dialect = createDialect(settings);
  const dataSource = createDataSource({
    settings,
    tables: [],
    migrations: migrationClasses(plan),
    bounds: {
      statementTimeoutMs: Math.max(STATEMENT_TIMEOUT_MS, request.lockWaitMs ?? 0),
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      poolSize: 2,
    },
    applicationName: 'powerfill-migrate',
  });
  await dataSource.initialize();
  try {
    return await dialect.withApplicationLock(
      dataSource,
      `powerfill-migrations-${settings.schema}`,
      request.lockWaitMs ?? LOCK_WAIT_MS,
      async () => {
        const from = await schemaVersion(dataSource, dialect);
        await createSchemas(dataSource, plan);
        const applied = await dataSource.runMigrations({ transaction: 'each' });
        return { from, to: await schemaVersion(dataSource, dialect), applied: applied.map(({ name }) => name) };
      },
    );
  } finally {
    await dataSource.destroy();
  }
}

/** Schemas we own tables in; a lender's own schema is never made by us. */
async function createSchemas(dataSource: DataSource, plan: SchemaPlan): Promise<void> {
  const names = new Set([plan.schema]);
  if (plan.upstream === 'managed' && plan.upstreamSchema !== undefined) names.add(plan.upstreamSchema);
  for (const name of names) {
    const runner = dataSource.createQueryRunner();
    try {
      if (!(await runner.hasSchema(name))) await runner.createSchema(name);
    } finally {
      await runner.release();
    }
  }
}
