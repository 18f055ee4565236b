import { ENQUEUE_STEP } from '@powerfill/core/runs/finalize-run.service';
import { execute, type RunWorld } from './world';
import { tenantDatabase } from '@powerfill/tenancy';
import { RUN_OPTIONS, runWorld } from '../../support/run-world';

describe('submitting a run', () => {
  let world: RunWorld;
  const submit = (idempotency?: { key: string; fingerprint: string }) =>
    world.inTenant(() =>
      world.submitter.submit({ options: RUN_OPTIONS, requestedBy: 'trader', ...(idempotency ? { idempotency } : {}) }),
    );

  beforeEach(async () => {
    world = await runWorld({ queueCapacity: 3 });
  });
  afterEach(() => world.close());

  it('stores a Pending run and hands its job to the queue', async () => {
    const row = await submit();
    expect(row).toMatchObject({ status: 'Pending', attempt: 1, requested_by: 'trader', owner_token: null });
    await expect(world.queue.stateOf(row.run_id, 1)).resolves.toBe('waiting');
  });

  it('refuses a second run and names the first (BR-8)', async () => {
    const first = await submit();
    await expect(submit()).rejects.toMatchObject({ code: 'active_run_exists', extra: { active_run_id: first.run_id } });
  });

  it('lets exactly one of ten simultaneous submissions through', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => submit()));
    const accepted = results.filter((result) => result.status === 'fulfilled');
    expect(accepted).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'active_run_exists' });
    }
  });

  it('accepts a run whose insert took effect although its answer was lost', async () => {
    const row = await world.inTenant(() => {
      const { dialect } = tenantDatabase();
      const execute = dialect.execute.bind(dialect);
      jest.spyOn(dialect, 'execute').mockImplementationOnce(async (on, statement) => {
        await execute(on, statement);
        throw Object.assign(new Error('The connection broke'), { code: 'ECONNRESET' });
      });
      return submit();
    });
    expect(row.status).toBe('Pending');
    await expect(world.queue.stateOf(row.run_id, 1)).resolves.toBe('waiting');
  });

  it('answers a repeated key with the first run, also when both arrive at once', async () => {
    const key = { key: 'once', fingerprint: 'a'.repeat(64) };
    const rows = await Promise.all([submit(key), submit(key), submit(key)]);
    expect(new Set(rows.map((row) => row.run_id)).size).toBe(1);
    await expect(submit(key)).resolves.toMatchObject({ run_id: rows[0].run_id });
  });

  it('refuses a key that comes back with another body', async () => {
    await submit({ key: 'once', fingerprint: 'a'.repeat(64) });
    await expect(submit({ key: 'once', fingerprint: 'b'.repeat(64) })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('releases the key in the transaction that ends a run whose job could not be added', async () => {
    const key = { key: 'once', fingerprint: 'a'.repeat(64) };
    const { run_id: runId, tenant_id: tenantId } = await submit(key);
    // As by a process that dies right after it.
    await world.inTenant(() =>
      world.finalizer.finalize(
        { runId, tenantId },
        { kind: 'pending', attempt: 1 },
        { status: 'Failed', step: ENQUEUE_STEP, message: 'Redis is away' },
      ),
    );
    const again = await submit(key);
    expect(again).toMatchObject({ status: 'Pending' });
    expect(again.run_id).not.toBe(runId);
  });

  it('stores nothing when the queue is full', async () => {
    for (let index = 0; index < 3; index += 1) {
      const id = `00000000-0000-4000-8000-00000000000${index}`;
      await world.queue.add({ v: 1, run_id: id, tenant_id: 'other' }, 1);
    }
    await expect(submit()).rejects.toMatchObject({ code: 'queue_saturated' });
    await expect(world.inTenant(() => world.history.active())).resolves.toBeNull();
  });

  it('accepts the next run as soon as the first has ended', async () => {
    const first = await submit();
    await execute(world, first.run_id);
    await expect(submit()).resolves.toMatchObject({ status: 'Pending' });
  });
});

describe('submitting a run while Redis is away', () => {
  it('answers within the bound, stores nothing and blocks nobody', async () => {
    const world = await runWorld({ redis: 'redis://127.0.0.1:1' });
    try {
      const startedAt = performance.now();
      const submission = world.inTenant(() => world.submitter.submit({ options: RUN_OPTIONS, requestedBy: 'trader' }));
      await expect(submission).rejects.toMatchObject({ code: 'queue_unavailable' });
      expect(performance.now() - startedAt).toBeLessThan(2_500);
      await expect(world.inTenant(() => world.history.active())).resolves.toBeNull();
    } finally {
      await world.close();
    }
  });
});
