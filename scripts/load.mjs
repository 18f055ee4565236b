import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readArguments } from './lib/arguments.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { freePort } from './lib/network.mjs';
import { main, say } from './lib/output.mjs';
import { root } from './lib/paths.mjs';
import { CleanupStack, startProcess, waitForUrl } from './lib/processes.mjs';
import { temporaryDirectory } from './lib/temporary-directory.mjs';
import { startTestServers } from './lib/test-servers.mjs';
import { listing, phase, reading, submission } from './load/generator.mjs';
import { followAll, watchMemory } from './load/streams.mjs';

const options = {
  tenants: { type: 'string', default: '500', number: true },
  apis: { type: 'string', default: '2', number: true },
  workers: { type: 'string', default: '4', number: true },
  seconds: { type: 'string', default: '15', number: true },
  streams: { type: 'string', default: '200', number: true },
  loans: { type: 'string', default: '100', number: true },
  connections: { type: 'string', default: '600', number: true },
  profile: { type: 'string' },
};

const USAGE = `Submissions, refusals, reads, lists and event streams at steady rates against real processes; ends with latencies, memory
and how long runs waited, and status 1 unless every run was accepted and every stream ended.

  npm run load -- [options]

  --tenants N       each with one run (${options.tenants.default})
  --apis N          API processes (${options.apis.default})
  --workers N       worker processes (${options.workers.default})
  --seconds N       that each kind of call lasts (${options.seconds.default})
  --streams N       runs that are followed by server-sent events (${options.streams.default})
  --loans N         loans of a tenant (${options.loans.default})
  --connections N   to databases, of an API process (${options.connections.default})
  --profile DIR     folder for CPU profiles of the API processes
`;

/** Each worker and the script itself work on few databases at a time. */
const WORKER_CONNECTIONS = 40;
/** Calls a second, as the desks of a large service would send them. */
const RATES = { submissions: 50, refusals: 200, reads: 500, lists: 200 };
const RUNS_END_MS = 600_000;
/** Three sweeps: the first one opens the databases. */
const IDLE_MS = 30_000;

async function start(kind, index, { env, folder, nodeArgs = [] }, stack) {
  const port = await freePort();
  const name = `${kind} ${index}`;
  const logFile = join(folder, `${kind}-${index}.log`);
  const running = await startProcess({
    name,
    command: process.execPath,
    args: [...nodeArgs, join(root, 'dist', 'apps', kind, 'src', 'main.js')],
    env: { ...env, PORT: String(port), WORKER_PORT: String(port) },
    logFile,
    stopTimeoutMs: 35_000,
  });
  stack.defer(running.stop);
  const origin = `http://127.0.0.1:${port}`;
  await waitForUrl(`${origin}/health/live`, { timeoutMs: 60_000, running, logFile });
  return { name, origin };
}

