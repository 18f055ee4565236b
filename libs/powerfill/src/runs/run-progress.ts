import type { RunProgress, StepReport } from '../domain/run-response';
import { STEPS, type StepName } from '../domain/step-names';

/** Progress of a run nobody has claimed yet. */
export const initialProgress = (): RunProgress => ({
  steps: STEPS.map(({ name }) => ({ name, status: 'pending', rows: null, ms: null, note: null })),
  progress: { step: null, fraction: 0 },
  warnings: [],
  counts: null,
  dollars_by_outcome: null,
  fill_by_trade_type: null,
  certificate: null,
});

/** The progress with one step's report changed. */
export const withStep = (progress: RunProgress, name: StepName, change: Partial<StepReport>): RunProgress => ({
  ...progress,
  steps: progress.steps.map((step) => (step.name === name ? { ...step, ...change } : step)),
});

/** Share of the run's steps done, counting the fraction of the one at work; 0..1 with three decimals. */
export function overallFraction(done: number, fractionOfCurrent: number): number {
  return Math.round(((done + fractionOfCurrent) / STEPS.length) * 1000) / 1000;
}
