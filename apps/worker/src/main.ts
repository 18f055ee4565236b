import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { checkConnections } from '@powerfill/core/runs/connection-budget';
import { ReconcilerHost } from '@powerfill/core/runs/reconciler-host';
import {
  createLogger,
  environmentVariables,
  loadEnvFile,
  NestLogger,
  readEnvironment,
  shutDownOnSignal,
  withDeadline,
} from '@powerfill/platform';
import { TenantCatalogue, TenantDataSources, TenantScope } from '@powerfill/tenancy';
import { AllocationWorkerPool } from '@powerfill/core/allocation-worker';
import { RunConsumer } from './runs/run-consumer';
import { ScheduleConsumer } from './schedules/schedule-consumer';
import { WorkerModule } from './worker.module';

/** Time beyond the grace period for handing back and closing; a second less than a process may take (runs.md, 4.8). */
const CLOSING_MS = 4_000;
/** Longest each part of the closing may take; what does not close ends with the process. */
const CLOSE_MS = 1_000;

async function main(): Promise<void> {
  loadEnvFile();
  const environment = readEnvironment();
  const catalogue = TenantCatalogue.read(environment.TENANT_CATALOGUE, environmentVariables());
  const logger = new NestLogger(createLogger({ app: 'worker', level: environment.LOG_LEVEL }));
  const app = await NestFactory.create<NestExpressApplication>(WorkerModule.forEnvironment(environment, catalogue), {
    logger,
  });
  const consumer = app.get(RunConsumer);
  const reconciler = app.get(ReconcilerHost);
  shutDownOnSignal({
    limitMs: environment.SHUTDOWN_GRACE_MS + CLOSING_MS,
    log: (message) => logger.log(message, 'Shutdown'),
    force: () => consumer.force(),
    graceful: async () => {
      await app.get(ScheduleConsumer).stop();
      await consumer.drain();
      await withDeadline('the last sweep', CLOSE_MS, reconciler.stop()).catch((error: Error) =>
        logger.warn(error.message),
      );
      await app.get(AllocationWorkerPool).close();
      // With Redis away BullMQ's own closing may wait for it without end.
      await withDeadline('closing the app', CLOSE_MS, app.close()).catch((error: Error) => logger.warn(error.message));
      await app.get(TenantDataSources).close(CLOSE_MS);
    },
  });
  for (const warning of await checkConnections(catalogue, app.get(TenantScope))) logger.warn(warning, 'Worker');
  await app.listen(environment.WORKER_PORT, environment.HOST);
  consumer.start();
  app.get(ScheduleConsumer).start();
  reconciler.start();
  logger.log(`Worker ready; health on ${await app.getUrl()}/health/ready`, 'Worker');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