async function load(plan, profile, stack) {
  const compiled = createRequire(join(root, 'dist', 'scripts', 'load.js'));
  const { generateDataset } = compiled('./generate/dataset.js');
  const { writeDataset } = compiled('./generate/write-csv.js');
  const { catalogueOf } = compiled('./soak/tenants.js');
  const { cloneTenants } = compiled('./load/clone-tenants.js');
  const { runTimes, percentile } = compiled('./load/queue-wait.js');
  const { readEvents } = compiled('./demo/read-events.js');

  const { folder, remove } = temporaryDirectory();
  stack.defer(remove);
  const servers = await startTestServers(stack, ['-c', `max_connections=${sumOfConnections(plan)}`]);
  const data = join(folder, 'data');
  await writeDataset(data, generateDataset({ loans: plan.loans, trades: 10, seed: 1 }).all);
  const entries = catalogueOf(servers.TEST_DATABASE_URL, plan.tenants, `load_${process.pid}`);
  const catalogueFile = join(folder, 'tenants.json');
  writeFileSync(catalogueFile, JSON.stringify(entries), { mode: 0o600 });
  say(`Making ${plan.tenants} tenants of ${plan.loans} loans each.`);
  const ready = await cloneTenants(entries, data);
  stack.defer(ready.close);
  const env = {
    ...process.env,
    REDIS_URL: servers.REDIS_URL,
    TENANT_CATALOGUE: catalogueFile,
    LOG_LEVEL: 'warn',
    QUEUE_CAPACITY: '1000',
    DATABASE_POOL_SIZE: '2',
    EVENT_STREAMS: String(Math.max(4, plan.streams)),
  };
  const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const api = { env: { ...env, DATABASE_CONNECTIONS: String(plan.connections) }, folder, nodeArgs };
  const worker = { env: { ...env, DATABASE_CONNECTIONS: String(WORKER_CONNECTIONS) }, folder };
  const apis = await Promise.all(Array.from({ length: plan.apis }, (_, at) => start('api', at, api, stack)));
  const origins = apis.map(({ origin }) => origin);
  const memory = watchMemory([...apis]);
  const tenants = Object.keys(entries);
  const runIds = new Map();
  const phases = [];
  const run = async (name, load) => {
    const before = await cpuSeconds(origins);
    const figures = await phase(name, origins, { seconds: plan.seconds, ...load });
    const cpu = ((await cpuSeconds(origins)) - before) * 1_000;
    phases.push({ ...figures, apiCpuMsPerCall: (cpu / figures.calls).toFixed(2) });
    say(`  ${name}: done`);
  };
  const idleFrom = await cpuSeconds(origins);
  await pause(IDLE_MS);
  const idleCpu = (((await cpuSeconds(origins)) - idleFrom) * 100_000) / IDLE_MS / origins.length;
  await run('submit, 202', {
    calls: tenants.map(submission),
    rate: RATES.submissions,
    once: true,
    onBody: (status, body, { tenant }) => {
      if (status === 202) runIds.set(tenant, JSON.parse(body).run_id);
    },
  });
  // In the order of the tenants, so that each keeps to its API.
  const known = tenants.flatMap((tenant) => (runIds.has(tenant) ? [{ tenant, runId: runIds.get(tenant) }] : []));
  await run('submit, 409', { calls: tenants.map(submission), rate: RATES.refusals });
  await run('read a run', { calls: known.map(reading), rate: RATES.reads });
  await run('list runs', { calls: tenants.map(listing), rate: RATES.lists });
  const followed = known.slice(0, plan.streams).map((one, at) => ({ ...one, origin: origins[at % origins.length] }));
  const startedAt = performance.now();
  const following = followAll(followed, readEvents, RUNS_END_MS);
  const workers = await Promise.all(
    Array.from({ length: plan.workers }, (_, at) => start('worker', at, worker, stack)),
  );
  workers.forEach((process) => memory.add(process));
  const streams = await following;
  const seconds = (performance.now() - startedAt) / 1_000;
  const { byStatus, waits, works } = await runTimes(ready);
  console.log('Latency in ms from the moment a call was due.');
  console.table(phases);
  console.log(
    `Without any call the sweeps of ${plan.tenants} tenants take ${idleCpu.toFixed(1)} % of a processor in each API.`,
  );
  console.log('Memory in MB');
  console.table(await memory.stop());
  const wait = { name: 'from submission to claim, s', ...percentiles(waits, percentile) };
  const work = { name: 'from claim to end, s', ...percentiles(works, percentile) };
  console.table([wait, work]);
  const ended = Object.values(byStatus).reduce((sum, count) => sum + count, 0) - (byStatus.Pending ?? 0);
  console.log(
    `Runs: ${JSON.stringify(byStatus)}; ${(ended / seconds).toFixed(1)} a second by ${plan.workers} workers.`,
  );
  console.log(`Streams: ${JSON.stringify(streams)}`);
  const isWhole = runIds.size === tenants.length && streams.ended === followed.length;
  if (!isWhole) process.exitCode = 1;
}

/** Processor time that processes have used, together: tells how much a call costs, however crowded the machine is. */
async function cpuSeconds(origins) {
  const texts = await Promise.all(origins.map(async (origin) => (await fetch(`${origin}/metrics`)).text()));
  return texts.reduce((sum, text) => sum + Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]), 0);
}

/** Of the processes, and of this script with its open databases. */
const sumOfConnections = ({ apis, workers, connections }) => apis * connections + workers * WORKER_CONNECTIONS + 100;

const percentiles = (values, percentile) =>
  Object.fromEntries([50, 90, 99, 100].map((p) => [`p${p}`, ((percentile(values, p) ?? 0) / 1_000).toFixed(2)]));

/** `npm run load` */
await main(async () => {
  const values = readArguments(USAGE, options);
  if (values === undefined) return;
  const { profile, ...plan } = values;
  await ensurePackages();
  await ensureBuild();
  const stack = new CleanupStack();
  try {
    await load(plan, profile, stack);
  } finally {
    await stack.close();
  }
});
