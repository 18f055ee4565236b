import { setTimeout as delay } from 'node:timers/promises';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Repeats the write that ends a run while it throws (the database is away), with growing pauses, for at most
 * `withinMs`: after that another process has taken the run over, and the last error is thrown.
 */
export async function endBackoff<T>(withinMs: number, write: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await write();
    } catch (error) {
      if (performance.now() + pause >= deadline) throw error;
    }
    await delay(pause);
  }
}
