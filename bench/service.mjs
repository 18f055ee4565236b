import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startApplication } from '../scripts/lib/applications.mjs';
import { ensureBuild } from '../scripts/lib/ensure-build.mjs';
import { ensurePackages } from '../scripts/lib/ensure-packages.mjs';
import { main, say, secondsSince } from '../scripts/lib/output.mjs';
import { root } from '../scripts/lib/paths.mjs';
import { CleanupStack } from '../scripts/lib/processes.mjs';
import { temporaryDirectory } from '../scripts/lib/temporary-directory.mjs';
import { startTestServers } from '../scripts/lib/test-servers.mjs';

const options = {
  loans: { type: 'string', default: '50000' },
  trades: { type: 'string', default: '100' },
  seed: { type: 'string', default: '7' },
  /** Effort of the run: interactive, standard or deep. */
  effort: { type: 'string', default: 'interactive' },
  /** Runs one after the other in the same worker: memory that is not given back shows. */
  runs: { type: 'string', default: '1' },
  /** Folder for CPU profiles of the worker. */
  profile: { type: 'string' },
};

async function measure(plan, stack) {
  const compiled = createRequire(join(root, 'dist', 'bench', 'service.js'));
  const { generateDataset } = compiled('../scripts/generate/dataset.js');
  const { writeDataset } = compiled('../scripts/generate/write-csv.js');
  const { catalogueOf, prepareTenants } = compiled('../scripts/soak/tenants.js');
  const { measureRun } = compiled('./service/measure-run.js');
  const { folder, remove } = temporaryDirectory();
  stack.defer(remove);
  const servers = await startTestServers(stack);
  const data = join(folder, 'data');
  const dataset = { loans: Number(plan.loans), trades: Number(plan.trades), seed: Number(plan.seed) };
  await writeDataset(data, generateDataset(dataset).all);
  const entries = catalogueOf(servers.TEST_DATABASE_URL, 1, `bench_${process.pid}`);
  const catalogueFile = join(folder, 'tenants.json');
  writeFileSync(catalogueFile, JSON.stringify(entries), { mode: 0o600 });
  const begun = performance.now();
  const ready = await prepareTenants(entries, data);
  await ready.close();
  say(`Migrated and imported in ${secondsSince(begun)}.`);
  const env = { ...process.env, REDIS_URL: servers.REDIS_URL, TENANT_CATALOGUE: catalogueFile, LOG_LEVEL: 'warn' };
  const nodeArgs = plan.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', resolve(plan.profile)];
  const api = await startApplication({ name: 'api', app: 'api', env, folder }, stack);
  const worker = await startApplication({ name: 'worker', app: 'worker', env, folder, nodeArgs }, stack);
  for (let index = 0; index < Number(plan.runs); index += 1) {
    const [tenant] = ready.catalogue.all();
    const options = { as_of_date: '2026-11-23', effort: plan.effort };
    process.stdout.write(await measureRun({ api: api.origin, worker: worker.origin, tenant: tenant.key, options }));
  }
  for (const { logFile } of [api, worker]) process.stdout.write(readFileSync(logFile, 'utf8'));
}

/** `npm run bench:service`: what a large run costs through API and worker processes, step by step. */
await main(async () => {
  const { values } = parseArgs({ options });
  await ensurePackages();
  await ensureBuild();
  const stack = new CleanupStack();
  try {
    await measure(values, stack);
  } finally {
    await stack.close();
  }
});
