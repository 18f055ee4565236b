import { gzipSync } from 'node:zlib';
import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { type AllocationWorkerPool } from '@powerfill/core/allocation-worker';

/** What one abort took. */
export interface AbortTimes {
  /** Until the caller's promise was rejected, ms. */
  rejected: number;
  /** Until the thread had answered another problem, ms: it had stopped, or was ended and replaced. */
  free: number;
  /** The same in CPU time of the process, ms: whatever else the machine does. */
  freeCpu: number;
}

/** Answered in a millisecond or two. */
const TINY: ProblemFile = { loans: [], trades: [], candidates: [] };

function packed(file: ProblemFile): Uint8Array {
  return gzipSync(JSON.stringify(file));
}

/**
 * Starts a problem in a pool of one thread, aborts it, and measures what the abort takes.
 *
 * @param due called with the share of the work done and the ms since the start; true = abort now
 * @returns null: the problem was solved before that
 */
export async function timeAbort(
  pool: AllocationWorkerPool,
  file: ProblemFile,
  due: (done: number, ms: number) => boolean,
): Promise<AbortTimes | null> {
  const idle = new AbortController().signal;
  const controller = new AbortController();
  const begun = performance.now();
  let done = 0;
  const running = pool.solve({ problem: packed(file), signal: controller.signal, onProgress: (now) => (done = now) });
  let ended = false;
  const outcome = running.then(
    () => 'solved' as const,
    () => performance.now(),
  );
  void outcome.then(() => (ended = true));
  while (!ended && !due(done, performance.now() - begun)) await new Promise((resolve) => setTimeout(resolve, 2));
  if (ended) return null;
  const aborted = performance.now();
  const before = process.cpuUsage();
  controller.abort(new Error('aborted by the bench'));
  const next = pool.solve({ problem: packed(TINY), signal: idle, onProgress: () => undefined });
  const rejected = await outcome;
  await next;
  const { user, system } = process.cpuUsage(before);
  if (rejected === 'solved') return null;
  return { rejected: rejected - aborted, free: performance.now() - aborted, freeCpu: (user + system) / 1000 };
}
