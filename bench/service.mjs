import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { readArguments } from '../scripts/lib/arguments.mjs';
import { startApplication } from '../scripts/lib/applications.mjs';
import { ensureBuild } from '../scripts/lib/ensure-build.mjs';
import { ensurePackages } from '../scripts/lib/ensure-packages.mjs';
import { main, say, secondsSince } from '../scripts/lib/output.mjs';
import { root } from '../scripts/lib/paths.mjs';
import { CleanupStack } from '../scripts/lib/processes.mjs';
import { temporaryDirectory } from '../scripts/lib/temporary-directory.mjs';
import { startTestServers } from '../scripts/lib/test-servers.mjs';

const USAGE = `A large run through API and worker processes of its own: seconds, rows, stalls and memory, step by step; then the
first page of each report, a whole report as a file, and an import.

  npm run bench:service -- [options]

  --loans N          loans of the run (50000)
  --trades N         trades of the run (100)
  --seed N           of the data (7)
  --effort E         of the run: interactive, standard or deep (interactive)
  --runs N           runs one after the other in the same worker: memory that is not given back shows (1); 0 for the import only
  --import-loans N   loans of the import that is measured (100000); 0 for none
  --profile DIR      folder for CPU profiles of the processes
`;

const options = {
  loans: { type: 'string', default: '50000' },
  trades: { type: 'string', default: '100' },
  seed: { type: 'string', default: '7' },
  effort: { type: 'string', default: 'interactive' },
  runs: { type: 'string', default: '1' },
  'import-loans': { type: 'string', default: '100000' },
  profile: { type: 'string' },
};

const compiled = createRequire(join(root, 'dist', 'bench', 'service.js'));

/** Runs on generated data, and what can be read of them. */
async function measureRuns(plan, bench) {
  const { start } = bench;
  const { measureRun } = compiled('./service/measure-run.js');
  const { measureFirstPages, measureStreams } = compiled('./service/measure-reports.js');
  const dataset = { loans: Number(plan.loans), trades: Number(plan.trades), seed: Number(plan.seed) };
  const tenant = await prepared(bench, dataset, 'runs');
  const api = await start('api', 'api', tenant);
  const worker = await start('worker', 'worker', tenant);
  for (let index = 0; index < Number(plan.runs); index += 1) {
    const options = { as_of_date: '2026-11-23', effort: plan.effort };
    const where = { api: api.origin, worker: worker.origin, tenant: tenant.key, options };
    process.stdout.write(await measureRun(where));
  }
  await worker.stop();
  await api.stop();
  const startApi = async (name) => ({ api: (await start(name, 'api', tenant)).origin, tenant: tenant.key });
  process.stdout.write(`${await measureFirstPages(await startApi('api-pages'))}\n\n`);
  process.stdout.write(`${await measureStreams(startApi)}\n\n`);
}

/** A large file of loans through an API process of its own, into a tenant without any. */
async function measureImports(plan, bench) {
  const { folder, start } = bench;
  const { generateDataset } = compiled('../scripts/generate/dataset.js');
  const { writeDataset } = compiled('../scripts/generate/write-csv.js');
  const { measureImport } = compiled('./service/measure-import.js');
  const tenant = await prepared(bench, null, 'import');
  const data = join(folder, 'import');
  const { all } = generateDataset({ loans: Number(plan['import-loans']), trades: 100, seed: Number(plan.seed) });
  await writeDataset(data, all);
  const { origin } = await start('api-import', 'api', tenant);
  const where = { api: origin, tenant: tenant.key };
  process.stdout.write(`${await measureImport(where, join(data, 'loan.csv'), () => tenant.count('loan'))}\n`);
}

/** A migrated tenant with generated data, or with none. */
async function prepared({ servers, folder, stack }, dataset, name) {
  const { generateDataset } = compiled('../scripts/generate/dataset.js');
  const { writeDataset } = compiled('../scripts/generate/write-csv.js');
  const { catalogueOf, prepareTenants, countRows } = compiled('../scripts/soak/tenants.js');
  const folders = dataset === null ? [] : [join(folder, `data-${name}`)];
  if (dataset !== null) await writeDataset(folders[0], generateDataset(dataset).all);
  const entries = catalogueOf(servers.TEST_DATABASE_URL, 1, `bench_${name}_${process.pid}`);
  const catalogueFile = join(folder, `tenants-${name}.json`);
  writeFileSync(catalogueFile, JSON.stringify(entries), { mode: 0o600 });
  const begun = performance.now();
  const ready = await prepareTenants(entries, folders);
  if (dataset !== null) say(`Migrated and imported in ${secondsSince(begun)}.`);
  stack.defer(ready.drop);
  const [tenant] = ready.catalogue.all();
  return { key: tenant.key, catalogueFile, count: (table) => countRows(ready, tenant, table) };
}

async function measure(plan, stack) {
  const { folder, remove } = temporaryDirectory();
  stack.defer(remove);
  const servers = await startTestServers(stack);
  const nodeArgs = plan.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', resolve(plan.profile)];
  const started = [];
  const start = async (name, app, { catalogueFile }) => {
    const env = { ...process.env, REDIS_URL: servers.REDIS_URL, TENANT_CATALOGUE: catalogueFile, LOG_LEVEL: 'warn' };
    const application = await startApplication({ name, app, env, folder, nodeArgs }, stack);
    started.push(application);
    return application;
  };
  const bench = { servers, folder, stack, start };
  if (Number(plan.runs) > 0) await measureRuns(plan, bench);
  if (Number(plan['import-loans']) > 0) await measureImports(plan, bench);
  for (const { logFile } of started) process.stdout.write(readFileSync(logFile, 'utf8'));
}

/** `npm run bench:service` */
await main(async () => {
  const values = readArguments(USAGE, options);
  if (values === undefined) return;
  await ensurePackages();
  await ensureBuild();
  const stack = new CleanupStack();
  try {
    await measure(values, stack);
  } finally {
    await stack.close();
  }
});
