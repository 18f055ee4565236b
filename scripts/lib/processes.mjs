import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { waitUntil } from './network.mjs';
import { ScriptError, say } from './output.mjs';
import { root } from './paths.mjs';

const guardScript = join(import.meta.dirname, 'guard.mjs');

/** The last lines of a log file, for an error message. */
export function logTail(logFile, lines = 15) {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}

/**
 * Starts a command under guard.mjs, so that it cannot outlive this process, not even when this process is killed.
 *
 * @param options.name for messages
 * @param options.logFile where its output goes (emptied first); without it the output joins ours
 * @param options.env the whole environment of the command
 * @param options.uid with options.gid: the user to run it as, when we are root
 * @param options.stopSignal what asks it to stop (default SIGTERM)
 * @param options.stopTimeoutMs how long it may take to stop before it is killed with its process group
 * @returns {Promise<{name: string, pid: number, exited: Promise<{code: number|null, signal: string|null}>,
 *   ended: () => boolean, stop: () => Promise<void>, kill: () => Promise<void>}>}
 */
export async function startProcess(options) {
  const { name, command, args = [], cwd = root, env = process.env, logFile, uid, gid } = options;
  const { stopSignal = 'SIGTERM', stopTimeoutMs = 10_000 } = options;
  if (logFile !== undefined) {
    mkdirSync(dirname(logFile), { recursive: true });
    writeFileSync(logFile, '');
  }
  const order = JSON.stringify({ command, args, cwd, uid, gid, logFile, stopSignal, stopTimeoutMs });
  const guard = spawn(process.execPath, [guardScript, order], {
    cwd,
    env,
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  });
  // A guard that has ended closes its stdin; writing to it then is no failure of ours.
  guard.stdin.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });

  let result;
  const started = new Promise((resolve, reject) => {
    createInterface({ input: guard.stdio[3] }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'started') resolve(event.pid);
      if (event.event === 'failed') reject(new ScriptError(`${name} could not be started: ${event.message}`));
      if (event.event === 'exit') result = { code: event.code, signal: event.signal };
    });
    guard.once('error', reject);
    guard.once('close', () => reject(new ScriptError(`${name} ended before it had started.`)));
  });
  const exited = new Promise((resolve) => {
    guard.once('close', () => resolve((result ??= { code: null, signal: 'SIGKILL' })));
  });

  async function end(line) {
    if (result === undefined) guard.stdin.end(`${line}\n`);
    const bound = pause(stopTimeoutMs + 5_000, 'late', { ref: false });
    if ((await Promise.race([exited, bound])) === 'late') process.kill(-guard.pid, 'SIGKILL');
    await exited;
  }

  const pid = await started;
  return { name, pid, exited, ended: () => result !== undefined, stop: () => end('stop'), kill: () => end('kill') };
}

/**
 * Runs a command to its end with its output joined to ours.
 *
 * @returns its exit status; 1 when a signal ended it
 */
export async function runProcess(options, stack) {
  const running = await startProcess(options);
  stack?.defer(running.stop);
  const { code } = await running.exited;
  return code ?? 1;
}

/** Waits until `url` answers 2xx; fails at once, with the end of its log, when the process behind it has ended. */
export async function waitForUrl(url, { timeoutMs, running, logFile }) {
  const failure = (what) => new ScriptError(`${running.name} ${what}. The end of ${logFile}:\n${logTail(logFile)}`);
  await waitUntil(
    async () => {
      if (running.ended()) throw failure('ended');
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
        await answer.body?.cancel();
        return answer.ok;
      } catch (error) {
        if (error.name === 'TimeoutError' || error instanceof TypeError) return false;
        throw error;
      }
    },
    { timeoutMs, everyMs: 50, describe: () => failure(`did not answer ${url} within ${timeoutMs / 1000} s`) },
  );
}

/** Things to undo at the end, last one first, also on Ctrl-C and SIGTERM. */
export class CleanupStack {
  #steps = [];
  #closing;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.once(signal, () => {
        say(`\n${signal}: stopping.`);
        // A second signal ends us at once; the guards then stop what is left.
        void this.close().then(() => process.exit(128 + constants.signals[signal]));
      });
    }
  }

  get closing() {
    return this.#closing !== undefined;
  }

  defer(step) {
    this.#steps.push(step);
  }

  close() {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run() {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        say(`While stopping: ${error.message}`);
        process.exitCode = 1;
      }
    }
  }
}
