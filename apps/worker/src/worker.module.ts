import { type DynamicModule, Module } from '@nestjs/common';
import { type AllocationRunner, AllocationWorkerPool } from '@powerfill/core/allocation-worker';
import { sessionName } from '@powerfill/core/runs/connection-budget';
import { FinalizeRunService } from '@powerfill/core/runs/finalize-run.service';
import { RunClaimsService } from '@powerfill/core/runs/run-claims.service';
import { RunExecutor } from '@powerfill/core/runs/run-executor.service';
import { PreprocessService } from '@powerfill/core/preflight';
import { RunInputReader } from '@powerfill/core/runs/run-input-reader';
import { databaseBounds } from '@powerfill/core/runs/database-bounds';
import { RunsModule } from '@powerfill/core/runs/runs.module';
import { StepWriter } from '@powerfill/core/runs/step-writer';
import { ScheduleRunner } from '@powerfill/core/schedules';
import { allSteps } from '@powerfill/core/steps/all-steps';
import { SCHEMA_VERSION } from '@powerfill/migrations';
import { type Environment, Metrics, StallMonitor } from '@powerfill/platform';
import { CancelFlags, QueueModule, RunNewsWire, RunQueue } from '@powerfill/queue';
import { SchemaGate, TenancyModule, TenantCatalogue, TenantScope } from '@powerfill/tenancy';
import { HealthController } from './health/health.controller';
import { RunConsumer } from './runs/run-consumer';
import { ScheduleConsumer } from './schedules/schedule-consumer';

/** The worker process: the run services, the six steps, the consumer, health and metrics. */
@Module({})
export class WorkerModule {
  static forEnvironment(environment: Environment, catalogue: TenantCatalogue): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        TenancyModule.forRoot({
          catalogue,
          schemaVersion: SCHEMA_VERSION,
          bounds: databaseBounds(environment),
          connections: environment.DATABASE_CONNECTIONS,
          applicationName: sessionName('powerfill-worker', environment.DATABASE_CONNECTIONS),
        }),
        QueueModule.forEnvironment(environment),
        RunsModule.forEnvironment(environment),
      ],
      controllers: [HealthController],
      providers: [
        {
          provide: AllocationWorkerPool,
          useFactory: () =>
            new AllocationWorkerPool({
              threads: environment.ALLOCATION_THREADS,
              helpers: environment.ALLOCATION_HELPERS,
              maxHeapMb: environment.ALLOCATION_MEMORY_MB,
            }),
        },
        {
          provide: RunExecutor,
          inject: [
            AllocationWorkerPool,
            RunClaimsService,
            FinalizeRunService,
            RunQueue,
            CancelFlags,
            RunNewsWire,
            Metrics,
            StallMonitor,
          ],
          useFactory: (
            runner: AllocationRunner,
            claims: RunClaimsService,
            finalizer: FinalizeRunService,
            queue: RunQueue,
            flags: CancelFlags,
            news: RunNewsWire,
            metrics: Metrics,
            stalls: StallMonitor,
          ) =>
            new RunExecutor(
              allSteps(runner),
              claims,
              finalizer,
              new RunInputReader(),
              new PreprocessService(new RunInputReader()),
              new StepWriter(),
              queue,
              flags,
              news,
              metrics,
              stalls,
              {
                lease: {
                  leaseMs: environment.LEASE_MS,
                  heartbeatMs: environment.HEARTBEAT_MS,
                  cancelPollMs: environment.CANCEL_POLL_MS,
                  runTimeoutMs: environment.RUN_TIMEOUT_MS,
                },
                maxHandbacks: environment.MAX_HANDBACKS,
              },
            ),
        },
        {
          provide: ScheduleConsumer,
          inject: [TenantCatalogue, TenantScope, ScheduleRunner],
          useFactory: (tenants: TenantCatalogue, scope: TenantScope, runner: ScheduleRunner) =>
            new ScheduleConsumer(tenants, scope, runner, {
              redisUrl: environment.REDIS_URL,
              prefix: environment.QUEUE_PREFIX,
            }),
        },
        {
          provide: RunConsumer,
          inject: [TenantCatalogue, TenantScope, SchemaGate, RunExecutor],
          useFactory: (tenants: TenantCatalogue, scope: TenantScope, schema: SchemaGate, executor: RunExecutor) =>
            new RunConsumer(tenants, scope, schema, executor, {
              redisUrl: environment.REDIS_URL,
              prefix: environment.QUEUE_PREFIX,
              concurrency: environment.WORKER_CONCURRENCY,
              graceMs: environment.SHUTDOWN_GRACE_MS,
              leaseMs: environment.LEASE_MS,
            }),
        },
      ],
    };
  }
}
