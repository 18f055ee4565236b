import { setTimeout as pause } from 'node:timers/promises';

const WAIT_MS = 60_000;

/** Waits until the probe is true. @throws when that takes longer than `withinMs` */
export async function until(what: string, probe: () => Promise<boolean>, withinMs = WAIT_MS): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs / 1000} s for ${what}`);
    await pause(50);
  }
}
