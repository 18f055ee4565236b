import type { RunProgress, RunWarning } from '../domain/run-response';
import { STEPS, type StepName } from '../domain/step-names';
import type { StepOutcome } from '../steps/run-step';
import type { StepResults } from '../steps/step-results';
import { initialProgress, overallFraction, withStep } from './run-progress';
import { countsOf, dollarsOf, fillsOf } from './run-summary';

/** Follows a run through its steps and keeps what its response shows. */
export class RunTracker {
  private progressNow: RunProgress = initialProgress();

  /** @param onChange is told of every change */
  constructor(private readonly onChange: (progress: RunProgress) => void = () => undefined) {}

  get current(): RunProgress {
    return this.progressNow;
  }

  private get state(): RunProgress {
    return this.progressNow;
  }

  private set state(progress: RunProgress) {
    this.progressNow = progress;
    this.onChange(progress);
  }

  /** The step at work, or the last one. */
  get step(): StepName | null {
    return this.state.progress.step;
  }

  warn(warnings: readonly RunWarning[]): void {
    this.state = { ...this.state, warnings: [...this.state.warnings, ...warnings] };
  }

  begin(name: StepName): void {
    this.state = withStep(this.state, name, { status: 'running' });
    this.advance(name, 0);
  }

  advance(name: StepName, fraction: number): void {
    const done = STEPS.findIndex((step) => step.name === name);
    this.state = { ...this.state, progress: { step: name, fraction: overallFraction(done, fraction) } };
  }

  /** The step has computed; its rows are about to be written. */
  finish(name: StepName, outcome: StepOutcome, results: StepResults, elapsedMs: () => number): void {
    const rows = outcome.writes.reduce((sum, write) => sum + (write.kind === 'insert' ? write.rows.length : 0), 0);
    this.state = withStep(this.state, name, {
      status: outcome.status,
      rows,
      ms: Math.round(elapsedMs()),
      note: outcome.note,
    });
    this.warn(outcome.warnings);
    this.advance(name, 1);
    // What the allocation found stays as it is; adding up 50,000 loans after each later step would hold up the loop.
    if (this.state.counts !== null) return;
    this.state = {
      ...this.state,
      counts: countsOf(results),
      dollars_by_outcome: dollarsOf(results),
      fill_by_trade_type: fillsOf(results),
      certificate: results.allocation?.certificate ?? null,
    };
  }

  /** Duration of a step including the writing of its rows. */
  took(name: StepName, ms: number): void {
    this.state = withStep(this.state, name, { ms: Math.round(ms) });
  }

  done(): RunProgress {
    return { ...this.state, progress: { step: null, fraction: 1 } };
  }
}
