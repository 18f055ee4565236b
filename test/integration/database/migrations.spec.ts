import {
  checkSchema,
  createDatabaseIfMissing,
  createDataSource,
  createDialect,
  parseConnectionUrl,
  primaryKeyName,
  schemaVersion,
  sql,
  type DatabaseSettings,
  type DataSourceRequest,
} from '@powerfill/database';
import { ACTIVE_STATUSES } from '@powerfill/core/domain/run-status';
import { ACTIVE_RUN_INDEX, ALL_TABLES } from '@powerfill/core/entities';
import { migrateTenant, SCHEMA_VERSION, SCHEMA_VERSIONS } from '@powerfill/migrations';
import { dropDatabase } from '../../../scripts/soak/drop-database';
import { itWith } from '../../support/features';
import { freshDatabase, uniqueName, type TestDatabase } from '../../support/servers';
import { declaredColumns, storedColumns } from './catalogue';
import { migratedDatabase, type MigratedDatabase } from './setup';

describe('the schema that migrations make', () => {
  let database: MigratedDatabase;
  beforeAll(async () => {
    database = await migratedDatabase();
  });
  afterAll(() => database.drop());

  it('has every declared table with every column, its type, nullability and collation, and nothing else', async () => {
    expect(await storedColumns(database)).toEqual(declaredColumns(database.dialect.driver));
  });

  itWith('a catalogue of indexes as PostgreSQL has it')(
    'has every declared key and index, and nothing else',
    async () => {
      const { dialect, dataSource } = database;
      const rows = await dialect.query<{ definition: string }>(
        dataSource,
        sql`SELECT regexp_replace(indexdef, ' WHERE .*', ' WHERE') AS definition FROM pg_indexes
          WHERE schemaname = 'powerfill' AND tablename <> 'pfill_migrations'`,
      );
      const plain = (columns: readonly string[]): string => columns.join(', ');
      const declared = ALL_TABLES.flatMap((table) => [
        `CREATE UNIQUE INDEX ${primaryKeyName(table)} ON powerfill.${table.name} USING btree (${plain(table.primaryKey)})`,
        ...table.indexes.map(
          (index) =>
            `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${index.name} ON powerfill.${table.name} USING btree (${plain(index.columns)})${index.where ? ' WHERE' : ''}`,
        ),
      ]);
      expect(rows.map((row) => row.definition.replaceAll('"', '')).sort()).toEqual(declared.sort());
    },
  );

  itWith('a catalogue of indexes as PostgreSQL has it')(
    'filters the unique index of BR-8 to the active statuses',
    async () => {
      const { dialect, dataSource } = database;
      const [row] = await dialect.query<{ predicate: string }>(
        dataSource,
        sql`SELECT pg_get_expr(indpred, indrelid) AS predicate FROM pg_index
          WHERE indexrelid = ${`powerfill.${ACTIVE_RUN_INDEX}`}::regclass AND indisunique`,
      );
      // PostgreSQL rewrites IN as = ANY; the statuses and their order are as declared.
      const list = ACTIVE_STATUSES.map((status) => `'${status}'::character varying`).join(', ');
      expect(row?.predicate).toBe(`((status)::text = ANY ((ARRAY[${list}])::text[]))`);
    },
  );

  it('stays as it is when the migrations run again, even by two processes at once', async () => {
    const again = () => migrateTenant({ database: database.settings, upstream: 'managed' });
    const nothing = { from: SCHEMA_VERSION, to: SCHEMA_VERSION, applied: [] };
    await expect(Promise.all([again(), again()])).resolves.toEqual([nothing, nothing]);
  });

  it('is ok for this build and the one before, outdated for a newer and too new for an older one', async () => {
    const { dialect, dataSource } = database;
    const states = [0, -1, 1, -2].map(async (offset) => {
      const { state } = await checkSchema(dataSource, dialect, SCHEMA_VERSION + offset);
      return state;
    });
    await expect(Promise.all(states)).resolves.toEqual(['ok', 'ok', 'outdated', 'too_new']);
  });

  it('has versions that count from 1 without a gap, oldest first', () => {
    expect(SCHEMA_VERSIONS.map(({ version }) => version)).toEqual(SCHEMA_VERSIONS.map((_, index) => index + 1));
    const times = SCHEMA_VERSIONS.map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(ALL_TABLES.every((table) => table.since <= SCHEMA_VERSION)).toBe(true);
  });
});

describe('a database of its own', () => {
  let empty: TestDatabase;
  let settings: DatabaseSettings;
  beforeEach(async () => {
    empty = await freshDatabase();
    settings = { ...parseConnectionUrl(empty.url), schema: 'powerfill' };
  });
  afterEach(() => empty.drop());

  const withDataSource = async <R>(
    request: Partial<DataSourceRequest>,
    work: (dataSource: ReturnType<typeof createDataSource>) => Promise<R>,
  ): Promise<R> => {
    const dataSource = await createDataSource({ settings, tables: [], ...request }).initialize();
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  };

  it('has no schema version before the first migration', async () => {
    await withDataSource({}, async (dataSource) => {
      await expect(schemaVersion(dataSource, createDialect(settings))).resolves.toBeNull();
      const check = await checkSchema(dataSource, createDialect(settings), SCHEMA_VERSION);
      expect(check).toEqual({ state: 'missing', version: null, expected: SCHEMA_VERSION });
    });
  });

  it('is migrated once when two processes start at the same time', async () => {
    const migrate = () => migrateTenant({ database: settings, upstream: 'managed' });
    const results = await Promise.all([migrate(), migrate()]);
    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, SCHEMA_VERSIONS.length]);
  });

  it('is created on the server when it is missing, and only then', async () => {
    const name = uniqueName('powerfill_test_made');
    const made = { ...settings, connection: { ...settings.connection, database: name } };
    await expect(createDatabaseIfMissing(made)).resolves.toBe(true);
    await expect(createDatabaseIfMissing(made)).resolves.toBe(false);
    await withDataSource({ settings: made }, (dataSource) => dataSource.query('SELECT 1'));
    await dropDatabase(made);
  });

  it("leaves a lender's upstream tables to the lender", async () => {
    await migrateTenant({ database: { ...settings, upstreamSchema: 'los' }, upstream: 'external' });
    await withDataSource({}, async (dataSource) => {
      const rows = await createDialect(settings).query<{ name: string }>(
        dataSource,
        sql`SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS "name" FROM INFORMATION_SCHEMA.TABLES
            WHERE TABLE_SCHEMA IN ('powerfill', 'los', 'public', 'dbo')`,
      );
      const owned = ALL_TABLES.filter((table) => table.group !== 'upstream').map((table) => `powerfill.${table.name}`);
      expect(rows.map(({ name }) => name).sort()).toEqual([...owned, 'powerfill.pfill_migrations'].sort());
    });
  });
});
