import { fork } from 'node:child_process';
import { join } from 'node:path';

/** What a child process of the bench reports, or why it does not. */
export type ChildAnswer<T> = { ok: true; value: T } | { ok: false; reason: string };

/**
 * Runs a script of this folder in a process of its own, so that its peak memory is its own and it can be stopped.
 *
 * @param script name of the compiled script, which answers its parent with one message
 * @param input the script's only argument, as JSON
 * @param timeoutMs when to end it by force
 */
export function runChild<T>(script: string, input: unknown, timeoutMs: number): Promise<ChildAnswer<T>> {
  return new Promise((resolve) => {
    const child = fork(join(__dirname, script), [JSON.stringify(input)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let errors = '';
    let answer: ChildAnswer<T> | undefined;
    child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
    const timer = setTimeout(() => {
      answer ??= { ok: false, reason: `no answer in ${Math.round(timeoutMs / 1000)} s` };
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('message', (value) => (answer = { ok: true, value: value as T }));
    child.on('close', () => {
      clearTimeout(timer);
      const line = errors.split('\n').find((text) => /^\w*Error\b/.test(text)) ?? errors.trim().slice(-200);
      resolve(answer ?? { ok: false, reason: line === '' ? 'ended without an answer' : line.trim() });
    });
  });
}

/** Answers the parent and ends. */
export function answerParent(value: unknown): void {
  process.send?.(value, () => process.disconnect());
}
