import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StepControl } from '../steps/run-step';

/** Longest the steps compute on the main thread before the event loop gets a turn. */
const SLICE_MS = 20;

/** {@link StepControl} on an abort signal. Only pacing looks at a clock; no result depends on it. */
export class PacedStepControl implements StepControl {
  private sliceStart = performance.now();

  constructor(
    readonly signal: AbortSignal,
    private readonly onProgress: (fraction: number) => void,
  ) {}

  progress(fraction: number): void {
    this.onProgress(Math.min(1, Math.max(0, fraction)));
  }

  async breathe(): Promise<void> {
    if (performance.now() - this.sliceStart < SLICE_MS) return;
    await nextTurn();
    this.sliceStart = performance.now();
    this.signal.throwIfAborted();
  }
}
