/** Why the work on a run is stopped before its end (runs.md, "Cancel"). */
export type AbortCause =
  /** A cancel was requested: the run ends Cancelled. */
  | 'cancelled'
  /** `RUN_TIMEOUT` is over: the run ends Failed with `timeout`. */
  | 'timeout'
  /** The worker shuts down and its grace period is over: the run is handed back. */
  | 'shutdown'
  /** The run belongs to someone else by now, or the lease could not be renewed: nothing may be written. */
  | 'lost';

/** Reason of the abort signal every step sees. */
export class RunAbort extends Error {
  constructor(readonly abortCause: AbortCause) {
    super(`The run was stopped: ${abortCause}`);
    this.name = 'RunAbort';
  }
}
