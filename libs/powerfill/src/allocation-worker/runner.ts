import { type AllocationSolution } from './allocation-solution';

/** One problem to solve, with the means to stop it and to hear of its progress. */
export interface SolveRequest {
  /** The problem file (engine.md, section 3): gzip of UTF-8 JSON, the very bytes that the run stores. */
  readonly problem: Uint8Array;
  /** Aborting it makes `solve` reject with its reason at once; the computation stops by itself soon after. */
  readonly signal: AbortSignal;
  /** Share of the work done, 0..1, never falling. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Solves and audits a problem: a worker thread in the service, the caller's own thread in unit tests.
 *
 * Rejects with a `StepError`: `problem_invalid`, `allocation_infeasible`,
 * `allocation_not_found`, `audit_failed`, `allocation_out_of_memory`, `allocation_thread_failed`; or with the reason
 * of an aborted signal.
 */
export interface AllocationRunner {
  solve(request: SolveRequest): Promise<AllocationSolution>;
}
