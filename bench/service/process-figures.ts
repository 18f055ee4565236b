const ANSWER_MS = 30_000;

/** What a process says about itself at `/metrics`. */
export interface ProcessFigures {
  /** Most memory since its start, in bytes. */
  readonly peakBytes: number;
  /** Longest event-loop stall since its start, in seconds. */
  readonly worstStall: number;
  /**
   * The same while a run was at a step, by step, and `<step> (writing)` while its rows were written; of each stall at
   * most the processor time of the process, so that a busy machine does not count. While the solver
   * computes in its thread, its time counts too.
   */
  readonly stallByStep: ReadonlyMap<string, number>;
}

/** Reads the figures from Prometheus text. @throws Error when one is missing */
export function figuresOf(text: string): ProcessFigures {
  const stallByStep = new Map<string, number>();
  for (const [, step = '', value = ''] of text.matchAll(
    /^powerfill_step_own_stall_max_seconds\{step="([^"]*)"\} (\S+)$/gm,
  ))
    stallByStep.set(step, Number(value));
  return {
    peakBytes: gauge(text, 'powerfill_peak_resident_bytes'),
    worstStall: gauge(text, 'powerfill_event_loop_stall_max_seconds'),
    stallByStep,
  };
}

/** One gauge of Prometheus text. @throws Error when it is missing */
export function gauge(text: string, name: string): number {
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`The process has no metric ${name}.`);
  return Number(value);
}

/** The metrics of a running process, as Prometheus text. */
export async function metricsOf(origin: string): Promise<string> {
  const answer = await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(ANSWER_MS) });
  return answer.text();
}

/** Asks a running process. */
export async function processFigures(origin: string): Promise<ProcessFigures> {
  return figuresOf(await metricsOf(origin));
}
