import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { acquireLock } from './lock.mjs';
import { freePort, waitUntil, withoutSecrets } from './network.mjs';
import { ScriptError } from './output.mjs';
import { isReachable, postgresPrograms, serverAccount, sharedDirectory } from './postgres-binaries.mjs';
import { logTail, startProcess } from './processes.mjs';
import { stopLeftover } from './stale-server.mjs';

const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 5;
const DEFAULT_PORTS = { 'postgres:': 5432, 'postgresql:': 5432, 'mssql:': 1433 };

/** Settings of a database whose content is thrown away after the tests: nothing has to survive a power cut. */
const THROW_AWAY = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

/** Settings of a database whose content must survive restarts, but no crash of the machine. */
export const SURVIVES_RESTARTS = ['-c', 'fsync=off', '-c', 'full_page_writes=off'];

/** A database given by the caller is only asked whether it listens: its driver is not installed yet. */
async function useGiven(url) {
  const hint = 'Give postgres://user:password@host:port/database, or mssql:// in the same form.';
  if (!URL.canParse(url)) throw new ScriptError(`DATABASE_URL is not a URL. ${hint}`);
  const { protocol, hostname, port } = new URL(url);
  const defaultPort = DEFAULT_PORTS[protocol];
  if (defaultPort === undefined) throw new ScriptError(`DATABASE_URL begins with ${protocol}. ${hint}`);
  const problem = await new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPort) });
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(5_000, () => done('no answer within 5 s'));
    socket.once('connect', () => done(undefined));
    socket.once('error', (error) => done(error.code ?? error.message));
  });
  if (problem !== undefined) throw new ScriptError(`The database ${withoutSecrets(url)} does not answer: ${problem}.`);
  return { url, stop: () => Promise.resolve() };
}

/** Removes clusters in root's shared folder whose checkout, or whose .data folder, is gone. */
function sweepAbandoned(clusters) {
  for (const id of readdirSync(clusters)) {
    const origin = join(clusters, id, 'origin');
    const pointer = existsSync(origin) ? readFileSync(origin, 'utf8') : '';
    const isKept = pointer === '' || (existsSync(pointer) && readFileSync(pointer, 'utf8') === id);
    if (!isKept) rmSync(join(clusters, id), { recursive: true, force: true });
  }
}

/**
 * The folder of the cluster: `directory` itself, or, when the server's account cannot enter it (root in a private folder),
 * one in root's shared folder to which `directory` points.
 */
function clusterFolder(directory) {
  mkdirSync(directory, { recursive: true });
  if (isReachable(directory)) return directory;
  const clusters = join(sharedDirectory(), 'clusters');
  mkdirSync(clusters, { recursive: true, mode: 0o755 });
  const pointer = join(directory, 'cluster-id');
  if (!existsSync(pointer)) writeFileSync(pointer, randomUUID());
  const folder = join(clusters, readFileSync(pointer, 'utf8'));
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, 'origin'), pointer);
  sweepAbandoned(clusters);
  return folder;
}

function giveToServer(path) {
  if (serverAccount.uid !== undefined) chownSync(path, serverAccount.uid, serverAccount.gid);
}

/** Makes the database cluster; the C locale sorts text as the engine does, by bytes. */
function initialise(initdb, { data, passwordFile }) {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  giveToServer(data);
  const password = randomBytes(18).toString('base64url');
  const handOver = `${passwordFile}.new`;
  writeFileSync(handOver, password, { mode: 0o600 });
  giveToServer(handOver);
  const args = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${handOver}`, '--no-sync'];
  args.push('--encoding=UTF8', '--locale=C');
  const result = spawnSync(initdb, args, { ...serverAccount, cwd: '/', encoding: 'utf8', timeout: START_TIMEOUT_MS });
  rmSync(handOver, { force: true });
  if (result.status !== 0) {
    rmSync(data, { recursive: true, force: true });
    throw new ScriptError(`initdb failed: ${result.error?.message ?? `${result.stdout}${result.stderr}`}`);
  }
  // Written last: its presence is what says that the cluster is complete.
  writeFileSync(passwordFile, password, { mode: 0o600 });
}

/** PostgreSQL writes its state into the eighth line of postmaster.pid once it takes connections. */
function isReady(data) {
  const pidFile = join(data, 'postmaster.pid');
  return existsSync(pidFile) && readFileSync(pidFile, 'utf8').split('\n')[7]?.trim() === 'ready';
}

async function startOn(port, postgres, { data, logFile, settings }) {
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-c', 'unix_socket_directories='];
  args.push('-c', 'timezone=UTC', '-c', 'log_timezone=UTC', '-c', 'max_connections=500', ...settings);
  // SIGINT is PostgreSQL's fast shutdown: it ends the sessions, writes a checkpoint and goes.
  const stopping = { stopSignal: 'SIGINT', stopTimeoutMs: 20_000 };
  const running = await startProcess({
    name: 'PostgreSQL',
    command: postgres,
    args,
    cwd: process.platform === 'win32' ? undefined : '/',
    logFile,
    ...serverAccount,
    ...stopping,
  });
  try {
    await waitUntil(() => running.ended() || isReady(data), {
      timeoutMs: START_TIMEOUT_MS,
      describe: () => new ScriptError(`PostgreSQL is not ready. Its log ends:\n${logTail(logFile)}`),
    });
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running.ended() ? undefined : running;
}

/**
 * The database server of DATABASE_URL, or a private PostgreSQL on 127.0.0.1 with its data in `directory`, stopped when this
 * process ends. The private one demands its password; the URL carries it and names the database `postgres`.
 *
 * @param throwAway true when the data need not survive anything
 * @param settings of the private one, as arguments of `postgres`
 * @throws ScriptError when the given database does not listen or the private one does not start
 */
export async function startPostgres({
  directory,
  logFile,
  throwAway = false,
  settings = [],
  url = process.env.DATABASE_URL,
}) {
  if (url) return useGiven(url);
  const { initdb, postgres } = postgresPrograms();
  const folder = clusterFolder(directory);
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  const release = await acquireLock(join(folder, 'owner.lock'), { timeoutMs: 0 });
  try {
    await stopLeftover(join(data, 'postmaster.pid'), data, 'SIGINT');
    if (!existsSync(passwordFile)) initialise(initdb, { data, passwordFile });
    for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt++) {
      const port = await freePort();
      const running = await startOn(port, postgres, {
        data,
        logFile,
        settings: throwAway ? [...THROW_AWAY, ...settings] : settings,
      });
      if (running === undefined) continue;
      const password = readFileSync(passwordFile, 'utf8');
      const stop = () => running.stop().finally(release);
      return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop, folder };
    }
    throw new ScriptError(`PostgreSQL ended at once, ${PORT_ATTEMPTS} times. Its log ends:\n${logTail(logFile)}`);
  } catch (error) {
    release();
    throw error;
  }
}
