import { randomUUID } from 'node:crypto';
import { RUN_QUEUE, runJobId } from '@powerfill/queue';
import { runWorld } from '../../support/run-world';
import { gate, orderingRow, testSteps } from '../../support/test-steps';
import { age, execute, outputRows, rowOf, submit, type RunWorld } from './world';

describe('the reconciler', () => {
  let world: RunWorld;
  const sweep = (mayTakeOver = true) => world.inTenant(() => world.reconciler().sweep(mayTakeOver));

  /** A run claimed by a worker that died in its third step, having written a row. */
  const runOfDeadWorker = async (runId: string, attempt = 1): Promise<() => Promise<unknown>> => {
    const held = gate();
    const steps = testSteps({
      bx_cash_grids: () => ({ writes: [orderingRow(`L${attempt}`)] }),
      candidate_builder: async () => (await held.pass(), {}),
    });
    const ref = { runId, tenantId: world.tenant.tenantId };
    const zombie = world.inTenant(() => world.executor(steps, { heartbeatMs: 60_000 }).execute(ref, attempt));
    await held.reached;
    await age(world, runId, 'heartbeat_at', 10_000);
    return async () => {
      held.open();
      return zombie;
    };
  };

  beforeEach(async () => {
    world = await runWorld();
  });
  afterEach(() => world.close());

  it('enqueues a Pending run whose job was lost', async () => {
    const runId = await submit(world);
    await world.queue.remove(runId, 1);
    await age(world, runId, 'pending_since', 100);
    await sweep();
    await expect(world.queue.stateOf(runId, 1)).resolves.toBe('waiting');
  });

  it('enqueues it also where the remnant of a job would swallow a new one', async () => {
    const runId = await submit(world);
    await world.queue.remove(runId, 1);
    await world.flags.client.hset(`${world.prefix}:${RUN_QUEUE}:${runJobId(runId, 1)}`, 'name', 'run');
    await age(world, runId, 'pending_since', 100);
    await sweep();
    await expect(world.queue.stateOf(runId, 1)).resolves.toBe('waiting');
  });

  it('gives the run of a dead worker to another one, once', async () => {
    const runId = await submit(world);
    const wake = await runOfDeadWorker(runId);
    await sweep();
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Pending', attempt: 2, takeover_count: 1 });
    await expect(world.queue.stateOf(runId, 2)).resolves.toBe('waiting');
    await execute(world, runId, testSteps(), 2);
    await expect(wake()).resolves.toBe('lost');
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Complete', attempt: 2 });
    // What the dead worker had written is swept later, and only that.
    await expect(outputRows(world, runId)).resolves.toBe(1);
    await world.inTenant(() => world.retention(5).sweep());
    await expect(outputRows(world, runId)).resolves.toBe(0);
  });

  it('ends the run as worker_lost when the second worker dies too', async () => {
    const runId = await submit(world);
    const wakeFirst = await runOfDeadWorker(runId);
    await sweep();
    const wakeSecond = await runOfDeadWorker(runId, 2);
    await sweep();
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Failed', failure_step: 'worker_lost' });
    await expect(outputRows(world, runId)).resolves.toBe(0);
    await expect(Promise.all([wakeFirst(), wakeSecond()])).resolves.toEqual(['lost', 'lost']);
    await expect(submit(world)).resolves.toEqual(expect.any(String));
  });

  it('cancels the run of a dead worker whose cancel was requested', async () => {
    const runId = await submit(world);
    const wake = await runOfDeadWorker(runId);
    await world.inTenant(() => world.canceller.cancel(runId));
    await sweep();
    await expect(rowOf(world, runId)).resolves.toMatchObject({
      status: 'Cancelled',
      attempt: 1,
      failure_message: 'Cancelled; before that: worker_lost: The worker that had the run was lost.',
    });
    await wake();
  });

  it('takes nothing over while this process has just lost its own contact with the database', async () => {
    const runId = await submit(world);
    const wake = await runOfDeadWorker(runId);
    await sweep(false);
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'PreProcessing', attempt: 1 });
    await wake();
  });

  it('leaves a living worker alone', async () => {
    const runId = await submit(world);
    const held = gate();
    const running = execute(world, runId, testSteps({ allocation: async () => (await held.pass(), {}) }));
    await held.reached;
    await sweep();
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Allocating', attempt: 1 });
    held.open();
    await running;
  });

  it('fails a run nobody took in time', async () => {
    const runId = await submit(world);
    await age(world, runId, 'pending_since', 120_000);
    await sweep();
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Failed', failure_step: 'queue_timeout' });
  });

  it('never takes over when many sweep at once more than once', async () => {
    const runId = await submit(world);
    const wake = await runOfDeadWorker(runId);
    await Promise.all([sweep(), sweep(), sweep(), sweep()]);
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Pending', attempt: 2, takeover_count: 1 });
    await wake();
  });
});

describe('retention', () => {
  it('marks all but the newest complete runs as purged and later deletes their rows', async () => {
    const world = await runWorld();
    try {
      const runs: string[] = [];
      const steps = testSteps({ allocation: () => ({ writes: [orderingRow('L1')] }) });
      for (let index = 0; index < 3; index += 1) {
        const runId = await submit(world);
        await execute(world, runId, steps);
        runs.push(runId);
      }
      const [oldest = randomUUID(), ...kept] = runs;
      await world.inTenant(() => world.retention(2).sweep());
      const marked = await rowOf(world, oldest);
      expect(marked.outputs_purged_at).not.toBeNull();
      await expect(outputRows(world, oldest)).resolves.toBe(1);
      await age(world, oldest, 'outputs_purged_at', 600_000);
      await world.inTenant(() => world.retention(2).sweep());
      await expect(outputRows(world, oldest)).resolves.toBe(0);
      for (const runId of kept) {
        await expect(outputRows(world, runId)).resolves.toBe(1);
        await expect(rowOf(world, runId)).resolves.toMatchObject({ outputs_purged_at: null });
      }
    } finally {
      await world.close();
    }
  });
});
