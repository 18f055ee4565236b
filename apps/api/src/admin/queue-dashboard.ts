import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { getQueueToken } from '@nestjs/bullmq';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { CancelFlags, RUN_QUEUE } from '@powerfill/queue';
import type { Queue } from 'bullmq';
import type { Router } from 'express';
import { loopbackOnly } from './loopback-only';
import { whenQueueAnswers } from './queue-answers';

/** Where the dashboard is. */
export const DASHBOARD_PATH = '/admin/queues';

/**
 * Mounts Bull Board: read-only unless said otherwise, for this machine only; jobs hold ids only. Mounted by hand
 * rather than as a Nest module, because it is middleware either way: no guard of ours would run before it.
 */
export function serveQueueDashboard(app: NestExpressApplication, { isWritable }: { isWritable: boolean }): void {
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(DASHBOARD_PATH);
  const queue = app.get<Queue>(getQueueToken(RUN_QUEUE));
  createBullBoard({
    queues: [new BullMQAdapter(queue, { readOnlyMode: !isWritable, allowRetries: isWritable })],
    serverAdapter,
    options: { uiConfig: { boardTitle: 'PowerFill runs' } },
  });
  app.use(DASHBOARD_PATH, loopbackOnly);
  app.use(`${DASHBOARD_PATH}/api`, whenQueueAnswers(app.get(CancelFlags)));
  app.use(DASHBOARD_PATH, serverAdapter.getRouter() as Router);
}
