import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readArguments, refuseArguments } from './lib/arguments.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { freePort } from './lib/network.mjs';
import { main, say } from './lib/output.mjs';
import { dataDirectory, root } from './lib/paths.mjs';
import { startPostgres, SURVIVES_RESTARTS } from './lib/postgres.mjs';
import { CleanupStack, startProcess, waitForUrl } from './lib/processes.mjs';
import { startRedis } from './lib/redis.mjs';
import { temporaryDirectory } from './lib/temporary-directory.mjs';

const options = {
  minutes: { type: 'string', default: '3', number: true },
  seed: { type: 'string', default: '1', number: true },
  tenants: { type: 'string', default: '20', number: true },
  apis: { type: 'string', default: '2', number: true },
  workers: { type: 'string', default: '4', number: true },
  zombies: { type: 'string', default: '0', number: true },
  gap: { type: 'string', default: '7', number: true },
  grace: { type: 'string', default: '3', number: true },
  outage: { type: 'string' },
  cancels: { type: 'string', default: '0', number: true },
  rolling: { type: 'string', default: '0', number: true },
};
/** Kinds of outages; scripts/chaos/outage.ts holds what each does. */
const OUTAGES = ['redis', 'flush', 'database'];

const USAGE = `Breaks a service under load and checks that nothing happened that must not; ends with its figures, and status 1 on a
violation.

  npm run chaos -- [options] [word ...]         faults by a seeded plan; words choose the kinds that contain them: terminate
  npm run chaos -- --rolling N [options]        N restarts one after the other instead, as of a deployment
  npm run chaos -- --outage KIND [options]      a server goes away while ten runs are at work: ${OUTAGES.join(', ')}
  npm run chaos -- --cancels N [--seed S]       N cancels in each of the six steps and in a statement that waits
  npm run chaos -- --zombies N [--seed S]       N rounds of six workers stopped until another completed their runs

  --minutes N   of faults (${options.minutes.default})
  --seed N      of the plan and the data (${options.seed.default})
  --tenants N   (${options.tenants.default})
  --apis N      API processes (${options.apis.default})
  --workers N   worker processes (${options.workers.default})
  --gap N       longest time between faults, in seconds (${options.gap.default})
  --grace N     that a process has to end, in seconds (${options.grace.default})
`;

const SIZES = [100, 200, 300];
const TIMING = { leaseMs: 3_000, sweepMs: 2_000 };
const READY_MS = 60_000;
/** Large enough that the steps take a while. */
const CANCEL_LOANS = 6_000;
const CANCEL_TRADES = 40;
/** What a cancel may take (issue 4). */
const CANCEL_MS = 500;

/** A server that can be restarted; it comes back on another port, where the proxy then leads. */
async function restartable(start, stack) {
  let running = await start();
  stack.defer(() => running.stop());
  return {
    url: () => new URL(running.url),
    async restart() {
      await running.stop();
      running = await start();
      return Number(new URL(running.url).port);
    },
  };
}

