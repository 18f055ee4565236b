import { Logger } from '@nestjs/common';
import { type ExecutionResult, RunExecutor } from '@powerfill/core/runs/run-executor.service';
import type { RunRef } from '@powerfill/core/runs/run-ownership';
import { describeFailure } from '@powerfill/core/runs/step-failure';
import { withLogContext } from '@powerfill/platform';
import { attemptOfJobId, consumerConnection, parseRunJob, RUN_QUEUE, RunJobError } from '@powerfill/queue';
import { SchemaGate, type Tenant, TenantCatalogue, TenantScope } from '@powerfill/tenancy';
import { DelayedError, type Job, Worker } from 'bullmq';

/** How a worker process consumes. */
export interface ConsumerSettings {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly concurrency: number;
  readonly graceMs: number;
  /** Lease of a run; BullMQ's lock lives as long, so that a dead worker's job is noticed as soon as its run is. */
  readonly leaseMs: number;
  /** A job that this build must not touch waits this long before a worker looks at it again; 5 s unless said. */
  readonly holdMs?: number;
}

const HOLD_MS = 5_000;
/** Time the runs get to hand themselves back once the grace period is over. */
const HAND_BACK_MS = 3_000;
/** Time to close the connection to Redis, which may be away. */
const CLOSE_MS = 1_000;

/**
 * Takes run jobs from BullMQ and executes each in its tenant's scope. A plain BullMQ worker rather than a
 * `@Processor`: when it starts, which connection it uses and how it drains are decisions of this app
 * (docs/adr/005).
 */
export class RunConsumer {
  private readonly logger = new Logger(RunConsumer.name);
  private worker: Worker | undefined;
  private active = 0;
  private newerJobSeen = false;

  constructor(
    private readonly catalogue: TenantCatalogue,
    private readonly scope: TenantScope,
    private readonly schema: SchemaGate,
    private readonly executor: RunExecutor,
    private readonly settings: ConsumerSettings,
  ) {}

  /** Whether this process takes jobs now. */
  get isConsuming(): boolean {
    return this.worker !== undefined && this.worker.isRunning() && !this.worker.isPaused() && !this.newerJobSeen;
  }

  /** Starts taking jobs; a deliberate step after everything else is ready. */
  start(): void {
    const { redisUrl, prefix, concurrency, leaseMs } = this.settings;
    this.worker = new Worker(RUN_QUEUE, (job, token) => this.process(job, token), {
      connection: { ...consumerConnection(redisUrl) },
      prefix,
      concurrency,
      lockDuration: leaseMs,
      stalledInterval: leaseMs,
      // The run row's lease decides who owns a run; a job whose lock was lost is never run again by BullMQ.
      maxStalledCount: 0,
    });
    this.worker.on('error', (error) => this.logger.warn(`Queue: ${error.message}`));
  }

  /**
   * Stops taking jobs, lets running ones finish within the grace period, then has them handed back.
   * Resolves in any case; what hangs after that is the lease's business.
   */
  async drain(): Promise<void> {
    const { worker } = this;
    if (worker === undefined) return;
    const graceEndsAt = performance.now() + this.settings.graceMs;
    // Pausing waits for the fetch in flight, which needs Redis; the time it takes is part of the grace period.
    await Promise.race([worker.pause(true).catch(() => undefined), pause(Math.min(CLOSE_MS, this.settings.graceMs))]);
    this.logger.log(`Draining: ${this.active} runs at work`);
    if (!(await this.idleWithin(graceEndsAt - performance.now()))) {
      this.executor.abortAll();
      await this.idleWithin(HAND_BACK_MS);
    }
    await Promise.race([worker.close(true).catch(() => undefined), pause(CLOSE_MS)]);
  }

  /** Hands every run back at once. */
  force(): void {
    this.executor.abortAll();
  }

  private async process(job: Job, token?: string): Promise<void> {
    this.active += 1;
    try {
      await this.execute(job, token);
    } finally {
      this.active -= 1;
    }
  }

  private async execute(job: Job, token?: string): Promise<void> {
    const attempt = attemptOfJobId(job.id);
    try {
      const { run_id, tenant_id } = parseRunJob(job.data);
      const tenant = this.catalogue.byTenantId(tenant_id);
      if (attempt === null || tenant === undefined) {
        // Dropped: a process that knows the tenant enqueues the run again.
        this.logger.error(`Job ${job.id ?? ''} dropped: ${attempt === null ? 'not an id of ours' : 'unknown tenant'}`);
        return;
      }
      const run = { runId: run_id, tenantId: tenant_id };
      const result = await withLogContext({ tenant_id, run_id }, () =>
        this.scope.run(tenant, () => this.executeOnFit(tenant, run, attempt)),
      );
      if (result === 'held') await this.hold(job, token);
    } catch (error) {
      if (error instanceof DelayedError) throw error;
      if (error instanceof RunJobError && error.code === 'newer_version') {
        this.newerJobSeen = true;
        await this.hold(job, token);
      }
      // Before the claim or after the run's own end: the reconciler puts the run right.
      this.logger.error(`Job ${job.id ?? ''}: ${describeFailure(error)}`);
    }
  }

  /**
   * A run is not claimed on a database whose schema this build does not know: its job is held, so that a migration or
   * another build's worker can come before `QUEUE_TIMEOUT_MS` ends it.
   */
  private async executeOnFit(tenant: Tenant, run: RunRef, attempt: number): Promise<ExecutionResult | 'held'> {
    const misfit = await this.schema.misfit();
    if (misfit === null) return this.executor.execute(run, attempt);
    this.logger.error(`The run is held, ${tenant.key}: ${misfit.message}`);
    return 'held';
  }

  /** Gives a job back to the queue for a while. @throws {DelayedError} which tells BullMQ so */
  private async hold(job: Job, token: string | undefined): Promise<never> {
    await job.moveToDelayed(Date.now() + (this.settings.holdMs ?? HOLD_MS), token);
    throw new DelayedError();
  }

  private async idleWithin(ms: number): Promise<boolean> {
    const deadline = performance.now() + ms;
    while (this.active > 0) {
      if (performance.now() >= deadline) return false;
      await pause(25);
    }
    return true;
  }
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
