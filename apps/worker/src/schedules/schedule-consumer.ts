import { Logger } from '@nestjs/common';
import { describeFailure } from '@powerfill/core/runs/step-failure';
import { ScheduleRunner } from '@powerfill/core/schedules';
import { withLogContext } from '@powerfill/platform';
import { consumerConnection, dueOfJobId, parseScheduleJob, SCHEDULE_QUEUE } from '@powerfill/queue';
import { TenantCatalogue, TenantScope } from '@powerfill/tenancy';
import { type Job, Worker } from 'bullmq';

/** Longest wait for Redis when closing. */
const CLOSE_MS = 1_000;

/** Takes the jobs of due schedules and submits their runs. What it cannot deal with, the sweep does. */
export class ScheduleConsumer {
  private readonly logger = new Logger(ScheduleConsumer.name);
  private worker: Worker | undefined;

  constructor(
    private readonly catalogue: TenantCatalogue,
    private readonly scope: TenantScope,
    private readonly runner: ScheduleRunner,
    private readonly settings: { readonly redisUrl: string; readonly prefix: string },
  ) {}

  start(): void {
    const { redisUrl, prefix } = this.settings;
    const connection = { ...consumerConnection(redisUrl) };
    this.worker = new Worker(SCHEDULE_QUEUE, (job) => this.process(job), { connection, prefix, maxStalledCount: 0 });
    this.worker.on('error', (error) => this.logger.warn(`Queue: ${error.message}`));
  }

  async stop(): Promise<void> {
    const closing = this.worker?.close(true).catch(() => undefined);
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
  }

  private async process(job: Job): Promise<void> {
    const due = dueOfJobId(job.id);
    const data = parseScheduleJob(job.data);
    const tenant = data === null ? undefined : this.catalogue.byTenantId(data.tenant_id);
    if (due === null || data === null || tenant === undefined) {
      this.logger.error(`Job ${job.id ?? ''} dropped: no schedule of a tenant we know`);
      return;
    }
    try {
      await withLogContext({ tenant_id: tenant.tenantId }, () =>
        this.scope.run(tenant, () => this.runner.due(data.schedule_id, due)),
      );
    } catch (error) {
      this.logger.error(`Job ${job.id ?? ''}: ${describeFailure(error)}`);
    }
  }
}
