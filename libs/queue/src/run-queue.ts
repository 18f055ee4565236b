import type { RunJob } from './run-job';

/** Name of the one queue all runs go through. */
export const RUN_QUEUE = 'powerfill-runs';

/** Where a job is: `finished` ones are about to be removed, `absent` ones never were or no longer are there. */
export type RunJobState = 'waiting' | 'active' | 'finished' | 'absent';

/** The queue did not answer in time or refused. Callers answer 503 or try at the next sweep. */
export class QueueUnavailableError extends Error {
  constructor(cause: unknown) {
    super(`The run queue does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'QueueUnavailableError';
  }
}

/**
 * Delivers runs to workers. It is a delivery device, not a truth: everything it knows can be lost and is
 * restored from the run rows by the reconciler.
 *
 * Every call is bounded in time and throws {@link QueueUnavailableError} when the bound is reached.
 */
export abstract class RunQueue {
  /** Adds the job of one attempt; adding it again is harmless. `withinMs` shortens the bound. */
  abstract add(job: RunJob, attempt: number, withinMs?: number): Promise<void>;
  /** Jobs no worker has taken yet. */
  abstract waitingCount(): Promise<number>;
  /** Where the attempt's job is. */
  abstract stateOf(runId: string, attempt: number): Promise<RunJobState>;
  /** Removes the attempt's job unless a worker holds it; true when none is left. */
  abstract remove(runId: string, attempt: number): Promise<boolean>;
  /** Jobs by state, for metrics. */
  abstract counts(): Promise<Readonly<Record<string, number>>>;
}
