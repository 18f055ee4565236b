import { createDataSource, createDialect, type DatabaseHandle, parseConnectionUrl, raw } from '@powerfill/database';
import { ALL_TABLES, instrumentTable, loanTable, tradeTable } from '@powerfill/core/entities';
import { PreflightService } from '@powerfill/core/preflight';
import { RunHistoryService } from '@powerfill/core/runs/run-history.service';
import { RunInputReader } from '@powerfill/core/runs/run-input-reader';
import { migrateTenant } from '@powerfill/migrations';
import { type Tenant, TenantDataSources, TenantScope } from '@powerfill/tenancy';
import { generateDataset } from '../../../scripts/generate/dataset';
import { RUN_OPTIONS } from '../../support/run-world';
import { freshDatabase, type TestDatabase } from '../../support/servers';

const dataset = generateDataset({ loans: 40, trades: 6, seed: 3 });
const signal = new AbortController().signal;

/**
 * A lender's own database: upstream tables in a schema of the lender's, fixed-width keys, more columns than we read and
 * fewer of the optional ones. The tables are made by our migrations as another tenant, then changed as a lender would.
 */
describe('an external tenant', () => {
  let database: TestDatabase;
  let lender: DatabaseHandle;
  let scope: TenantScope;
  let dataSources: TenantDataSources;
  let tenant: Tenant;

  const alter = (statement: string) => lender.dialect.execute(lender.dataSource, raw(statement));

  beforeAll(async () => {
    database = await freshDatabase();
    const { driver, connection } = parseConnectionUrl(database.url);
    const los = { driver, connection, schema: 'los' };
    await migrateTenant({ database: los, upstream: 'managed' });
    lender = {
      dataSource: await createDataSource({ settings: los, tables: [] }).initialize(),
      dialect: createDialect(los),
    };
    // A lender has none of our tables.
    for (const table of ALL_TABLES.filter(({ group }) => group !== 'upstream')) {
      await alter(`DROP TABLE "los"."${table.name}"`);
    }
    for (const { table, rows } of dataset.all.filter(({ table: { group } }) => group === 'upstream')) {
      await lender.dialect.insertRows(lender.dataSource, table, rows as never[]);
    }
    await alter('ALTER TABLE "los"."loan" DROP COLUMN custom_data');
    await alter('ALTER TABLE "los"."loan" DROP COLUMN hold_reason');
    await alter(`ALTER TABLE "los"."loan" ADD branch varchar(10) NULL`);
    // Blank-padded, as a fixed-width column gives it.
    const padded = (column: string, width: number) =>
      driver === 'postgres' ? `rpad(${column}, ${width})` : `LEFT(${column} + REPLICATE(' ', ${width}), ${width})`;
    await alter(
      `UPDATE "los"."loan" SET loan_id = ${padded('loan_id', 30)}, curr_status = ${padded('curr_status', 30)}`,
    );
    await alter(`UPDATE "los"."pscat_trades" SET investor_instrument_name = ${padded('investor_instrument_name', 40)}`);
    tenant = {
      key: 'lender',
      tenantId: 'lender',
      database: { driver, connection, schema: 'desk_owned', upstreamSchema: 'los' },
      upstream: 'external',
      timeZone: 'America/New_York',
      holidays: [],
    };
    await migrateTenant(tenant);
    dataSources = new TenantDataSources({});
    scope = new TenantScope(dataSources);
  });
  afterAll(async () => {
    await dataSources.close();
    await lender.dataSource.destroy();
    await database.drop();
  });

  const tablesOf = async (schema: string): Promise<string[]> => {
    const rows = await lender.dialect.query<{ name: string }>(
      lender.dataSource,
      raw(`SELECT TABLE_NAME AS name FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = '${schema}'`),
    );
    return rows.map(({ name }) => name).sort();
  };

  it("has the owned tables in the schema of the operator's choice, and the lender's as they were", async () => {
    const named = (isUpstream: boolean) =>
      ALL_TABLES.filter(({ group }) => (group === 'upstream') === isUpstream).map(({ name }) => name);
    expect(await tablesOf('desk_owned')).toEqual([...named(false), 'pfill_migrations'].sort());
    expect(await tablesOf('los')).toEqual([...named(true), 'pfill_migrations'].sort());
  });

  it('is read with keys trimmed and what is missing empty', async () => {
    const { input } = await scope.run(tenant, () => new RunInputReader().read(RUN_OPTIONS, signal));
    const rowsOf = (name: string) => dataset.all.find(({ table }) => table.name === name)?.rows ?? [];
    const ids = (rows: readonly object[]) => rows.map((row) => (row as { loan_id: string }).loan_id).sort();
    expect(ids(input.loans)).toEqual(ids(rowsOf(loanTable.name)));
    expect(input.loans.every((loan) => loan.custom_data === null && loan.hold_reason === null)).toBe(true);
    expect(input.loans.every((loan) => loan.curr_status === loan.curr_status.trim())).toBe(true);
    expect(input.loans.every((loan) => !('branch' in loan))).toBe(true);
    const instruments = new Set(input.instruments.map((row) => row.investor_instrument_name));
    expect(input.trades).toHaveLength(rowsOf(tradeTable.name).length);
    expect(input.trades.every((trade) => instruments.has(trade.investor_instrument_name))).toBe(true);
    expect(input.instruments).toHaveLength(rowsOf(instrumentTable.name).length);
    expect(input.payups).not.toBeNull();
  });

  it('hears from preflight what is missing, and is never written to', async () => {
    const service = new PreflightService(new RunHistoryService(), new RunInputReader());
    const check = () => scope.run(tenant, () => service.check(RUN_OPTIONS, signal));
    const found = (await check()).findings.filter(({ code }) => code.startsWith('upstream'));
    expect(found).toMatchObject([
      { code: 'upstream_column_optional', severity: 'warning', examples: ['loan.hold_reason', 'loan.custom_data'] },
    ]);
    await alter('ALTER TABLE "los"."pscat_trades" DROP COLUMN lead_days');
    await alter('ALTER TABLE "los"."loan" DROP COLUMN note_rate');
    const report = await check();
    expect(report.is_ready).toBe(false);
    expect(report.findings[0]).toMatchObject({ code: 'upstream_column_missing', examples: ['loan.note_rate'] });
    await expect(scope.run(tenant, () => new RunInputReader().read(RUN_OPTIONS, signal))).rejects.toThrow(
      'The upstream tables lack loan.note_rate',
    );
  });
});
