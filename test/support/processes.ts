import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { waitFor } from './wait-for';

const root = resolve(__dirname, '..', '..');
const guardScript = join(root, 'scripts', 'lib', 'guard.mjs');

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A Node process that cannot outlive the test process. */
export interface RunningProcess {
  readonly pid: number;
  /** Everything it has written to stdout and stderr so far. */
  output(): string;
  /** The process itself gets the signal, as from an orchestrator. */
  signal(signal: NodeJS.Signals): void;
  /** Settles when it has ended, however it ended. */
  readonly ended: Promise<Ending>;
  /** SIGTERM, then SIGKILL after `stopTimeoutMs`. */
  stop(): Promise<Ending>;
}

interface GuardEvent {
  readonly event: 'started' | 'exit' | 'failed';
  readonly pid?: number;
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly message?: string;
}

/**
 * Starts a compiled script, e.g. `startNode('dist/apps/worker/src/main.js', { env: {...} })`.
 *
 * @param entry path of the script from the root of the checkout
 * @param options.env added to the environment of the tests
 */
export async function startNode(
  entry: string,
  options: {
    args?: readonly string[];
    env?: Readonly<Record<string, string>>;
    nodeArgs?: readonly string[];
    stopTimeoutMs?: number;
  } = {},
): Promise<RunningProcess> {
  const logFile = join(mkdtempSync(join(tmpdir(), `powerfill-${process.pid}-`)), 'output.log');
  const order = {
    command: process.execPath,
    args: [...(options.nodeArgs ?? []), join(root, entry), ...(options.args ?? [])],
    cwd: root,
    logFile,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: options.stopTimeoutMs ?? 35_000,
  };
  const guard = spawn(process.execPath, [guardScript, JSON.stringify(order)], {
    cwd: root,
    // Many processes of many tests share one server.
    env: { ...process.env, DATABASE_CONNECTIONS: '16', ...options.env },
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
  });
  let ending: Ending | undefined;
  const ended = new Promise<Ending>((settle) => {
    guard.once('close', () => settle((ending ??= { code: null, signal: 'SIGKILL' })));
  });
  const pid = await new Promise<number>((settle, reject) => {
    createInterface({ input: guard.stdio[3] as Readable }).on('line', (line) => {
      const event = JSON.parse(line) as GuardEvent;
      if (event.event === 'started' && event.pid !== undefined) settle(event.pid);
      if (event.event === 'failed') reject(new Error(`${entry} could not be started: ${event.message ?? ''}`));
      if (event.event === 'exit') ending = { code: event.code ?? null, signal: event.signal ?? null };
    });
    guard.once('error', reject);
    void ended.then(() => reject(new Error(`${entry} ended before it had started.`)));
  });
  return {
    pid,
    output: () => readFileSync(logFile, 'utf8'),
    signal: (signal) => {
      if (ending === undefined) process.kill(pid, signal);
    },
    ended,
    stop: () => {
      if (ending === undefined) guard.stdin?.end('stop\n');
      return ended;
    },
  };
}

/** Waits until `url` answers 2xx, and fails with the process's output when it ends before that. */
export async function waitForUrl(url: string, running: RunningProcess, timeoutMs = 30_000): Promise<void> {
  let ending: Ending | undefined;
  void running.ended.then((value) => (ending = value));
  await waitFor(
    `${url} to answer`,
    async () => {
      if (ending !== undefined) throw new Error(`The process ended: ${JSON.stringify(ending)}\n${running.output()}`);
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
        await answer.body?.cancel();
        return answer.ok;
      } catch (error) {
        // By name: jest's realm has a TypeError of its own.
        if (['TypeError', 'TimeoutError'].includes((error as Error).name)) return false;
        throw error;
      }
    },
    { timeoutMs },
  );
}
