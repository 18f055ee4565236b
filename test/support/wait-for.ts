import { setTimeout as pause } from 'node:timers/promises';

/**
 * Calls `probe` until it answers something other than undefined, null or false.
 *
 * @param what completes the sentence "waited n s for ..." of the error
 * @throws Error when `timeoutMs` (default 15 s) have passed
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | Promise<T>,
  { timeoutMs = 15_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== null && answer !== false)
      return answer as Exclude<T, undefined | null | false>;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}.`);
    await pause(everyMs);
  }
}