/** Redis and PostgreSQL of this chaos alone, each behind a proxy, and what can be done to them. */
async function startServers(folder, stack, { tcpProxy }) {
  const Redis = createRequire(join(root, 'package.json'))('ioredis');
  const { Client } = createRequire(join(root, 'package.json'))('pg');
  const logFile = (name) => join(folder, `${name}.log`);
  const redisFolder = join(folder, 'redis');
  let password;
  const redis = await restartable(async () => {
    const started = await startRedis({ directory: redisFolder, logFile: logFile('redis'), password, url: '' });
    password = new URL(started.url).password;
    return started;
  }, stack);
  const database = await restartable(
    () =>
      startPostgres({
        directory: join(folder, 'postgres'),
        logFile: logFile('postgres'),
        settings: SURVIVES_RESTARTS,
        url: '',
      }),
    stack,
  );
  const redisProxy = await tcpProxy('127.0.0.1', Number(redis.url().port));
  stack.defer(redisProxy.close);
  const databaseProxy = await tcpProxy('127.0.0.1', Number(database.url().port));
  stack.defer(databaseProxy.close);
  const through = (url, proxy) => Object.assign(url, { port: String(proxy.port) }).href;
  return {
    redisUrl: through(redis.url(), redisProxy),
    databaseUrl: through(database.url(), databaseProxy),
    directUrl: database.url().href,
    parts: {
      redisProxy,
      databaseProxy,
      restartRedis: async () => redisProxy.leadTo(await redis.restart()),
      restartDatabase: async () => databaseProxy.leadTo(await database.restart()),
      async flushRedis() {
        const client = new Redis(redis.url().href);
        await client.flushall();
        client.disconnect();
      },
      async dropSessions() {
        const client = new Client({ connectionString: database.url().href });
        await client.connect();
        await client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name LIKE 'powerfill-%' AND random() < 0.5`,
        );
        await client.end();
      },
    },
  };
}

/** Launches API and worker processes on ports that belong to their places. */
async function launcher(plan, env, folder, stack) {
  const ports = { api: [], worker: [] };
  for (let place = 0; place < plan.apis; place += 1) ports.api.push(await freePort());
  for (let place = 0; place < plan.workers; place += 1) ports.worker.push(await freePort());
  let started = 0;
  const running = new Set();
  stack.defer(() => Promise.all([...running].map((process) => process.stop())));
  async function launch(kind, place) {
    const port = ports[kind][place];
    started += 1;
    const logFile = join(folder, `${kind}-${place}-${started}.log`);
    const process = await startProcess({
      name: `${kind} ${place}`,
      command: globalThis.process.execPath,
      args: [join(root, 'dist', 'apps', kind, 'src', 'main.js')],
      env: { ...env, PORT: String(port), WORKER_PORT: String(port) },
      logFile,
      stopTimeoutMs: 15_000,
    });
    running.add(process);
    void process.exited.then(() => running.delete(process));
    await waitForUrl(`http://127.0.0.1:${port}/health/live`, { timeoutMs: READY_MS, running: process, logFile });
    return { ...process, origin: `http://127.0.0.1:${port}` };
  }
  return { launch, origins: ports.api.map((port) => `http://127.0.0.1:${port}`) };
}

/** A server goes away while ten runs are at work; see scripts/chaos/outage.ts. */
async function outages(plan, kind, logs, stack) {
  const { compiled, parts, direct, env } = await prepare(plan, SIZES, stack);
  const { outage } = compiled('./chaos/outage.js');
  const { launch, origins } = await launcher(plan, { ...env, WORKER_CONCURRENCY: '4' }, logs, stack);
  const workers = [];
  for (let place = 0; place < plan.apis; place += 1) await launch('api', place);
  for (let place = 0; place < plan.workers; place += 1) workers.push((await launch('worker', place)).origin);
  const world = {
    origins,
    workers,
    tenants: direct.catalogue.all(),
    scope: direct.scope,
    parts,
    options: OPTIONS,
    say,
  };
  const { byStatus, failedBy, answers, heldRuns, violations, ...figures } = await outage(world, kind);
  table(`Outage: ${kind}`, figures);
  table('Submissions while it lasted', answers);
  table('Runs that were at work', heldRuns);
  table('Runs by status', byStatus);
  table('Failed by cause', failedBy);
  blame(violations);
}

/** Cancels runs in each of the six steps and in a statement that waits, and tells how long they took to end. */
async function cancels(plan, logs, stack) {
  const places = { ...plan, tenants: 1, apis: 1, workers: 1 };
  const { compiled, tenants, scope, env } = await prepare(places, [CANCEL_LOANS], stack, CANCEL_TRADES);
  // The leases of a service, not those of the chaos: what is measured is the cancel.
  const { launch, origins } = await launcher(places, { ...env, LEASE_MS: '30000', HEARTBEAT_MS: '5000' }, logs, stack);
  await launch('api', 0);
  await launch('worker', 0);
  const { cancelIn, cancelInStatement, STEPS } = compiled('./chaos/cancels.js');
  const world = { origin: origins[0], tenant: tenants[0], scope, options: { ...OPTIONS, effort: 'standard' } };
  const taken = new Map();
  const violations = [];
  const note = ({ found, ms, status }) => {
    taken.set(found, [...(taken.get(found) ?? []), ms]);
    if (found !== 'ended before' && (status !== 'Cancelled' || ms > CANCEL_MS))
      violations.push(`${found}: ${status} after ${ms} ms`);
  };
  for (let round = 0; round < plan.cancels; round += 1) {
    for (const { name } of STEPS) note(await cancelIn(world, name, plan.seed * 1_000 + round));
    note(await cancelInStatement(world));
    say(`  ${(round + 1) * (STEPS.length + 1)} runs cancelled`);
  }
  const figure = ([found, times]) => {
    if (found === 'ended before') return [found, `${times.length} cancels`];
    return [found, `${times.length} cancels, ended after ${Math.min(...times)} to ${Math.max(...times)} ms`];
  };
  table('Cancels by the step at work', Object.fromEntries([...taken].map(figure)));
  blame(violations);
}

/** Two groups of figures: numbers by name, the longest name deciding the column. */
function table(title, figures) {
  const entries = Object.entries(figures);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  console.log(`${title}${entries.length === 0 ? ': none' : ''}`);
  for (const [name, value] of entries) console.log(`  ${name.padEnd(width)}  ${value}`);
}

function tell(report) {
  const { faults, byStatus, failedBy, answers, longestAnswerMs, violations, ...figures } = report;
  const injected = Object.values(faults).reduce((sum, count) => sum + count, 0);
  table(`Faults injected: ${injected}`, faults);
  table('Figures', figures);
  table('Runs by status', byStatus);
  table('Failed by cause', failedBy);
  table('Answers', answers);
  table('Longest answer, ms', longestAnswerMs);
  blame(violations);
}

function blame(violations) {
  for (const violation of violations) console.log(`VIOLATION ${violation}`);
  console.log(`Violations: ${violations.length}`);
  if (violations.length > 0) process.exitCode = 1;
}

/** Servers, tenants with their data, and the environment of the processes. */
async function prepare(plan, sizes, stack, trades = 12) {
  const compiled = createRequire(join(root, 'dist', 'scripts', 'chaos.js'));
  const { generateDataset } = compiled('./generate/dataset.js');
  const { writeDataset } = compiled('./generate/write-csv.js');
  const { catalogueOf, openTenants, prepareTenants } = compiled('./soak/tenants.js');
  const { folder, remove } = temporaryDirectory();
  stack.defer(remove);
  const servers = await startServers(folder, stack, compiled('./chaos/tcp-proxy.js'));
  const folders = sizes.map((loans) => join(folder, `loans-${loans}`));
  for (const [index, loans] of sizes.entries()) {
    await writeDataset(folders[index], generateDataset({ loans, trades, seed: plan.seed }).all);
  }
  const entries = catalogueOf(servers.databaseUrl, plan.tenants, 'chaos');
  const catalogueFile = join(folder, 'tenants.json');
  writeFileSync(catalogueFile, JSON.stringify(entries), { mode: 0o600 });
  const ready = await prepareTenants(entries, folders);
  stack.defer(ready.close);
  const env = {
    ...process.env,
    REDIS_URL: servers.redisUrl,
    TENANT_CATALOGUE: catalogueFile,
    LOG_LEVEL: 'info',
    LEASE_MS: String(TIMING.leaseMs),
    HEARTBEAT_MS: '700',
    SWEEP_MS: String(TIMING.sweepMs),
    PENDING_GRACE_MS: '1000',
    SHUTDOWN_GRACE_MS: String(plan.grace * 1_000),
    // Six processes and the watch stay below the 200 connections of the server.
    DATABASE_POOL_SIZE: '2',
    DATABASE_CONNECTIONS: '24',
    DATABASE_STATEMENT_MS: '10000',
  };
  const direct = openTenants(catalogueOf(servers.directUrl, plan.tenants, 'chaos'));
  stack.defer(direct.close);
  return { compiled, parts: servers.parts, tenants: ready.catalogue.all(), scope: ready.scope, direct, env };
}

const OPTIONS = { as_of_date: '2026-11-23', effort: 'interactive' };

async function chaos(plan, only, logs, stack) {
  const { compiled, parts, tenants, scope, env } = await prepare(plan, SIZES, stack);
  const { launch, origins } = await launcher(plan, env, logs, stack);
  const { apis, workers, minutes, seed, rolling } = plan;
  const length = rolling > 0 ? `${rolling} restarts` : `${minutes} minutes`;
  say(`${plan.tenants} tenants, ${apis} APIs, ${workers} workers; ${length} with seed ${seed}.`);
  const { runChaos } = compiled('./chaos/chaos.js');
  const faults = { only, longestGapMs: plan.gap * 1_000 };
  const size = { faults, seed, forMs: minutes * 60_000, rolling, apis, workers, origins, tenants, scope };
  tell(
    await runChaos({
      ...size,
      parts: { ...parts, launch },
      timing: { ...TIMING, graceMs: plan.grace * 1_000 },
      options: OPTIONS,
      say,
    }),
  );
}

/** Rounds of six tries: a worker is stopped in each of the six steps until its runs were completed by another. */
async function zombies(plan, _, logs, stack) {
  const places = { seed: plan.seed, grace: plan.grace, tenants: 6, apis: 1, workers: 2 * plan.zombies };
  const { compiled, tenants, scope, env } = await prepare(places, [100], stack);
  const { launch, origins } = await launcher(places, { ...env, WORKER_CONCURRENCY: '6' }, logs, stack);
  const { zombieRound } = compiled('./chaos/zombie.js');
  await launch('api', 0);
  let place = 0;
  let failures = 0;
  for (let round = 1; round <= plan.zombies; round += 1) {
    const workers = [];
    const addWorker = async () => {
      const running = await launch('worker', place);
      place += 1;
      workers.push(running);
      return { origin: running.origin, signal: (signal) => process.kill(running.pid, signal) };
    };
    const wrote = await zombieRound({ origin: origins[0], tenants, scope, addWorker }, OPTIONS);
    for (const what of wrote) console.log(`VIOLATION 1: ${what}`);
    failures += wrote.length;
    await Promise.all(workers.map((running) => running.stop()));
    say(`  ${6 * round - failures} of ${6 * round} tries: the zombie wrote nothing`);
  }
  if (failures > 0) process.exitCode = 1;
}

/** `npm run chaos` */
await main(async () => {
  const values = readArguments(USAGE, options, { allowPositionals: true });
  if (values === undefined) return;
  const { outage, positionals, ...plan } = values;
  if (outage !== undefined && !OUTAGES.includes(outage))
    return refuseArguments(`--outage is one of ${OUTAGES.join(', ')}; it is "${outage}".`, USAGE);
  await ensurePackages();
  await ensureBuild();
  const stack = new CleanupStack();
  try {
    // The logs outlive the chaos: they say what went before a violation.
    const logs = join(dataDirectory, 'logs', 'chaos');
    rmSync(logs, { recursive: true, force: true });
    mkdirSync(logs, { recursive: true });
    if (outage !== undefined) await outages(plan, outage, logs, stack);
    else if (plan.cancels > 0) await cancels(plan, logs, stack);
    else await (plan.zombies > 0 ? zombies : chaos)(plan, positionals, logs, stack);
  } finally {
    await stack.close();
  }
});
