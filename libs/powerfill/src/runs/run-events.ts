import type { RunResponse, StepReport } from '../domain/run-response';
import { isTerminal, RUN_STATUSES, type RunStatus } from '../domain/run-status';

/** What a watcher of a run is told (runs.md, section 2). */
export type RunEvent =
  /** The whole run response: first, and whenever status or attempt change. */
  | { readonly event: 'state'; readonly data: RunResponse }
  /** A step whose report has changed. */
  | { readonly event: 'step'; readonly data: StepReport }
  | { readonly event: 'progress'; readonly data: RunResponse['progress'] }
  /** The stored response of a run that has ended; nothing follows. */
  | { readonly event: 'end'; readonly data: RunResponse };

const STEP_RANK: Readonly<Record<StepReport['status'], number>> = {
  pending: 0,
  running: 1,
  done: 2,
  skipped: 2,
  failed: 2,
};

const rank = (status: RunStatus): number => RUN_STATUSES.indexOf(status);

/**
 * The further of two views of a run. They come from two sources, rows and news, and out of order; a watcher must never
 * see a run go backwards, except into another attempt.
 */
export function further(known: RunResponse, seen: RunResponse): RunResponse {
  if (isTerminal(known.status) || seen.attempt < known.attempt) return known;
  if (isTerminal(seen.status) || seen.attempt > known.attempt) return seen;
  const steps = seen.steps.map((step, index) => {
    const before = known.steps[index];
    return before !== undefined && STEP_RANK[before.status] > STEP_RANK[step.status] ? before : step;
  });
  const progress = known.progress.fraction > seen.progress.fraction ? known.progress : seen.progress;
  return { ...(rank(known.status) > rank(seen.status) ? known : seen), steps, progress };
}

/** The view with the step that is said to be at work marked as running. */
export function withProgress(view: RunResponse, progress: RunResponse['progress']): RunResponse {
  const steps = view.steps.map((step) =>
    step.name === progress.step && step.status === 'pending' ? { ...step, status: 'running' as const } : step,
  );
  return further(view, { ...view, steps, progress });
}

/** What to tell a watcher who was told `before`. */
export function eventsBetween(before: RunResponse, after: RunResponse): RunEvent[] {
  const isOtherAttempt = before.attempt !== after.attempt;
  const events: RunEvent[] = [];
  if (!isOtherAttempt) {
    after.steps.forEach((step, index) => {
      if (step.status !== before.steps[index]?.status) events.push({ event: 'step', data: step });
    });
  }
  if (isTerminal(after.status)) return [...events, { event: 'end', data: after }];
  if (isOtherAttempt || before.status !== after.status) return [...events, { event: 'state', data: after }];
  if (before.progress.fraction !== after.progress.fraction) events.push({ event: 'progress', data: after.progress });
  return events;
}
