import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ScriptError } from './output.mjs';

/** True while a process with this id exists, also when it belongs to another user. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readIfPresent(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Creates the lock with its content in one step, so that nobody ever reads a lock without its owner. */
function tryCreate(path, content) {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead owner's lock aside; puts it back if another process took it over in between. */
function removeStale(path, staleContent) {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') === staleContent) rmSync(aside);
  else renameSync(aside, path);
}

/**
 * Takes a lock file that names its owner by process id; a lock whose owner is gone is taken over.
 *
 * @param path the lock file; its folder is created
 * @param timeoutMs how long to wait for a living owner; 0 fails at once
 * @param onWait called once, with the owner's process id, before waiting
 * @returns a function that releases the lock
 * @throws ScriptError when a living process keeps the lock longer than `timeoutMs`
 */
export async function acquireLock(path, { timeoutMs, onWait = () => undefined }) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${process.pid} ${randomUUID()}\n`;
  const deadline = Date.now() + timeoutMs;
  let announced = false;
  while (!tryCreate(path, mine)) {
    const content = readIfPresent(path);
    if (content === undefined) continue;
    const owner = Number.parseInt(content, 10);
    if (!Number.isInteger(owner) || !isAlive(owner)) {
      removeStale(path, content);
      continue;
    }
    if (Date.now() >= deadline) throw new ScriptError(`Process ${owner} is still running; it holds ${path}.`);
    if (!announced) onWait(owner);
    announced = true;
    await pause(200);
  }
  return () => {
    if (readIfPresent(path) === mine) rmSync(path, { force: true });
  };
}
