import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { acquireLock } from './lock.mjs';
import { say } from './output.mjs';
import { userCacheDirectory } from './paths.mjs';

const INSTALL_TIMEOUT_MS = 300_000;

/** Runs a command quietly; a missing command counts as a failed one. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS, ...options });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  return { ok: result.status === 0, stdout: result.stdout ?? '', output: result.error?.message ?? output };
}

/** BullMQ asks for Redis 6.2; Valkey speaks the same protocol and calls itself 7.2 or later. */
function isUsable(command, env = process.env) {
  const { ok, stdout } = run(command, ['--version'], { env, timeout: 10_000 });
  const version = /v=(\d+)\.(\d+)/.exec(stdout);
  return ok && version !== null && Number(version[1]) * 100 + Number(version[2]) >= 602;
}

function onPath() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of ['redis-server', 'valkey-server']) {
      const command = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
      if (folder !== '' && existsSync(command) && isUsable(command)) return { command, args: [], env: {} };
    }
  }
  return undefined;
}

function installWithApt(prefix) {
  const [command, ...rest] = [...prefix, 'apt-get'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => run(command, [...rest, '-o', 'DPkg::Lock::Timeout=60', ...args], { env });
  const install = () => apt('install', '-y', '--no-install-recommends', 'redis-server').ok;
  return install() || (apt('update').ok && install()) ? onPath() : undefined;
}

/** The folders of an unpacked Debian tree that hold shared libraries. */
function libraryFolders(tree) {
  return ['lib', 'usr/lib']
    .map((folder) => join(tree, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [folder, ...readdirSync(folder).map((entry) => join(folder, entry))])
    .filter((folder) => statSync(folder).isDirectory());
}

function unpacked(tree) {
  const command = join(tree, 'usr', 'bin', 'redis-server');
  if (!existsSync(command)) return undefined;
  const known = process.env.LD_LIBRARY_PATH ? [process.env.LD_LIBRARY_PATH] : [];
  const env = { LD_LIBRARY_PATH: [...libraryFolders(tree), ...known].join(':') };
  return isUsable(command, { ...process.env, ...env }) ? { command, args: [], env } : undefined;
}

/** Downloads the package and the libraries it lacks into the user's cache: no root, no system change. */
function unpackWithApt(tree) {
  const work = `${tree}.work-${process.pid}`;
  const draft = join(work, 'tree');
  const downloads = join(work, 'downloads');
  for (const folder of [draft, downloads, join(work, 'lists', 'partial'), join(work, 'cache', 'archives', 'partial')]) {
    mkdirSync(folder, { recursive: true });
  }
  try {
    const own = ['-o', `Dir::State=${work}`, '-o', `Dir::State::Lists=${join(work, 'lists')}`];
    own.push('-o', `Dir::Cache=${join(work, 'cache')}`, '-o', 'Dir::State::status=/var/lib/dpkg/status');
    own.push('-o', `Dir::State::extended_states=${join(work, 'extended_states')}`, '-o', 'Debug::NoLocking=1');
    const apt = (...args) => run('apt-get', [...own, ...args], { cwd: downloads });
    if (!apt('update').ok) return undefined;
    const plan = apt('install', '--simulate', '--no-install-recommends', 'redis-server');
    const missing = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
    const packages = [...new Set(['redis-server', 'redis-tools', ...missing])];
    if (!apt('download', ...packages).ok) return undefined;
    for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
      if (!run('dpkg', ['-x', join(downloads, file), draft]).ok) return undefined;
    }
    if (unpacked(draft) === undefined) return undefined;
    rmSync(tree, { recursive: true, force: true });
    renameSync(draft, tree);
    return unpacked(tree);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A container as last resort; `docker info` also succeeds without an engine, so the server's version is asked for. */
function container() {
  const engine = run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 });
  if (!engine.ok || engine.stdout.trim() === '') return undefined;
  const image = 'redis:7-alpine';
  return run('docker', ['pull', '--quiet', image]).ok ? { command: 'docker', image } : undefined;
}

/** The ways to get a server, cheapest first; each answers undefined where it does not apply or fails. */
function waysToObtain(tree) {
  const isRoot = process.getuid?.() === 0;
  const hasApt = process.platform === 'linux' && run('apt-get', ['--version'], { timeout: 10_000 }).ok;
  const maySudo = hasApt && !isRoot && run('sudo', ['-n', 'true'], { timeout: 10_000 }).ok;
  return [
    [hasApt && isRoot, 'apt-get install redis-server', () => installWithApt([])],
    [maySudo, 'sudo apt-get install redis-server', () => installWithApt(['sudo', '-n'])],
    [hasApt, `apt-get download redis-server, unpacked in ${tree}`, () => unpackWithApt(tree)],
    [
      process.platform === 'darwin',
      'brew install redis',
      () => (run('brew', ['install', 'redis']).ok ? onPath() : undefined),
    ],
    [true, 'a container, when Docker answers', container],
  ].filter(([applies]) => applies);
}

/**
 * A Redis server program: from PATH, from an earlier download, or obtained now.
 *
 * @returns {Promise<{command: string, args: string[], env: object} | {command: 'docker', image: string} | undefined>}
 *   undefined when every way has failed
 */
export async function obtainRedis() {
  const tree = join(userCacheDirectory(), 'redis');
  const present = onPath() ?? unpacked(tree);
  if (present !== undefined) return present;
  const release = await acquireLock(`${tree}.lock`, {
    timeoutMs: INSTALL_TIMEOUT_MS,
    onWait: (pid) => say(`Waiting for process ${pid}, which is installing Redis.`),
  });
  try {
    const meanwhile = onPath() ?? unpacked(tree);
    if (meanwhile !== undefined) return meanwhile;
    for (const [, name, obtain] of waysToObtain(tree)) {
      say(`Redis is not installed; trying: ${name}`);
      const obtained = obtain();
      if (obtained !== undefined) return obtained;
    }
    return undefined;
  } finally {
    release();
  }
}
