import { Logger } from '@nestjs/common';
import { CommitOutcomeUnknownError } from '@powerfill/database';
import { CancelFlags, RunNewsWire, RunQueue, RUN_JOB_VERSION } from '@powerfill/queue';
import { type Metrics, type StallMonitor, withLogContext } from '@powerfill/platform';
import type { QueryRunner } from 'typeorm';
import type { RunOptions } from '../domain/run-options';
import { STEPS } from '../domain/step-names';
import type { RunRow } from '../entities';
import type { RunStep } from '../steps/run-step';
import type { StepResults } from '../steps/step-results';
import { ProgressHerald } from './progress-herald';
import { FinalizeRunService, type RunEnd } from './finalize-run.service';
import type { InputPreparation } from './input-preparation';
import { LeaseKeeper, type LeaseTiming } from './lease-keeper';
import { RunAbort } from './run-abort';
import { RunClaimsService, type OwnedRun } from './run-claims.service';
import { type ReadInput, RunInputReader } from './run-input-reader';
import type { RunRef } from './run-ownership';
import { RunTracker } from './run-tracker';
import { PacedStepControl } from './step-control';
import { describeFailure } from './step-failure';
import { StepWriter } from './step-writer';
import { endBackoff } from './end-backoff';
import { untilAborted } from './until-aborted';
import { whileAway } from './while-away';

/** What an executor works with. */
export interface ExecutorSettings {
  readonly lease: LeaseTiming;
  readonly maxHandbacks: number;
}

const NOT_HANDED_BACK = 'The worker was shut down or lost its database, and the run is not given to another one.';

/** What became of a job. */
export type ExecutionResult = 'dropped' | 'ended' | 'handed_back' | 'lost';

/**
 * Executes a run in the current tenant's scope: claim, input, six steps, end. Whatever happens between claim
 * and end, the finally part ends the run, hands it back, or, when it is someone else's by now, leaves it alone.
 */
export class RunExecutor {
  private readonly logger = new Logger(RunExecutor.name);
  private readonly running = new Set<LeaseKeeper>();

  constructor(
    private readonly steps: readonly RunStep[],
    private readonly claims: RunClaimsService,
    private readonly finalizer: FinalizeRunService,
    private readonly inputs: RunInputReader,
    private readonly preparation: InputPreparation,
    private readonly writer: StepWriter,
    private readonly queue: RunQueue,
    private readonly flags: CancelFlags,
    private readonly news: RunNewsWire,
    private readonly metrics: Metrics,
    private readonly stalls: StallMonitor,
    private readonly settings: ExecutorSettings,
  ) {}

  /** Stops all runs of this process so that they are handed back. */
  abortAll(): void {
    for (const keeper of this.running) keeper.abort('shutdown');
  }

  /** Executes one attempt of a run; never throws for what befalls the run itself. */
  async execute(ref: RunRef, attempt: number): Promise<ExecutionResult> {
    const claim = await this.claims.claim(ref, attempt);
    if (claim.kind === 'dropped') {
      this.logger.log(
        `Job dropped: the run is ${claim.row?.status ?? 'unknown'}, attempt ${claim.row?.attempt ?? '-'}`,
      );
      return 'dropped';
    }
    this.metrics.queueWaitSeconds.observe(waitedMs(claim.row) / 1000);
    const herald = new ProgressHerald(claim.run, this.news);
    const tracker = new RunTracker((progress) => herald.tell(progress));
    const events = {
      progress: () => tracker.current,
      onTrouble: (what: string, error: unknown) => this.logger.warn(`Trouble ${what}: ${describeFailure(error)}`),
    };
    const keeper = new LeaseKeeper(claim.run, this.claims, this.flags, this.settings.lease, events, claim.since);
    this.running.add(keeper);
    this.metrics.activeRuns.inc();
    keeper.start();
    let end: RunEnd | 'handed_back' | 'lost' = 'lost';
    try {
      end = await this.work(claim.run, claim.row, tracker, keeper.signal);
    } catch (error) {
      end = this.endAfter(error, tracker, keeper.signal);
    } finally {
      try {
        end = await this.settle(claim.run, end);
      } finally {
        keeper.stop();
        herald.end();
        this.running.delete(keeper);
        this.metrics.activeRuns.dec();
      }
    }
    return typeof end === 'string' ? end : 'ended';
  }

