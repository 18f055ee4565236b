import { changeLogTable, lockdownTable } from '@powerfill/core/entities';
import { currentResponse } from '@powerfill/core/runs/run-response';
import { rowsMadeBy, StepError } from '@powerfill/core/steps/run-step';
import { tenantDatabase } from '@powerfill/tenancy';
import { runWorld } from '../../support/run-world';
import { gate, orderingRow, testSteps, workUntilStopped } from '../../support/test-steps';
import { age, execute, outputRows, rowOf, submit, type RunWorld } from './world';

describe('executing a run', () => {
  let world: RunWorld;

  beforeAll(async () => {
    world = await runWorld();
  });
  afterAll(() => world.close());

  it('goes through six steps and ends Complete with its response stored', async () => {
    const runId = await submit(world);
    const steps = testSteps({ allocation: () => ({ writes: [orderingRow('L1')] }) });
    await expect(execute(world, runId, steps)).resolves.toBe('ended');
    const row = await rowOf(world, runId);
    expect(row).toMatchObject({ status: 'Complete', loan_count: 0, pending_since: null, progress_json: null });
    const response = currentResponse(row);
    expect(response.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'bx_cash_grids done',
      'bx_settle_and_price done',
      'candidate_builder done',
      'allocation done',
      'pool_guide done',
      'ue done',
    ]);
    expect(response).toMatchObject({
      run_id: runId,
      status: 'Complete',
      progress: { step: null, fraction: 1 },
      failure: null,
    });
    expect(response.completed_at).toBe(row.completed_at?.toISOString());
    await expect(outputRows(world, runId)).resolves.toBe(1);
  });

  it('prepares anew what has become stale, logged under the caller, and nothing the next time', async () => {
    const guide = () =>
      world.inTenant(() => tenantDatabase().dialect.readRows(tenantDatabase().dataSource, lockdownTable));
    const prepared = () =>
      world.inTenant(() =>
        tenantDatabase().dialect.readRows(tenantDatabase().dataSource, changeLogTable, {
          where: { object_kind: 'preprocess' },
        }),
      );
    // Upstream knows no pool, so its row is of another day; the desk's own row is the desk's.
    const rows = ['upstream', 'user'].map((source) => ({
      pool_name: `P-${source}`,
      trade_id: null,
      lock_pool: 'Y',
      source,
    }));
    await world.inTenant(() => tenantDatabase().dialect.insertRows(tenantDatabase().dataSource, lockdownTable, rows));
    const before = (await prepared()).length;
    await execute(world, await submit(world), testSteps());
    expect((await guide()).map(({ pool_name: pool }) => pool)).toEqual(['P-user']);
    const log = await prepared();
    expect(log).toHaveLength(before + 1);
    await execute(world, await submit(world), testSteps());
    expect(await prepared()).toEqual(log);
  });

  it('shows the status of the step at work', async () => {
    const runId = await submit(world);
    const held = gate();
    const running = execute(world, runId, testSteps({ pool_guide: async () => (await held.pass(), {}) }));
    await held.reached;
    const row = await rowOf(world, runId);
    expect(row.status).toBe('PostProcessing');
    expect(currentResponse(row).steps.map((step) => step.status)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'pending',
      'pending',
    ]);
    held.open();
    await running;
  });

  it('drops a job whose run is already claimed or ended', async () => {
    const runId = await submit(world);
    const held = gate();
    const running = execute(world, runId, testSteps({ ue: async () => (await held.pass(), {}) }));
    await held.reached;
    await expect(execute(world, runId)).resolves.toBe('dropped');
    held.open();
    await running;
    await expect(execute(world, runId)).resolves.toBe('dropped');
  });

  it('ends Failed with step and message, and leaves no row in the seven tables (BR-9)', async () => {
    const runId = await submit(world);
    const steps = testSteps({
      allocation: () => ({ writes: [orderingRow('L1')] }),
      pool_guide: () => {
        throw new StepError('pool_unknown', 'Pool P7 has no instrument.');
      },
    });
    await execute(world, runId, steps);
    const row = await rowOf(world, runId);
    expect(row).toMatchObject({
      status: 'Failed',
      failure_step: 'pool_guide',
      failure_message: 'pool_unknown: Pool P7 has no instrument.',
    });
    expect(currentResponse(row)).toMatchObject({ status: 'Failed', counts: null, certificate: null });
    expect(currentResponse(row).steps.map((step) => step.status)).toEqual([
      'done',
      'done',
      'done',
      'done',
      'failed',
      'pending',
    ]);
    await expect(outputRows(world, runId)).resolves.toBe(0);
  });

  it('ends Failed with timeout when its time budget is over', async () => {
    const runId = await submit(world);
    const steps = testSteps({ allocation: workUntilStopped() });
    const ref = { runId, tenantId: world.tenant.tenantId };
    await world.inTenant(() => world.executor(steps, { runTimeoutMs: 300 }).execute(ref, 1));
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Failed', failure_step: 'timeout' });
  });

  it('writes rows that a step makes on the way, and fails when they are not as many as it said', async () => {
    const rows = function* () {
      for (const id of ['L1', 'L2', 'L3']) yield* orderingRow(id).rows;
    };
    const write = (length: number) => ({ ...orderingRow('L'), rows: rowsMadeBy(length, rows) });
    const whole = await submit(world);
    await execute(world, whole, testSteps({ allocation: () => ({ writes: [write(3)] }) }));
    expect(currentResponse(await rowOf(world, whole)).steps[3]).toMatchObject({ status: 'done', rows: 3 });
    await expect(outputRows(world, whole)).resolves.toBe(3);
    const short = await submit(world);
    await execute(world, short, testSteps({ allocation: () => ({ writes: [write(4)] }) }));
    await expect(rowOf(world, short)).resolves.toMatchObject({ status: 'Failed', failure_step: 'allocation' });
    await expect(outputRows(world, short)).resolves.toBe(0);
  });

  it('hands the run back when the worker shuts down, and another attempt completes it', async () => {
    const runId = await submit(world);
    const held = gate();
    const steps = testSteps({
      allocation: workUntilStopped(held),
    });
    const executor = world.executor(steps);
    const ref = { runId, tenantId: world.tenant.tenantId };
    const running = world.inTenant(() => executor.execute(ref, 1));
    await held.reached;
    executor.abortAll();
    await expect(running).resolves.toBe('handed_back');
    await expect(rowOf(world, runId)).resolves.toMatchObject({
      status: 'Pending',
      attempt: 2,
      owner_token: null,
      handback_count: 1,
      takeover_count: 0,
    });
    await expect(world.queue.stateOf(runId, 2)).resolves.toBe('waiting');
    await expect(execute(world, runId, testSteps(), 2)).resolves.toBe('ended');
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Complete', attempt: 2 });
  });

  it('gives a run up whose lease expired, although nobody has taken it over: no renewal brings it back', async () => {
    const runId = await submit(world);
    const held = gate();
    const steps = testSteps({
      allocation: workUntilStopped(held),
    });
    const ref = { runId, tenantId: world.tenant.tenantId };
    const running = world.inTenant(() => world.executor(steps, { heartbeatMs: 300 }).execute(ref, 1));
    await held.reached;
    await age(world, runId, 'heartbeat_at', 10_000);
    await expect(running).resolves.toBe('lost');
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Allocating', attempt: 1 });
    await world.inTenant(() => world.reconciler().sweep(true));
    await execute(world, runId, testSteps(), 2);
  });

  it('writes nothing once the run belongs to someone else', async () => {
    const runId = await submit(world);
    const held = gate();
    const late = testSteps({ pool_guide: async () => (await held.pass(), { writes: [orderingRow('late')] }) });
    const zombie = world.inTenant(() =>
      world.executor(late, { heartbeatMs: 60_000 }).execute({ runId, tenantId: world.tenant.tenantId }, 1),
    );
    await held.reached;
    const { owner_token: token } = await rowOf(world, runId);
    const dead = { kind: 'dead', attempt: 1, token: token ?? '', leaseMs: -1_000 } as const;
    const ref = { runId, tenantId: world.tenant.tenantId };
    await expect(world.inTenant(() => world.claims.takeOver(ref, dead, 1))).resolves.toBe(true);
    await execute(world, runId, testSteps(), 2);
    const before = await rowOf(world, runId);
    held.open();
    await expect(zombie).resolves.toBe('lost');
    await expect(rowOf(world, runId)).resolves.toEqual(before);
    await expect(outputRows(world, runId)).resolves.toBe(0);
  });
});
