import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDataSource, createDialect, parseConnectionUrl } from '@powerfill/database';
import { ALL_TABLES, loanTable, poolTable, tradeTable } from '@powerfill/core/entities';
import { migrateTenant } from '@powerfill/migrations';
import { freshDatabase, type TestDatabase } from '../../support/servers';
import { startNode } from '../../support/processes';

let place: TestDatabase;
let folder: string;
let settings: Parameters<typeof migrateTenant>[0]['database'];

beforeAll(async () => {
  place = await freshDatabase();
  const { driver, connection } = parseConnectionUrl(place.url);
  settings = { driver, connection, schema: driver === 'postgres' ? 'public' : 'dbo' };
  folder = mkdtempSync(join(tmpdir(), 'powerfill-import-test-'));
  const tenant = {
    tenant_id: 'demo-1',
    connection: place.url,
    schema: settings.schema,
    upstream: 'managed',
    time_zone: 'America/New_York',
  };
  const away = new URL(place.url);
  away.port = '1';
  const others = { away: { ...tenant, tenant_id: 'away-1', connection: away.href } };
  writeFileSync(join(folder, 'tenants.json'), JSON.stringify({ demo: tenant, ...others }));
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await place.drop();
});

async function runImport(...args: string[]): Promise<{ code: number | null; output: string }> {
  const process = await startNode('dist/scripts/import.js', {
    args,
    env: { TENANT_CATALOGUE: join(folder, 'tenants.json') },
  });
  const { code } = await process.ended;
  return { code, output: process.output() };
}

const directory = (files: Readonly<Record<string, string>>): string => {
  const path = mkdtempSync(join(folder, 'data-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
};

describe('npm run import', () => {
  it('says what to do when the database is not migrated yet', async () => {
    const { code, output } = await runImport('--tenant', 'demo', '--dir', 'samples');
    expect(output).toContain('npm run migrate');
    expect(code).toBe(2);
    await migrateTenant({ database: settings, upstream: 'managed' });
  });

  it('says in one line where a database is that does not answer, and what to do', async () => {
    const { code, output } = await runImport('--tenant', 'away', '--dir', 'samples');
    expect(output).toMatch(
      /^away: \w+ at 127\.0\.0\.1:1\/\w+: .*(ECONNREFUSED|Could not connect).* \(start it, or correct .*\)\n$/,
    );
    expect(code).toBe(2);
  });

  it('loads the sample and prints the rows of each table', async () => {
    const { code, output } = await runImport('--tenant', 'demo', '--dir', 'samples');
    expect(output).toMatch(/^loan +2500 +2500 +0 +0$/m);
    expect(output).toMatch(/^pscat_trades +60 +60 +0 +0$/m);
    expect(code).toBe(0);
    const dataSource = await createDataSource({ settings, tables: ALL_TABLES }).initialize();
    try {
      const dialect = createDialect(settings);
      const count = async (table: typeof loanTable | typeof tradeTable | typeof poolTable) =>
        (await dialect.readRows(dataSource, table)).length;
      expect([await count(loanTable), await count(tradeTable), await count(poolTable)]).toEqual([2500, 60, 22]);
    } finally {
      await dataSource.destroy();
    }
  });

  it('names file, line and column of bad data and ends with status 2', async () => {
    const path = directory({ 'pscat_loan_stages.csv': 'stage,seq\nApproved,3\nDocs Out,four\n' });
    const { code, output } = await runImport('--tenant', 'demo', '--dir', path);
    expect(output).toContain(`${path}/pscat_loan_stages.csv:3:seq: must be a whole number ("four")`);
    expect(code).toBe(2);
  });

  it('refuses an unknown tenant, a missing folder, and a file of no table', async () => {
    const stray = directory({ 'loans.csv': 'loan_id\n' });
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['--tenant', 'nobody', '--dir', 'samples'], 'no tenant "nobody"'],
      [['--tenant', 'demo', '--dir', join(folder, 'none')], 'cannot be read'],
      [['--tenant', 'demo', '--dir', stray], 'loans.csv'],
      [['--dir', 'samples'], '--tenant is missing'],
      [['--tenant', 'demo', '--colour', 'red'], 'colour'],
    ];
    const answers = await Promise.all(cases.map(([args]) => runImport(...args)));
    expect(answers.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    answers.forEach(({ output }, index) => expect(output).toContain(cases[index]?.[1]));
  });
});
