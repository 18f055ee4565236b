import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Measures event-loop stalls; one over 200 ms is a defect (platform.md). */
export class StallMonitor {
  private readonly histogram = monitorEventLoopDelay({ resolution: 10 });

  constructor() {
    this.histogram.enable();
  }

  /** Longest stall since the last reset, in milliseconds. */
  get maxMs(): number {
    return this.histogram.max / 1e6;
  }

  reset(): void {
    this.histogram.reset();
  }

  stop(): void {
    this.histogram.disable();
  }
}
