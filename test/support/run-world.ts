import { Logger } from '@nestjs/common';
import { CancelRunService } from '@powerfill/core/runs/cancel-run.service';
import { FinalizeRunService } from '@powerfill/core/runs/finalize-run.service';
import { Reconciler, type ReconcilerLimits } from '@powerfill/core/runs/reconciler.service';
import { RetentionService } from '@powerfill/core/runs/retention.service';
import { RunClaimsService } from '@powerfill/core/runs/run-claims.service';
import { type ExecutorSettings, RunExecutor } from '@powerfill/core/runs/run-executor.service';
import { RunHistoryService } from '@powerfill/core/runs/run-history.service';
import { PreprocessService } from '@powerfill/core/preflight';
import { RunInputReader } from '@powerfill/core/runs/run-input-reader';
import { StepWriter } from '@powerfill/core/runs/step-writer';
import { SubmitRunService } from '@powerfill/core/runs/submit-run.service';
import { ScheduleRunner, SchedulesService } from '@powerfill/core/schedules';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from '@powerfill/core/domain/run-options';
import { type RunStep } from '@powerfill/core/steps/run-step';
import { parseConnectionUrl } from '@powerfill/database';
import { migrateTenant } from '@powerfill/migrations';
import { Metrics, StallMonitor } from '@powerfill/platform';
import {
  BullMqRunQueue,
  CancelFlags,
  producerConnection,
  RUN_QUEUE,
  RunNewsWire,
  SCHEDULE_QUEUE,
  ScheduleQueue,
} from '@powerfill/queue';
import { type Tenant, TenantCatalogue, TenantDataSources, TenantScope } from '@powerfill/tenancy';
import { Queue } from 'bullmq';
import { tcpProxy, type TcpProxy } from '../../scripts/chaos/tcp-proxy';
import { freshDatabase, redisUrl, uniqueName } from './servers';

/** Options of a run in tests; the date is the sample's. */
export const RUN_OPTIONS: RunOptions = { ...DEFAULT_RUN_OPTIONS, as_of_date: '2026-11-23' };

/** A migrated tenant and the run services on real Redis and a real database, without the apps around them. */
export interface RunWorld {
  readonly tenant: Tenant;
  readonly catalogue: TenantCatalogue;
  readonly scope: TenantScope;
  readonly queue: BullMqRunQueue;
  readonly flags: CancelFlags;
  readonly news: RunNewsWire;
  readonly scheduleQueue: Queue;
  readonly schedules: SchedulesService;
  readonly scheduleRunner: ScheduleRunner;
  readonly prefix: string;
  readonly history: RunHistoryService;
  readonly claims: RunClaimsService;
  readonly finalizer: FinalizeRunService;
  readonly submitter: SubmitRunService;
  readonly canceller: CancelRunService;
  /** The way to the database, where one was asked for. */
  readonly proxy: TcpProxy | null;
  /** Runs `work` in the tenant's scope. */
  inTenant<T>(work: () => Promise<T>): Promise<T>;
  executor(steps: readonly RunStep[], settings?: Partial<ExecutorSettings['lease']>): RunExecutor;
  reconciler(limits?: Partial<ReconcilerLimits>): Reconciler;
  retention(retainedRuns: number): RetentionService;
  close(): Promise<void>;
}

// What the services log is not what these tests look at.
Logger.overrideLogger(false);

const LEASE = { leaseMs: 3_000, heartbeatMs: 500, cancelPollMs: 50, runTimeoutMs: 60_000 };
const LIMITS = { leaseMs: 3_000, pendingGraceMs: 0, queueTimeoutMs: 60_000, maxTakeovers: 1 };

/** What a {@link RunWorld} has instead of the defaults. */
export interface RunWorldRequest {
  readonly queueCapacity?: number;
  readonly redis?: string;
  readonly answerMs?: number;
  /** The database is reached through a proxy that the test can cut or freeze. */
  readonly withProxy?: boolean;
}

/** Builds a {@link RunWorld}. */
export async function runWorld(options: RunWorldRequest = {}): Promise<RunWorld> {
  const database = await freshDatabase();
  const direct = { ...parseConnectionUrl(database.url), schema: 'powerfill' };
  await migrateTenant({ database: direct, upstream: 'managed' });
  const { host, port } = direct.connection;
  const proxy = options.withProxy === true ? await tcpProxy(host, port) : null;
  const way = proxy === null ? {} : { host: '127.0.0.1', port: proxy.port };
  const tenant: Tenant = {
    key: 'acme',
    tenantId: uniqueName('tenant'),
    database: { ...direct, connection: { ...direct.connection, ...way } },
    upstream: 'managed',
    timeZone: 'America/New_York',
    holidays: ['2026-11-26'],
  };
  const prefix = uniqueName('test');
  const url = options.redis ?? redisUrl();
  const bullQueue = new Queue(RUN_QUEUE, { prefix, connection: { ...producerConnection(url) } });
  const queue = new BullMqRunQueue(bullQueue, 2_000);
  const flags = new CancelFlags({ url, prefix, answerMs: 2_000, onConnectionError: () => undefined });
  const news = new RunNewsWire(flags.client, { url, prefix, onConnectionError: () => undefined });
  const dataSources = new TenantDataSources({});
  const scope = new TenantScope(dataSources);
  const history = new RunHistoryService();
  const finalizer = new FinalizeRunService(history);
  const claims = new RunClaimsService(history);
  const metrics = new Metrics();
  const stalls = new StallMonitor();
  const limits = { queueCapacity: options.queueCapacity ?? 64, answerMs: options.answerMs ?? 2_000 };
  const submitter = new SubmitRunService(history, finalizer, queue, limits);
  const scheduleQueue = new Queue(SCHEDULE_QUEUE, { prefix, connection: { ...producerConnection(url) } });
  const schedules = new SchedulesService(new ScheduleQueue(scheduleQueue, 2_000));
  return {
    tenant,
    catalogue: new TenantCatalogue([tenant]),
    scope,
    queue,
    flags,
    news,
    prefix,
    proxy,
    history,
    claims,
    finalizer,
    submitter,
    scheduleQueue,
    schedules,
    scheduleRunner: new ScheduleRunner(schedules, submitter),
    canceller: new CancelRunService(history, finalizer, queue, flags),
    inTenant: (work) => scope.run(tenant, work),
    executor: (steps, lease) =>
      new RunExecutor(
        steps,
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
          lease: { ...LEASE, ...lease },
          maxHandbacks: 10,
        },
      ),
    reconciler: (change) => new Reconciler(claims, finalizer, queue, metrics, { ...LIMITS, ...change }),
    retention: (retainedRuns) => new RetentionService({ retainedRuns, forensicDays: 30 }),
    close: async () => {
      news.close();
      flags.close();
      stalls.stop();
      await bullQueue.close();
      await scheduleQueue.close();
      proxy?.mend();
      await dataSources.close();
      await proxy?.close();
      await database.drop();
    },
  };
}
