import { rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { refuseArguments } from './lib/arguments.mjs';
import { acquireLock } from './lib/lock.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { freePort, isFree } from './lib/network.mjs';
import { ScriptError, main, say, secondsSince } from './lib/output.mjs';
import { dataDirectory, logDirectory, root } from './lib/paths.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { CleanupStack, logTail, startProcess, waitForUrl } from './lib/processes.mjs';
import { startRedis } from './lib/redis.mjs';

/** The tenant with the sample data, and the one that --empty serves. */
const SAMPLE = 'demo';
const EMPTY = 'desk';
const USAGE = `Shows a whole run on the sample data.

  npm run demo               stays up until Ctrl-C
  npm run demo -- --once     ends after the run
  npm run demo -- --empty    serves the empty tenant "${EMPTY}" instead, and runs nothing
  npm run demo -- --fresh    forgets what earlier demos stored
`;
const KNOWN = ['--once', '--empty', '--fresh'];
const logFile = (name) => join(logDirectory, `${name}.log`);

/** One tenant, in a database of its own on the server we have. */
function writeCatalogue(serverUrl, tenant) {
  const database = new URL(serverUrl);
  // A database given by DATABASE_URL is used as it is; on our own server the demo makes one.
  if (!process.env.DATABASE_URL) database.pathname = `/powerfill_${tenant}`;
  const isPostgres = database.protocol.startsWith('postgres');
  const catalogue = {
    [tenant]: {
      tenant_id: `${tenant}-lender`,
      connection: database.href,
      schema: isPostgres ? 'public' : 'dbo',
      upstream: 'managed',
      time_zone: 'America/New_York',
      holidays: [],
    },
  };
  const file = join(dataDirectory, 'tenants.json');
  writeFileSync(file, `${JSON.stringify(catalogue, null, 2)}\n`, { mode: 0o600 });
  return file;
}

/** Runs a compiled script to its end; its output goes to a log that is shown only when it fails. */
async function runScript(name, args, env, stack) {
  const script = join(root, 'dist', 'scripts', `${name}.js`);
  const options = { name, command: process.execPath, args: [script, ...args], env, logFile: logFile(name) };
  const running = await startProcess(options);
  stack.defer(running.stop);
  const { code } = await running.exited;
  if (code !== 0 && !stack.closing) throw new ScriptError(`${name} failed:\n${logTail(logFile(name), 30)}`);
}

/** Starts an application as a process of its own and waits until it is ready to work. */
async function startApplication(name, port, env, stack) {
  const running = await startProcess({
    name,
    command: process.execPath,
    args: [join(root, 'dist', 'apps', name, 'src', 'main.js')],
    env,
    logFile: logFile(name),
    stopTimeoutMs: 35_000,
  });
  stack.defer(running.stop);
  await waitForUrl(`http://127.0.0.1:${port}/health/ready`, { timeoutMs: 30_000, running, logFile: logFile(name) });
  return running;
}

/** The servers, the data and both applications; answers where they listen and what must not end. */
async function startEverything(tenant, stack, tell) {
  const [redis, database] = await Promise.all([
    startRedis({ directory: join(dataDirectory, 'redis'), logFile: logFile('redis') }).then((server) => {
      stack.defer(server.stop);
      return server;
    }),
    startPostgres({ directory: join(dataDirectory, 'postgres'), logFile: logFile('postgres') }).then((server) => {
      stack.defer(server.stop);
      return server;
    }),
  ]);
  const port = (await isFree(3000)) ? 3000 : await freePort();
  const workerPort = (await isFree(3001)) ? 3001 : await freePort();
  const env = {
    ...process.env,
    REDIS_URL: redis.url,
    TENANT_CATALOGUE: writeCatalogue(database.url, tenant),
    PORT: String(port),
    WORKER_PORT: String(workerPort),
  };
  tell('Redis and the database are up');
  await runScript('migrate', ['--tenant', tenant, '--create-database'], env, stack);
  tell('The schema is up to date');
  const [api, worker] = await Promise.all([
    startApplication('api', port, env, stack),
    startApplication('worker', workerPort, env, stack),
    tenant === SAMPLE && runScript('import', ['--tenant', tenant, '--dir', 'samples/'], env, stack),
  ]);
  tell(`API and worker are ready${tenant === SAMPLE ? ', the sample data is loaded' : ''}`);
  const applications = [api, worker];
  return { origin: `http://127.0.0.1:${port}`, workerPort, applications };
}

/** @param runId of the run that was shown, if one was */
function addresses(origin, workerPort, runId) {
  const reports = `${origin}/api/powerfill/runs/${runId}`;
  const ofRun = [
    `  Reports     curl -H 'X-Tenant-Id: ${SAMPLE}' ${reports}/recap`,
    '              and guide, kickouts, summary; as CSV with ?format=csv',
  ];
  const ofTenant = [`  Tenant      ${EMPTY}: docs/desk-day.md begins here, with API=${origin}/api/powerfill`];
  return [
    'Look around',
    `  Swagger UI  ${origin}/docs`,
    `  Bull Board  ${origin}/admin/queues`,
    `  Metrics     ${origin}/metrics and http://127.0.0.1:${workerPort}/metrics`,
    ...(runId === undefined ? ofTenant : ofRun),
    `  Logs        ${join('.data', 'logs')}`,
  ].join('\n');
}

/** Settles, with an error, when a process that should stay has ended. */
async function firstUnexpectedEnd(applications) {
  const { name, code, signal } = await Promise.race(
    applications.map(async (running) => ({ name: running.name, ...(await running.exited) })),
  );
  throw new ScriptError(`${name} ended unexpectedly (${signal ?? code}):\n${logTail(logFile(name))}`);
}

/** Runs the sample and shows what became of it. */
async function sampleRun(origin) {
  const { showRun } = createRequire(import.meta.url)(join(root, 'dist', 'scripts', 'demo.js'));
  const { runId, succeeded } = await showRun(origin, SAMPLE);
  if (!succeeded) process.exitCode = 1;
  return runId;
}

async function demo(options, stack) {
  const started = performance.now();
  await ensurePackages();
  await ensureBuild();
  mkdirSync(logDirectory, { recursive: true });
  stack.defer(await acquireLock(join(dataDirectory, 'locks', 'demo'), { timeoutMs: 0 }));
  if (options.has('--fresh')) {
    for (const name of ['redis', 'postgres']) rmSync(join(dataDirectory, name), { recursive: true, force: true });
  }
  const tenant = options.has('--empty') ? EMPTY : SAMPLE;
  const { origin, workerPort, applications } = await startEverything(tenant, stack, (what) =>
    say(`${what} (${secondsSince(started)}).`),
  );
  const watch = firstUnexpectedEnd(applications);
  // While stopping, the applications end as they should.
  const ending = watch.catch((error) => (stack.closing ? new Promise(() => undefined) : Promise.reject(error)));
  const runId = tenant === SAMPLE ? await Promise.race([sampleRun(origin), ending]) : undefined;
  console.log(addresses(origin, workerPort, runId));
  if (runId !== undefined) say(`\nFrom start to result: ${secondsSince(started)}.`);
  if (options.has('--once')) return;
  say('Everything stays up until Ctrl-C.');
  await ending;
}

/** Without the `--` in the middle npm takes options for its own and tells us of them in the environment only. */
function givenOptions() {
  const variable = (option) => `npm_config_${option.slice(2)}`;
  const taken = KNOWN.filter((option) => process.env[variable(option)] === 'true');
  // An npm that we start ourselves would warn of them.
  for (const option of KNOWN) delete process.env[variable(option)];
  return new Set([...process.argv.slice(2), ...taken]);
}

await main(async () => {
  const options = givenOptions();
  if (options.has('--help')) return process.stdout.write(USAGE);
  const unknown = [...options].find((option) => !KNOWN.includes(option));
  if (unknown !== undefined) return refuseArguments(`Unknown option '${unknown}'`, USAGE);
  const stack = new CleanupStack();
  try {
    await demo(options, stack);
  } finally {
    await stack.close();
  }
});
