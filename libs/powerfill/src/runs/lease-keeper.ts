import { CancelFlags } from '@powerfill/queue';
import type { RunProgress } from '../domain/run-response';
import { RunAbort } from './run-abort';
import { RunClaimsService, type OwnedRun } from './run-claims.service';

/** Rhythm of a lease; milliseconds. */
export interface LeaseTiming {
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly cancelPollMs: number;
  readonly runTimeoutMs: number;
}

/** What the keeper reports besides aborting. */
export interface LeaseEvents {
  progress(): RunProgress;
  onTrouble(what: string, error: unknown): void;
}

/**
 * Keeps a claimed run alive while it is worked on: renews the lease, watches for a cancel, ends the time
 * budget. It aborts the work through the signal and never writes anything else.
 */
export class LeaseKeeper {
  private readonly aborter = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private unwatch: () => void = () => undefined;
  private stopped = false;

  constructor(
    private readonly run: OwnedRun,
    private readonly claims: RunClaimsService,
    private readonly flags: CancelFlags,
    private readonly timing: LeaseTiming,
    private readonly events: LeaseEvents,
    /** Monotonic time before the claim, then before the last renewal that succeeded, was sent. */
    private renewedAt: number,
  ) {}

  /** Aborted with a {@link RunAbort}. */
  get signal(): AbortSignal {
    return this.aborter.signal;
  }

  start(): void {
    this.repeat(this.timing.heartbeatMs, () => this.renew());
    this.unwatch = this.flags.watch(this.run.runId, () => this.abort('cancelled'));
    this.repeat(this.timing.cancelPollMs, () => this.watchCancel());
    this.timers.push(setTimeout(() => this.abort('timeout'), this.timing.runTimeoutMs));
    this.watchLease(this.timers.length);
  }

  stop(): void {
    this.stopped = true;
    this.unwatch();
    this.timers.forEach((timer) => clearTimeout(timer));
  }

  /** Stops the work; the first cause wins. */
  abort(cause: RunAbort['abortCause']): void {
    if (!this.signal.aborted && !this.stopped) this.aborter.abort(new RunAbort(cause));
  }

  /** Repeats `work` with a pause between its end and its next start, so that slow answers never pile up. */
  private repeat(pauseMs: number, work: () => Promise<void>): void {
    const slot = this.timers.length;
    const next = (): void => {
      if (this.stopped || this.isLost) return;
      this.timers[slot] = setTimeout(() => void work().finally(next), pauseMs);
    };
    next();
  }

  private get isLost(): boolean {
    return this.signal.reason instanceof RunAbort && this.signal.reason.abortCause === 'lost';
  }

  /**
   * Whoever could not renew for a whole lease must take it that another worker has the run. A timer of its own,
   * because a renewal that hangs does not fail for a long time.
   */
  private watchLease(slot: number): void {
    const left = this.renewedAt + this.timing.leaseMs - performance.now();
    if (left <= 0) return this.abort('lost');
    this.timers[slot] = setTimeout(() => {
      if (!this.stopped) this.watchLease(slot);
    }, left);
  }

  private async renew(): Promise<void> {
    const startedAt = performance.now();
    // After a pause of the whole process the lease may be over before its timer has had its turn.
    if (startedAt - this.renewedAt >= this.timing.leaseMs) return this.abort('lost');
    try {
      const answer = await this.claims.heartbeat(this.run, this.timing.leaseMs, this.events.progress());
      if (answer.kind === 'lost') return this.abort('lost');
      this.renewedAt = startedAt;
      if (answer.cancelRequested) this.abort('cancelled');
    } catch (error) {
      // A renewal that is on its way when the run ends has nothing left to renew.
      if (!this.stopped) this.events.onTrouble('renewing the lease', error);
    }
  }

  private async watchCancel(): Promise<void> {
    try {
      if (await this.isCancelled()) this.abort('cancelled');
    } catch (error) {
      if (!this.stopped) this.events.onTrouble('watching for a cancel', error);
    }
  }

  /** Redis answers fast; while it is away the row does. */
  private async isCancelled(): Promise<boolean> {
    return this.flags.isRaised(this.run.runId).catch(() => this.claims.isCancelRequested(this.run));
  }
}
