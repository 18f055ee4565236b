import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startApplication } from './lib/applications.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main, say } from './lib/output.mjs';
import { root } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { CleanupStack } from './lib/processes.mjs';
import { temporaryDirectory } from './lib/temporary-directory.mjs';
import { startTestServers } from './lib/test-servers.mjs';

/** Loads a compiled script, once it is built. */
const compiled = createRequire(join(root, 'dist', 'scripts', 'parity.js'));

/** What a database may take for a page of a report. */
const ANSWER_MS = 60_000;
const RUN_MS = 15 * 60_000;

/** The server to compare with; its absence is said in one line. */
async function sqlServerUrl() {
  const { CommandFault } = compiled('./command/run-command.js');
  const url = process.env.TEST_DATABASE_URL ?? '';
  if (!url.startsWith('mssql://')) {
    throw new CommandFault(
      'Nothing was compared: there is no SQL Server. TEST_DATABASE_URL=mssql://user:password@host names one.',
    );
  }
  try {
    await startPostgres({ url });
  } catch (error) {
    throw new CommandFault(`Nothing was compared. ${error.message}`);
  }
  return url;
}

/** Loads the same data into a tenant on each server, and starts an API and a worker for both. */
async function prepare(plan, stack) {
  const { generateDataset } = compiled('./generate/dataset.js');
  const { writeDataset } = compiled('./generate/write-csv.js');
  const { catalogueOf, prepareTenants } = compiled('./soak/tenants.js');
  const theirs = await sqlServerUrl();
  const { folder, remove } = temporaryDirectory();
  stack.defer(remove);
  const { REDIS_URL, TEST_DATABASE_URL: ours } = await startTestServers(stack, [], '');
  const data = plan.dataset === null ? join(root, 'samples') : join(folder, 'data');
  if (plan.dataset !== null) await writeDataset(data, generateDataset(plan.dataset).all);
  const entry = (url, name) => Object.values(catalogueOf(url, 1, `parity_${name}_${process.pid}`))[0];
  const entries = { left: entry(ours, 'left'), right: entry(theirs, 'right') };
  const catalogueFile = join(folder, 'tenants.json');
  writeFileSync(catalogueFile, JSON.stringify(entries), { mode: 0o600 });
  const { catalogue, scope, drop } = await prepareTenants(entries, [data]);
  stack.defer(drop);
  // What is compared is what they answer, not how soon: without statistics Babelfish takes over 10 s for a joined report.
  const patience = { DATABASE_ANSWER_MS: String(ANSWER_MS) };
  const env = { ...patience, ...process.env, REDIS_URL, TENANT_CATALOGUE: catalogueFile, LOG_LEVEL: 'warn' };
  const { origin } = await startApplication({ name: 'api', app: 'api', env, folder }, stack);
  await startApplication({ name: 'worker', app: 'worker', env, folder }, stack);
  return { origin, scope, tenants: { left: catalogue.byKey('left'), right: catalogue.byKey('right') } };
}

/** @returns the exit status: 1 when anything differs */
async function parity(plan, stack) {
  const { TenantClient } = compiled('./soak/http-client.js');
  const { compareEverything } = compiled('./parity/compare-everything.js');
  const { presentComparisons, presentWriteTimes } = compiled('./parity/present.js');
  const { writeTimes } = compiled('./parity/write-times.js');
  const { serverVersion } = compiled('./parity/sides.js');
  const { origin, scope, tenants } = await prepare(plan, stack);
  for (const tenant of Object.values(tenants)) {
    process.stdout.write(`${tenant.database.driver}: ${await serverVersion(scope, tenant)}\n`);
  }
  const options = { as_of_date: '2026-11-23', effort: plan.effort };
  const sides = { origin, scope };
  for (const [name, tenant] of Object.entries(tenants)) {
    sides[name] = { tenant, run: await new TenantClient(origin, tenant.key).complete(options, RUN_MS) };
    say(`Run on ${tenant.database.driver} complete.`);
  }
  const compared = await compareEverything(sides);
  process.stdout.write(`\n${presentComparisons(compared)}\n\n`);
  const times = [await writeTimes(scope, sides.left, plan), await writeTimes(scope, sides.right, plan)];
  process.stdout.write(`${presentWriteTimes(...times)}\n\n`);
  const different = compared.filter((one) => one.different > 0).length;
  const rows = compared.reduce((sum, one) => sum + one.left, 0);
  console.log(different === 0 ? `IDENTICAL: ${rows} rows` : `DIFFERENT: ${different} of ${compared.length}`);
  return different === 0 ? 0 : 1;
}

/** `npm run parity`: the same run on both databases, compared row by row. */
await main(async () => {
  await ensurePackages();
  await ensureBuild();
  const { runCommand } = compiled('./command/run-command.js');
  const { parityPlan, PARITY_USAGE } = compiled('./parity/plan.js');
  process.exitCode = await runCommand(PARITY_USAGE, async () => {
    const plan = parityPlan(process.argv.slice(2));
    if (plan === undefined) {
      console.log(PARITY_USAGE);
      return 0;
    }
    const stack = new CleanupStack();
    try {
      return await parity(plan, stack);
    } finally {
      await stack.close();
    }
  });
});
