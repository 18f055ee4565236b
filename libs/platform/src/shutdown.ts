/** How a process ends. */
export interface ShutdownPlan {
  /** The orderly end: stop taking work, finish what runs, close connections. */
  readonly graceful: () => Promise<void>;
  /** What a second signal does before the process exits at once. */
  readonly force?: () => void;
  /** Longest the orderly end may take, milliseconds; after that the process exits with status 1. */
  readonly limitMs: number;
  readonly log: (message: string) => void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Ends the process on SIGTERM or SIGINT: first orderly within a bound, at once on a second signal (runs.md,
 * "Shutdown"). Exit status 0 after an orderly end.
 */
export function shutDownOnSignal(plan: ShutdownPlan): void {
  let signalled = false;
  const onSignal = (signal: string): void => {
    if (signalled) {
      plan.log(`${signal} again: exiting at once`);
      plan.force?.();
      process.exit(1);
    }
    signalled = true;
    plan.log(`${signal}: shutting down`);
    setTimeout(() => {
      plan.log(`Not down after ${plan.limitMs} ms: exiting`);
      process.exit(1);
    }, plan.limitMs).unref();
    plan.graceful().then(
      () => process.exit(0),
      (error: unknown) => {
        plan.log(`Shutdown failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, () => onSignal(signal));
}
