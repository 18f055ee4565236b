import { raw } from '@powerfill/database';
import { SCHEMA_VERSION } from '@powerfill/migrations';
import { SchemaGate, tenantDatabase } from '@powerfill/tenancy';
import { RunConsumer } from '../../../apps/worker/src/runs/run-consumer';
import { runWorld } from '../../support/run-world';
import { redisUrl } from '../../support/servers';
import { testSteps } from '../../support/test-steps';
import { waitFor } from '../../support/wait-for';
import { rowOf, type RunWorld, submit } from './world';

const MIGRATIONS = '"powerfill"."pfill_migrations"';

describe('a worker and the schema version of a database', () => {
  let world: RunWorld;
  let consumer: RunConsumer;

  beforeAll(async () => {
    world = await runWorld();
    consumer = new RunConsumer(
      world.catalogue,
      world.scope,
      new SchemaGate(SCHEMA_VERSION),
      world.executor(testSteps()),
      {
        redisUrl: redisUrl(),
        prefix: world.prefix,
        concurrency: 1,
        graceMs: 5_000,
        leaseMs: 3_000,
        holdMs: 800,
      },
    );
  });
  afterAll(async () => {
    await consumer.drain();
    await world.close();
  });

  const execute = (statement: string): Promise<number> =>
    world.inTenant(() => {
      const { dialect, dataSource } = tenantDatabase();
      return dialect.execute(dataSource, raw(statement));
    });

  it('claims no run on a schema it does not know, and executes it once the schema fits', async () => {
    const name = `Schema${String(SCHEMA_VERSION + 2).padStart(3, '0')}Later`;
    await execute(`INSERT INTO ${MIGRATIONS} (timestamp, name) VALUES (4102444800000, '${name}')`);
    const runId = await submit(world);
    consumer.start();
    await waitFor('the job to be held', async () => ((await world.queue.counts())['delayed'] === 1 ? true : null));
    expect(await rowOf(world, runId)).toMatchObject({ status: 'Pending', attempt: 1, claimed_at: null });
    // The job exists: a sweep leaves it alone.
    await world.inTenant(() => world.reconciler().sweep(true));
    expect(await world.queue.counts()).toMatchObject({ wait: 0, delayed: 1 });
    await execute(`DELETE FROM ${MIGRATIONS} WHERE name = '${name}'`);
    const ended = await waitFor(
      'the run to end',
      async () => {
        const row = await rowOf(world, runId);
        return row.completed_at === null ? null : row;
      },
      { timeoutMs: 15_000 },
    );
    expect(ended).toMatchObject({ status: 'Complete', attempt: 1 });
  });
});
