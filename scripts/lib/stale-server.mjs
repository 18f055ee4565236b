import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { waitUntil } from './network.mjs';
import { ScriptError } from './output.mjs';

/** The command line of a process, or '' when it is gone, a zombie, or on Windows, where orphans are not looked for. */
function commandLine(pid) {
  if (existsSync('/proc/self/cmdline')) {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\0', ' ') : '';
  }
  return spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
}

/**
 * Stops a server that an earlier script left behind in this folder (only possible when its guard was killed as well).
 *
 * @param pidFile a file whose first line is the process id
 * @param mark text that the server's command line carries, so that a reused process id harms nobody
 */
export async function stopLeftover(pidFile, mark, signal) {
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  const isRunning = () => commandLine(pid).includes(mark);
  if (!Number.isInteger(pid) || !isRunning()) return;
  process.kill(pid, signal);
  await waitUntil(() => !isRunning(), {
    timeoutMs: 15_000,
    describe: () => new ScriptError(`Process ${pid}, left from an earlier run, does not stop; end it by hand.`),
  });
}
