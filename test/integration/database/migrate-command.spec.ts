import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCHEMA_VERSION } from '@powerfill/migrations';
import { startNode } from '../../support/processes';
import { freshDatabase, type TestDatabase } from '../../support/servers';

const folder = mkdtempSync(join(tmpdir(), 'powerfill-migrate-'));
const catalogue = join(folder, 'tenants.json');
let database: TestDatabase;
let out: string;

beforeAll(async () => {
  database = await freshDatabase();
  const tenant = (tenantId: string, url: string) => ({
    tenant_id: tenantId,
    connection: url,
    schema: 'powerfill',
    upstream: 'managed',
    time_zone: 'UTC',
  });
  const away = new URL(database.url);
  away.port = '1';
  writeFileSync(catalogue, JSON.stringify({ away: tenant('1', away.href), near: tenant('2', database.url) }));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});
async function runMigrate(args: readonly string[]): Promise<number | null> {
  const running = await startNode('dist/scripts/migrate.js', { args });
  const { code } = await running.ended;
  out += running.output();
  return code;
}

beforeEach(() => {
  out = '';
});

describe('the migrate command', () => {
  it('tells what is missing, brings the schema up to date, and then has nothing to do', async () => {
    const near = ['--catalogue', catalogue, '--tenant', 'near'];
    expect(await runMigrate([...near, '--check'])).toBe(1);
    expect(await runMigrate(near)).toBe(0);
    expect(await runMigrate([...near, '--check'])).toBe(0);
    expect(await runMigrate([...near, '--create-database'])).toBe(0);
    const version = SCHEMA_VERSION;
    expect(out.split('\n')).toEqual([
      `near: missing: version none, this build works on ${version}`,
      expect.stringMatching(new RegExp(`^near: version none -> ${version} \\(Schema001InitialTables`)),
      `near: ok: version ${version}, this build works on ${version}`,
      `near: version ${version} -> ${version} (nothing to do)`,
      '',
    ]);
  });

  it('migrates the other tenants when one cannot be reached, and ends with status 1', async () => {
    expect(await runMigrate(['--catalogue', catalogue, '--all'])).toBe(1);
    expect(out).toMatch(/^away: \w+ at 127\.0\.0\.1:1\/.*(ECONNREFUSED|Could not connect)/m);
    expect(out).toMatch(/^near: version/m);
  });

  it('explains itself when it is called wrongly', async () => {
    expect(await runMigrate(['--catalogue', catalogue, '--tenant', 'nobody'])).toBe(2);
    expect(await runMigrate(['--downgrade'])).toBe(2);
    expect(out).toContain('has no tenant "nobody"');
    expect(out).toContain("Unknown option '--downgrade'");
  });
});
