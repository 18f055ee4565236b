import { type DynamicModule, type FactoryProvider, Logger, Module } from '@nestjs/common';
import { type Environment, Metrics, type Stall, StallMonitor } from '@powerfill/platform';
import { CancelFlags, RunQueue, ScheduleQueue, SweepTurns } from '@powerfill/queue';
import { TenantCatalogue, TenantScope } from '@powerfill/tenancy';
import { ScheduleRunner, SchedulesService } from '../schedules';
import { CancelRunService } from './cancel-run.service';
import { FinalizeRunService } from './finalize-run.service';
import { Reconciler } from './reconciler.service';
import { ReconcilerHost } from './reconciler-host';
import { RetentionService } from './retention.service';
import { RunClaimsService } from './run-claims.service';
import { RunHealth } from './run-health';
import { RunHistoryService } from './run-history.service';
import { SubmitRunService } from './submit-run.service';

const limitsOf = (environment: Environment) => ({
  leaseMs: environment.LEASE_MS,
  pendingGraceMs: environment.PENDING_GRACE_MS,
  queueTimeoutMs: environment.QUEUE_TIMEOUT_MS,
  maxTakeovers: environment.MAX_TAKEOVERS,
});

/** A warning only when the time went into our own work: on a crowded machine the others come in crowds. */
const logStall = ({ ms, cpuMs, during }: Stall): void => {
  const at = during.length === 0 ? '' : ` during ${during.join(', ')}`;
  const message = `The event loop stood still for ${Math.round(ms)} ms${at}; the process had ${Math.round(cpuMs)} ms of processor time`;
  const logger = new Logger(StallMonitor.name);
  if (cpuMs >= ms / 2) logger.warn(message);
  else logger.debug(message);
};

/** The run services that API and worker share, and the reconciler every process hosts. */
@Module({})
export class RunsModule {
  static forEnvironment(environment: Environment): DynamicModule {
    const providers: FactoryProvider[] = [
      { provide: Metrics, useFactory: () => new Metrics() },
      { provide: RunHistoryService, useFactory: () => new RunHistoryService() },
      {
        provide: FinalizeRunService,
        inject: [RunHistoryService],
        useFactory: (history: RunHistoryService) => new FinalizeRunService(history),
      },
      {
        provide: RunClaimsService,
        inject: [RunHistoryService],
        useFactory: (history: RunHistoryService) => new RunClaimsService(history),
      },
      {
        provide: SubmitRunService,
        inject: [RunHistoryService, FinalizeRunService, RunQueue],
        useFactory: (history: RunHistoryService, finalizer: FinalizeRunService, queue: RunQueue) =>
          new SubmitRunService(history, finalizer, queue, {
            queueCapacity: environment.QUEUE_CAPACITY,
            answerMs: environment.QUEUE_ANSWER_MS,
          }),
      },
      {
        provide: CancelRunService,
        inject: [RunHistoryService, FinalizeRunService, RunQueue, CancelFlags],
        useFactory: (history: RunHistoryService, finalizer: FinalizeRunService, queue: RunQueue, flags: CancelFlags) =>
          new CancelRunService(history, finalizer, queue, flags),
      },
      {
        provide: Reconciler,
        inject: [RunClaimsService, FinalizeRunService, RunQueue, Metrics],
        useFactory: (claims: RunClaimsService, finalizer: FinalizeRunService, queue: RunQueue, metrics: Metrics) =>
          new Reconciler(claims, finalizer, queue, metrics, limitsOf(environment)),
      },
      {
        provide: RetentionService,
        useFactory: () =>
          new RetentionService({ retainedRuns: environment.RETAINED_RUNS, forensicDays: environment.FORENSIC_DAYS }),
      },
      {
        provide: SchedulesService,
        inject: [ScheduleQueue],
        useFactory: (queue: ScheduleQueue) => new SchedulesService(queue),
      },
      {
        provide: ScheduleRunner,
        inject: [SchedulesService, SubmitRunService],
        useFactory: (schedules: SchedulesService, submitter: SubmitRunService) =>
          new ScheduleRunner(schedules, submitter),
      },
      {
        provide: ReconcilerHost,
        inject: [TenantCatalogue, TenantScope, SweepTurns, Reconciler, RetentionService, ScheduleRunner],
        useFactory: (
          catalogue: TenantCatalogue,
          scope: TenantScope,
          turns: SweepTurns,
          reconciler: Reconciler,
          retention: RetentionService,
          schedules: ScheduleRunner,
        ) =>
          new ReconcilerHost(catalogue, scope, turns, reconciler, retention, schedules, {
            sweepMs: environment.SWEEP_MS,
            leaseMs: environment.LEASE_MS,
          }),
      },
      { provide: StallMonitor, useFactory: () => new StallMonitor(logStall) },
      {
        provide: RunHealth,
        inject: [TenantCatalogue, TenantScope, RunQueue, CancelFlags, Metrics, StallMonitor],
        useFactory: (
          catalogue: TenantCatalogue,
          scope: TenantScope,
          queue: RunQueue,
          flags: CancelFlags,
          metrics: Metrics,
          stalls: StallMonitor,
        ) => new RunHealth(catalogue, scope, queue, flags, metrics, stalls),
      },
    ];
    return { module: RunsModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
