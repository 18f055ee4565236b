import { setTimeout as delay } from 'node:timers/promises';
import { ReconcilerHost } from '@powerfill/core/runs/reconciler-host';
import { runHistoryTable } from '@powerfill/core/entities';
import { inTransaction, sql } from '@powerfill/database';
import { rowsMadeBy } from '@powerfill/core/steps/run-step';
import { SweepTurns } from '@powerfill/queue';
import { TenantCatalogue, tenantDatabase } from '@powerfill/tenancy';
import { patience } from '../../support/patience';
import { RUN_OPTIONS, runWorld } from '../../support/run-world';
import { gate, orderingRow, testSteps, workUntilStopped } from '../../support/test-steps';
import { waitFor } from '../../support/wait-for';
import { outputRows, rowOf, submit, type RunWorld } from './world';

describe('a run whose database is away for a while', () => {
  let world: RunWorld;
  beforeEach(async () => {
    world = await runWorld({ withProxy: true });
  });
  afterEach(() => world.close());

  const start = (runId: string, steps: ReturnType<typeof testSteps>, lease: object = {}) =>
    world.inTenant(() => world.executor(steps, lease).execute({ runId, tenantId: world.tenant.tenantId }, 1));

  it('keeps what it has computed and goes on, when its lease still holds', async () => {
    const runId = await submit(world);
    const steps = testSteps({
      allocation: () => {
        world.proxy?.cut();
        // Longer than a transaction tries again by itself.
        setTimeout(() => world.proxy?.mend(), 1_500);
        return { writes: [orderingRow('L1')] };
      },
    });
    await expect(start(runId, steps, { leaseMs: 20_000 })).resolves.toBe('ended');
    await expect(rowOf(world, runId)).resolves.toMatchObject({ status: 'Complete', attempt: 1 });
    await expect(outputRows(world, runId)).resolves.toBe(1);
  });

  it('fails by name when the database answers, and yet ends every connection that writes a step', async () => {
    const runId = await submit(world);
    const steps = testSteps({
      allocation: () => {
        const { table, rows } = orderingRow('L1');
        const breaking = rowsMadeBy(rows.length, () => {
          world.proxy?.cut();
          world.proxy?.mend();
          return rows[Symbol.iterator]();
        });
        return { writes: [{ kind: 'insert', table, rows: breaking }] };
      },
    });
    await expect(start(runId, steps, { leaseMs: 20_000 })).resolves.toBe('ended');
    const row = await rowOf(world, runId);
    expect(row).toMatchObject({ status: 'Failed', failure_step: 'allocation', attempt: 1 });
    expect(row?.failure_message).toMatch(/connection|LoggedIn state/i);
  });

  it('repeats a transaction whose connection broke between two statements', async () => {
    let tries = 0;
    const answer = await world.inTenant(() => {
      const { dialect, dataSource } = tenantDatabase();
      return inTransaction({ dataSource, dialect }, async (runner) => {
        tries += 1;
        await dialect.query(runner, sql`SELECT 1 AS one`);
        if (tries === 1) {
          world.proxy?.cut();
          world.proxy?.mend();
          await waitFor('the loss to be noticed', () => runner.isReleased);
        }
        return dialect.query(runner, sql`SELECT 2 AS two`);
      });
    });
    expect([tries, answer]).toEqual([2, [{ two: 2 }]]);
  });

  it('is given up when the lease is over, though the renewal hangs and does not fail', async () => {
    const runId = await submit(world);
    const held = gate();
    const steps = testSteps({
      allocation: workUntilStopped(held),
    });
    const running = start(runId, steps, { leaseMs: patience(1_000), heartbeatMs: patience(200) });
    await held.reached;
    world.proxy?.freeze();
    await expect(running).resolves.toBe('lost');
    world.proxy?.mend();
    // The connections that were frozen are gone; a first question may still meet one.
    const row = await waitFor('the database to answer', () => rowOf(world, runId).catch(() => null));
    expect(row).toMatchObject({ status: 'Allocating', attempt: 1 });
  });

  it('does not hold up the sweep of other tenants when it hangs', async () => {
    const healthy = await runWorld();
    const runId = await submit(healthy);
    await healthy.queue.remove(runId, 1);
    // As many hanging tenants as are swept at a time.
    const hanging = Array.from({ length: 4 }, (_, index) => ({
      ...world.tenant,
      key: `hanging${index}`,
      tenantId: `${world.tenant.tenantId}-${index}`,
    }));
    const tenants = [healthy.tenant, ...hanging];
    for (const tenant of hanging) await healthy.scope.run(tenant, () => undefined);
    world.proxy?.freeze();
    const host = new ReconcilerHost(
      new TenantCatalogue(tenants),
      healthy.scope,
      new SweepTurns(healthy.flags.client, { prefix: healthy.prefix, answerMs: 2_000 }),
      healthy.reconciler(),
      healthy.retention(5),
      healthy.scheduleRunner,
      { sweepMs: 200, leaseMs: 3_000 },
    );
    host.start();
    try {
      await waitFor(
        'the healthy tenant to be swept',
        async () => (await healthy.queue.stateOf(runId, 1)) === 'waiting',
      );
    } finally {
      world.proxy?.mend();
      await host.stop();
      await healthy.close();
    }
  });
});

describe('a submission to a slow database', () => {
  it('has the whole bound left for the queue: what the database takes does not count', async () => {
    const world = await runWorld({ answerMs: 300 });
    try {
      const submission = await world.inTenant(async () => {
        const { dialect, dataSource, tenant } = tenantDatabase();
        const until = gate();
        // An uncommitted active run of the same tenant holds the insert up.
        const holder = inTransaction({ dataSource, dialect }, async (runner) => {
          await dialect.execute(
            runner,
            sql`INSERT INTO ${dialect.table(runHistoryTable)}
                  (run_id, tenant_id, status, requested_by, started_at, options_json, attempt, takeover_count, handback_count, swept_attempt)
                VALUES ('00000000-0000-4000-8000-000000000001', ${tenant.tenantId}, 'Pending', 'x', ${dialect.now}, '{}', 1, 0, 0, 0)`,
          );
          await until.pass();
          throw new Error('rolled back');
        }).catch(() => undefined);
        await until.reached;
        const submitted = world.submitter.submit({ options: RUN_OPTIONS, requestedBy: 'trader' });
        await delay(600);
        until.open();
        await holder;
        return submitted;
      });
      await expect(world.queue.stateOf(submission.run_id, 1)).resolves.toBe('waiting');
    } finally {
      await world.close();
    }
  });
});
