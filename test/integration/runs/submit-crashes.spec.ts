import { FinalizeRunService } from '@powerfill/core/runs/finalize-run.service';
import { SubmitRunService } from '@powerfill/core/runs/submit-run.service';
import { BullMqRunQueue, producerConnection, QueueUnavailableError, RUN_QUEUE, type RunJob } from '@powerfill/queue';
import { Queue } from 'bullmq';
import { RUN_OPTIONS, runWorld } from '../../support/run-world';
import { redisUrl } from '../../support/servers';
import { age, execute, rowOf, type RunWorld } from './world';

/** The process dies here: nothing after it happens. */
class Crash extends Error {}

/** A real queue whose process dies before or after the job is added, or that cannot add it. */
class FailingQueue extends BullMqRunQueue {
  constructor(
    queue: Queue,
    private readonly at: 'before the job is added' | 'after the job was added' | 'never',
  ) {
    super(queue, 2_000);
  }

  override async add(job: RunJob, attempt: number, withinMs?: number): Promise<void> {
    if (this.at === 'never') throw new QueueUnavailableError(new Error('Redis is away'));
    if (this.at === 'before the job is added') throw new Crash();
    await super.add(job, attempt, withinMs);
    throw new Crash();
  }
}

/** The process dies before the refused run is ended. */
class DyingFinalizer extends FinalizeRunService {
  override finalize(): Promise<never> {
    return Promise.reject(new Crash());
  }
}

describe('a submission with an Idempotency-Key whose process dies', () => {
  let world: RunWorld;
  let queue: Queue;
  beforeEach(async () => {
    world = await runWorld();
    queue = new Queue(RUN_QUEUE, { prefix: world.prefix, connection: { ...producerConnection(redisUrl()) } });
  });
  afterEach(async () => {
    await queue.close();
    await world.close();
  });

  const idempotency = { key: 'once', fingerprint: 'a'.repeat(64) };
  const limits = { queueCapacity: 64, answerMs: 2_000 };
  const submission = { options: RUN_OPTIONS, requestedBy: 'trader', idempotency };
  const submitOnce = (at: ConstructorParameters<typeof FailingQueue>[1], finalizer = world.finalizer) =>
    world.inTenant(() =>
      new SubmitRunService(world.history, finalizer, new FailingQueue(queue, at), limits).submit(submission),
    );
  const repeat = () => world.inTenant(() => world.submitter.submit(submission));

  it.each(['before the job is added', 'after the job was added'] as const)(
    '%s is one run, queued and executed once, for whoever repeats it',
    async (at) => {
      await expect(submitOnce(at)).rejects.toThrow(Crash);
      const again = await repeat();
      expect(again).toMatchObject({ status: 'Pending', attempt: 1 });
      await age(world, again.run_id, 'pending_since', 10_000);
      await world.inTenant(() => world.reconciler().sweep(true));
      await expect(world.queue.stateOf(again.run_id, 1)).resolves.toBe('waiting');
      await execute(world, again.run_id);
      await expect(repeat()).resolves.toMatchObject({ run_id: again.run_id, status: 'Complete' });
    },
  );

  it('after the job could not be added, before its run is ended, is the same run, which is queued after all', async () => {
    await expect(submitOnce('never', new DyingFinalizer(world.history))).rejects.toThrow(Crash);
    const again = await repeat();
    await age(world, again.run_id, 'pending_since', 10_000);
    await world.inTenant(() => world.reconciler().sweep(true));
    await expect(world.queue.stateOf(again.run_id, 1)).resolves.toBe('waiting');
  });

  it('after its run was ended for want of a queue, leaves a key that stands for nothing', async () => {
    await expect(submitOnce('never')).rejects.toMatchObject({ code: 'queue_unavailable' });
    const again = await repeat();
    expect(again).toMatchObject({ status: 'Pending' });
    const items = await world.inTenant(() => world.history.list({ limit: 10 }));
    expect(items.map(({ status }) => status).sort()).toEqual(['Failed', 'Pending']);
    await expect(rowOf(world, again.run_id)).resolves.toMatchObject({ failure_step: null });
  });
});
