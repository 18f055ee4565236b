import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from './lock.mjs';
import { ScriptError, say, secondsSince } from './output.mjs';
import { dataDirectory, root } from './paths.mjs';
import { runProcess } from './processes.mjs';

const INSTALL_TIMEOUT_MS = 15 * 60_000;

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * True when node_modules holds what package-lock.json asks for. npm writes node_modules/.package-lock.json at the end of
 * every install, so the comparison also sees installs made by hand and ones that were interrupted.
 */
export function packagesAreInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = packagesOf(record);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

/** npm as it runs us, or as PATH has it. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js') && existsSync(script)) return { command: process.execPath, args: [script] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** Installs the locked packages unless they are there; from npm's cache where it has them. */
export async function ensurePackages() {
  if (packagesAreInstalled()) return;
  const release = await acquireLock(join(dataDirectory, 'locks', 'packages'), {
    timeoutMs: INSTALL_TIMEOUT_MS,
    onWait: (pid) => say(`Waiting for process ${pid}, which is installing the packages.`),
  });
  try {
    if (packagesAreInstalled()) return;
    say('Installing the packages of package-lock.json (npm ci); the first time takes about a minute.');
    const started = performance.now();
    const { command, args } = npmCommand();
    // The build and the tests need the development packages, whatever NODE_ENV says.
    const options = ['ci', '--prefer-offline', '--include=dev', '--include=optional'];
    const status = await runProcess({ name: 'npm ci', command, args: [...args, ...options] });
    if (status !== 0) throw new ScriptError(`npm ci ended with status ${status}; its messages are above.`);
    say(`Packages installed in ${secondsSince(started)}.`);
  } finally {
    release();
  }
}
