import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startApplication } from './lib/applications.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main, say, secondsSince } from './lib/output.mjs';
import { root } from './lib/paths.mjs';
import { CleanupStack } from './lib/processes.mjs';
import { temporaryDirectory } from './lib/temporary-directory.mjs';
import { startTestServers } from './lib/test-servers.mjs';

/** Loads a compiled script, once it is built. */
const compiled = createRequire(join(root, 'dist', 'scripts', 'soak.js'));

/** @returns the exit status: 1 when something happened that must not */
async function soak(plan, stack) {
  const { generateDataset } = compiled('./generate/dataset.js');
  const { writeDataset } = compiled('./generate/write-csv.js');
  const { catalogueOf, prepareTenants } = compiled('./soak/tenants.js');
  const { Soak } = compiled('./soak/workload.js');
  const began = performance.now();
  const { folder, remove } = temporaryDirectory();
  stack.defer(remove);
  const servers = await startTestServers(stack);
  const data = join(folder, 'data');
  await writeDataset(data, generateDataset({ loans: plan.loans, trades: plan.trades, seed: plan.seed }).all);
  const entries = catalogueOf(servers.TEST_DATABASE_URL, plan.tenants, `soak_${process.pid}`);
  const catalogueFile = join(folder, 'tenants.json');
  writeFileSync(catalogueFile, JSON.stringify(entries), { mode: 0o600 });
  const ready = await prepareTenants(entries, [data], (count) => {
    if (count % 10 === 0) say(`${count} of ${plan.tenants} databases are prepared (${secondsSince(began)}).`);
  });
  stack.defer(ready.drop);
  say(`${plan.tenants} tenants with ${plan.loans} loans and ${plan.trades} trades each.`);
  const env = { ...process.env, REDIS_URL: servers.REDIS_URL, TENANT_CATALOGUE: catalogueFile, LOG_LEVEL: 'warn' };
  const { origin } = await startApplication({ name: 'api', app: 'api', env, folder }, stack);
  for (let index = 1; index <= plan.workers; index += 1) {
    await startApplication({ name: `worker-${index}`, app: 'worker', env, folder }, stack);
  }
  say(`One API and ${plan.workers} workers are ready; ${plan.submissions} submissions, then ${plan.cancels} cancels.`);
  const started = performance.now();
  const report = await new Soak({
    origin,
    tenants: ready.catalogue.all(),
    scope: ready.scope,
    seed: plan.seed,
    submissions: plan.submissions,
    cancels: plan.cancels,
    options: { as_of_date: '2026-11-23', effort: 'interactive' },
    onProgress: (text) => say(`${text} (${secondsSince(started)})`),
  }).run();
  const { faults, byStatus, ...figures } = report;
  for (const fault of faults) console.log(`FAULT ${fault}`);
  for (const [name, value] of Object.entries({ ...figures, ...byStatus })) console.log(`${name.padEnd(18)}${value}`);
  console.log(`seconds           ${((performance.now() - started) / 1000).toFixed(1)}`);
  console.log(`faults            ${faults.length}`);
  return faults.length > 0 ? 1 : 0;
}

/** `npm run soak`: many tenants, several worker processes, submissions and cancels at random; ends with its figures. */
await main(async () => {
  await ensurePackages();
  await ensureBuild();
  const { runCommand } = compiled('./command/run-command.js');
  const { soakSize, SOAK_USAGE } = compiled('./soak/plan.js');
  process.exitCode = await runCommand(SOAK_USAGE, async () => {
    const size = soakSize(process.argv.slice(2));
    if (size === undefined) {
      process.stdout.write(SOAK_USAGE);
      return 0;
    }
    const stack = new CleanupStack();
    try {
      return await soak(size, stack);
    } finally {
      await stack.close();
    }
  });
});
