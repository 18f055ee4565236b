import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { type DynamicModule, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Environment } from '@powerfill/platform';
import type { Queue } from 'bullmq';
import { BullMqRunQueue } from './bullmq-run-queue';
import { CancelFlags } from './cancel-flags';
import { producerConnection } from './connections';
import { RunNewsWire } from './run-news';
import { RUN_QUEUE, RunQueue } from './run-queue';
import { SCHEDULE_QUEUE, ScheduleQueue } from './schedule-queue';
import { SweepTurns } from './sweep-turns';

/** Provides {@link RunQueue} and {@link CancelFlags}; the worker app consumes with a connection of its own. */
@Module({})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    @Inject(CancelFlags) private readonly flags: CancelFlags,
    @Inject(RunNewsWire) private readonly news: RunNewsWire,
  ) {}

  static forEnvironment(environment: Environment): DynamicModule {
    const { REDIS_URL: url, QUEUE_PREFIX: prefix, QUEUE_ANSWER_MS: answerMs } = environment;
    const logger = new Logger('Redis');
    const queue = BullModule.registerQueue({ name: RUN_QUEUE, prefix, connection: { ...producerConnection(url) } });
    const schedules = BullModule.registerQueue({
      name: SCHEDULE_QUEUE,
      prefix,
      connection: { ...producerConnection(url) },
    });
    return {
      module: QueueModule,
      global: true,
      imports: [queue, schedules],
      providers: [
        {
          provide: RunQueue,
          inject: [getQueueToken(RUN_QUEUE)],
          useFactory: (bullQueue: Queue) => new BullMqRunQueue(bullQueue, answerMs),
        },
        {
          provide: ScheduleQueue,
          inject: [getQueueToken(SCHEDULE_QUEUE)],
          useFactory: (bullQueue: Queue) => new ScheduleQueue(bullQueue, answerMs),
        },
        {
          provide: CancelFlags,
          useFactory: () =>
            new CancelFlags({ url, prefix, answerMs, onConnectionError: (error) => logger.warn(error.message) }),
        },
        {
          provide: RunNewsWire,
          inject: [CancelFlags],
          useFactory: (flags: CancelFlags) =>
            new RunNewsWire(flags.client, { url, prefix, onConnectionError: (error) => logger.warn(error.message) }),
        },
        {
          provide: SweepTurns,
          inject: [CancelFlags],
          useFactory: (flags: CancelFlags) => new SweepTurns(flags.client, { prefix, answerMs }),
        },
      ],
      exports: [queue, RunQueue, CancelFlags, RunNewsWire, ScheduleQueue, SweepTurns],
    };
  }

  onApplicationShutdown(): void {
    this.news.close();
    this.flags.close();
  }
}
