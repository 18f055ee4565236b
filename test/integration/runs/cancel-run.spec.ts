import { loanOrderingTable, loanTable, runHistoryTable } from '@powerfill/core/entities';
import { insertRows, rowsMadeBy } from '@powerfill/core/steps/run-step';
import { sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { lockTable } from '../../../scripts/chaos/table-lock';
import { runWorld } from '../../support/run-world';
import { gate, orderingRow, testSteps, workUntilStopped } from '../../support/test-steps';
import { waitFor } from '../../support/wait-for';
import { execute, outputRows, rowOf, submit, type RunWorld } from './world';

describe('cancelling a run', () => {
  let world: RunWorld;
  const cancel = (runId: string) => world.inTenant(() => world.canceller.cancel(runId));

  beforeAll(async () => {
    world = await runWorld();
  });
  afterAll(() => world.close());

  it('ends a waiting run at once, removes its job and frees the tenant', async () => {
    const runId = await submit(world);
    await expect(cancel(runId)).resolves.toMatchObject({ status: 'Cancelled' });
    await expect(world.queue.stateOf(runId, 1)).resolves.toBe('absent');
    await expect(execute(world, runId)).resolves.toBe('dropped');
    await cancel(await submit(world));
  });

  it('stops a bulk write in its middle: the rest of the rows is not even made', async () => {
    const runId = await submit(world);
    const rows = 2_000_000;
    let made = 0;
    const begun = gate();
    const row = orderingRow('L').rows[Symbol.iterator]().next().value as object;
    const supply = rowsMadeBy(rows, function* () {
      for (; made < rows;) {
        made += 1;
        if (made === 20_000) void begun.pass();
        yield { ...row, ordering_no: made, loan_id: `L${made}` };
      }
    });
    const steps = testSteps({
      candidate_builder: () => ({ writes: [insertRows(loanOrderingTable, supply as never)] }),
    });
    // Of the lease there must be enough for a slow server to take the first rows.
    const executor = world.executor(steps, { leaseMs: 30_000 });
    const running = world.inTenant(() => executor.execute({ runId, tenantId: world.tenant.tenantId }, 1));
    await begun.reached;
    await cancel(runId);
    await expect(running).resolves.toBe('ended');
    expect(made).toBeLessThan(rows);
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Cancelled' });
    await expect(outputRows(world, runId)).resolves.toBe(0);
  });

  it('does not wait for a statement that waits for a lock', async () => {
    const runId = await submit(world);
    const release = await lockTable(world.scope, world.tenant, loanTable, 'everybody');
    const running = execute(world, runId);
    await waitFor('the claim', async () => ((await rowOf(world, runId)).claimed_at === null ? null : true));
    const cancelledAt = performance.now();
    await cancel(runId);
    await running;
    expect(performance.now() - cancelledAt).toBeLessThan(500);
    await release();
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Cancelled' });
  });

  it('may be repeated', async () => {
    const runId = await submit(world);
    await cancel(runId);
    await expect(cancel(runId)).resolves.toMatchObject({ status: 'Cancelled' });
  });

  it('stops a step at work within 500 ms and leaves no row in the seven tables', async () => {
    const runId = await submit(world);
    const held = gate();
    const steps = testSteps({
      candidate_builder: () => ({ writes: [orderingRow('L1')] }),
      allocation: workUntilStopped(held),
    });
    const running = execute(world, runId, steps);
    await held.reached;
    const requestedAt = performance.now();
    await expect(cancel(runId)).resolves.toMatchObject({ status: 'Allocating' });
    await running;
    // The step itself is stopped by its signal; what is measured is flag, poll and end together.
    expect(performance.now() - requestedAt).toBeLessThan(2_000);
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Cancelled', failure_step: null });
    await expect(outputRows(world, runId)).resolves.toBe(0);
  });

  it('is called out to the worker, which then need not wait for its poll', async () => {
    const runId = await submit(world);
    const held = gate();
    const steps = testSteps({
      allocation: workUntilStopped(held),
    });
    const executor = world.executor(steps, { cancelPollMs: 30_000, heartbeatMs: 30_000, leaseMs: 60_000 });
    const running = world.inTenant(() => executor.execute({ runId, tenantId: world.tenant.tenantId }, 1));
    await held.reached;
    await cancel(runId);
    await expect(running).resolves.toBe('ended');
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Cancelled' });
  }, 10_000);

  it('wins over a run that finishes at the same moment', async () => {
    const runId = await submit(world);
    const held = gate();
    const running = execute(world, runId, testSteps({ ue: async () => (await held.pass(), {}) }));
    await held.reached;
    await cancel(runId);
    held.open();
    await running;
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Cancelled' });
  });

  it('wins over a failure, whose cause is kept', async () => {
    const runId = await submit(world);
    const steps = testSteps({
      ue: async () => {
        const { dialect, dataSource } = tenantDatabase();
        const history = dialect.table(runHistoryTable);
        // The request reaches the row, but neither Redis nor the worker hears of it before the step fails.
        await dialect.execute(
          dataSource,
          sql`UPDATE ${history} SET cancel_requested_at = ${dialect.now} WHERE run_id = ${runId}`,
        );
        throw new Error('out of memory');
      },
    });
    await execute(world, runId, steps);
    const row = await rowOf(world, runId);
    expect(row.status).toBe('Cancelled');
    expect(row.failure_message).toContain('out of memory');
  });

  it('refuses a run that has ended and a run that does not exist', async () => {
    const runId = await submit(world);
    await execute(world, runId);
    await expect(cancel(runId)).rejects.toMatchObject({ code: 'run_already_ended' });
    await expect(cancel('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: 'run_not_found' });
  });
});