  private async work(run: OwnedRun, row: RunRow, tracker: RunTracker, signal: AbortSignal): Promise<RunEnd> {
    const options = JSON.parse(row.options_json) as RunOptions;
    // A statement that waits for a lock cannot be stopped, but nobody has to wait for it.
    const read = (): Promise<ReadInput> => untilAborted(signal, this.inputs.read(options, signal));
    const { input, warnings } = await this.stalls.during('input', () => whileAway(signal, read));
    tracker.warn(warnings);
    const isOurs = (runner: QueryRunner): Promise<void> => this.claims.confirmOwned(runner, run);
    const prepare = (): Promise<unknown> =>
      untilAborted(signal, this.preparation.ensure(input, row.requested_by, signal, isOurs));
    await this.stalls.during('input', () => whileAway(signal, prepare));
    const results: StepResults = {};
    for (const [index, { name }] of STEPS.entries()) {
      const step = this.steps.find((candidate) => candidate.name === name);
      if (step === undefined) throw new Error(`No step ${name}`);
      signal.throwIfAborted();
      await withLogContext({ step: name }, async () => {
        const startedAt = performance.now();
        tracker.begin(name);
        const control = new PacedStepControl(signal, (fraction) => tracker.advance(name, fraction));
        const outcome = await this.stalls.during(name, () => step.run(input, results, control));
        tracker.finish(name, outcome, results, () => performance.now() - startedAt);
        const inputLoanIds =
          name === 'allocation' ? results.candidates?.loans.map(({ loan }) => loan.loan_id) : undefined;
        const status = STEPS[index + 1]?.status ?? 'PostProcessing';
        const after = { status, progress: tracker.current, ...(inputLoanIds ? { inputLoanIds } : {}) };
        const write = (): Promise<void> => this.writer.write(run, outcome, after, signal);
        await this.stalls.during(`${name} (writing)`, () => whileAway(signal, write));
        tracker.took(name, performance.now() - startedAt);
        this.metrics.stepSeconds.observe({ step: name }, (performance.now() - startedAt) / 1000);
        this.logger.log(`${name}: ${outcome.note}`);
      });
    }
    signal.throwIfAborted();
    const { counts } = tracker.current;
    if (counts === null) throw new Error('The allocation left no counts');
    return { status: 'Complete', progress: tracker.done(), counts };
  }

  private endAfter(error: unknown, tracker: RunTracker, signal: AbortSignal): RunEnd | 'handed_back' | 'lost' {
    const progress = tracker.current;
    // An aborted step may throw anything on its way out; the abort is what happened.
    const reason: unknown = signal.aborted ? signal.reason : error;
    if (reason instanceof RunAbort) {
      switch (reason.abortCause) {
        case 'lost':
          return 'lost';
        case 'shutdown':
          return 'handed_back';
        case 'cancelled':
          return { status: 'Cancelled', progress };
        case 'timeout':
          return {
            status: 'Failed',
            step: 'timeout',
            message: 'The run took longer than RUN_TIMEOUT_MS allows.',
            progress,
          };
      }
    }
    // Whether the step's rows were stored is not known: the run starts afresh, as another attempt.
    if (reason instanceof CommitOutcomeUnknownError) return 'handed_back';
    this.logger.error({ err: error, msg: 'The run failed' });
    return { status: 'Failed', step: tracker.step ?? 'input', message: describeFailure(error), progress };
  }

  /** Writes the end; tries again while the database is away, until the lease must be taken for lost. */
  private async settle(run: OwnedRun, end: RunEnd | 'handed_back' | 'lost'): Promise<RunEnd | 'handed_back' | 'lost'> {
    if (end === 'lost') return end;
    return endBackoff(this.settings.lease.leaseMs, async () => {
      if (end === 'handed_back') {
        const given = await this.claims.handBack(run, this.settings.maxHandbacks);
        if (given) {
          await this.requeue(run);
          return 'handed_back';
        }
      }
      const written: RunEnd =
        end === 'handed_back' ? { status: 'Failed', step: 'worker_shutdown', message: NOT_HANDED_BACK } : end;
      const result = await this.finalizer.finalize(
        run,
        { kind: 'owner', attempt: run.attempt, token: run.token },
        written,
      );
      if (result.kind === 'superseded') return 'lost';
      this.metrics.runsEnded.inc({ status: result.row.status, failure_step: result.row.failure_step ?? '' });
      this.logger.log(`The run is ${result.row.status}`);
      return written;
    });
  }

  /** Speed only: without Redis the reconciler enqueues it. */
  private async requeue(run: OwnedRun): Promise<void> {
    const job = { v: RUN_JOB_VERSION, run_id: run.runId, tenant_id: run.tenantId } as const;
    await this.queue.add(job, run.attempt + 1).catch((error: unknown) => {
      this.logger.warn(`Not enqueued after hand-back, the reconciler will: ${describeFailure(error)}`);
    });
  }
}

/** Time the claimed run waited for a worker, by the database's clock. */
const waitedMs = (row: RunRow): number =>
  row.claimed_at === null ? 0 : row.claimed_at.getTime() - (row.pending_since ?? row.started_at).getTime();
