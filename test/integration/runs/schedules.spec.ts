import { type ScheduleRow } from '@powerfill/core/entities';
import { type ScheduleRequest } from '@powerfill/core/schedules';
import { dueOfJobId, ScheduleQueue } from '@powerfill/queue';
import { ScheduleConsumer } from '../../../apps/worker/src/schedules/schedule-consumer';
import { redisUrl } from '../../support/servers';
import { runWorld } from '../../support/run-world';
import { waitFor } from '../../support/wait-for';
import { execute, submit, type RunWorld } from './world';

const MINUTE = 60_000;

describe('a scheduled run', () => {
  let world: RunWorld;
  beforeEach(async () => {
    world = await runWorld();
  });
  afterEach(() => world.close());

  const hourly: ScheduleRequest = {
    name: 'Hourly',
    cron: '0 * * * *',
    time_zone: 'UTC',
    options_json: '{"effort":"interactive"}',
    paused: false,
  };
  const create = (change: Partial<ScheduleRequest> = {}): Promise<ScheduleRow> =>
    world.inTenant(() => world.schedules.create({ ...hourly, ...change }, 'trader'));
  const due = (row: ScheduleRow, at: Date) => world.inTenant(() => world.scheduleRunner.due(row.schedule_id, at));
  const sweep = (now?: Date) => world.inTenant(() => world.scheduleRunner.sweep(now));
  const firings = (row: ScheduleRow) => world.inTenant(() => world.schedules.firings(row.schedule_id));
  const scheduler = (row: ScheduleRow) => world.scheduleQueue.getJobScheduler(row.schedule_id);
  /** The first full hour after the schedule was made. */
  const firstHour = (row: ScheduleRow): Date =>
    new Date(Math.ceil((row.updated_at.getTime() + 1) / (60 * MINUTE)) * 60 * MINUTE);

  it('is submitted once for each occurrence, by the tenant day of it, however often it is said to be due', async () => {
    const row = await create();
    const at = firstHour(row);
    const outcomes = await Promise.all([due(row, at), due(row, at), due(row, at)]);
    const [first] = outcomes.filter((outcome) => outcome !== null);
    expect(first).toMatchObject({ outcome: 'submitted' });
    expect(new Set(outcomes.filter((outcome) => outcome !== null).map((outcome) => outcome.run_id)).size).toBe(1);
    const run = await world.inTenant(() => world.history.get(first?.run_id ?? ''));
    expect(run).toMatchObject({ status: 'Pending', requested_by: 'schedule:Hourly' });
    expect(JSON.parse(run.options_json)).toMatchObject({ effort: 'interactive', seed: 1 });
    await expect(firings(row)).resolves.toMatchObject([{ due_at: at, outcome: 'submitted', run_id: run.run_id }]);
    await expect(due(row, at)).resolves.toBeNull();
  });

  it('is skipped with the reason while a run is active, and not made up for later', async () => {
    const row = await create();
    const runId = await submit(world);
    const at = firstHour(row);
    await expect(due(row, at)).resolves.toMatchObject({ outcome: 'skipped', run_id: runId });
    await execute(world, runId);
    await sweep(new Date(at.getTime() + MINUTE));
    await expect(world.inTenant(() => world.history.active())).resolves.toBeNull();
    const [firing] = await firings(row);
    expect(firing?.reason).toContain('one active run at a time');
  });

  it('is not submitted while paused, for a schedule that is gone, or for an occurrence before the schedule was made', async () => {
    const row = await create();
    await expect(due(row, new Date(row.updated_at.getTime() - MINUTE))).resolves.toBeNull();
    const paused = await world.inTenant(() =>
      world.schedules.replace(row.schedule_id, 1, { ...hourly, paused: true }, 'trader'),
    );
    await expect(due(row, firstHour(paused))).resolves.toBeNull();
    await expect(scheduler(row)).resolves.toBeUndefined();
    await world.inTenant(() => world.schedules.remove(row.schedule_id, 2, 'trader'));
    await expect(due(row, firstHour(paused))).resolves.toBeNull();
  });

  it('survives a Redis that forgot everything: the sweep sets the scheduler again and makes up for what was due', async () => {
    const row = await create();
    const at = firstHour(row);
    await world.scheduleQueue.obliterate({ force: true });
    await expect(scheduler(row)).resolves.toBeUndefined();
    await sweep(new Date(at.getTime() + MINUTE));
    await expect(scheduler(row)).resolves.toMatchObject({ pattern: '0 * * * *', tz: 'UTC' });
    await expect(firings(row)).resolves.toMatchObject([{ due_at: at, outcome: 'submitted' }]);
  });

  it('is recorded as missed when nothing could submit it for a quarter of an hour', async () => {
    const row = await create();
    const at = firstHour(row);
    await sweep(new Date(at.getTime() + 16 * MINUTE));
    await expect(firings(row)).resolves.toMatchObject([{ due_at: at, outcome: 'missed', run_id: null }]);
    await expect(world.inTenant(() => world.history.active())).resolves.toBeNull();
  });

  it('is submitted by a worker when its scheduler says so', async () => {
    const row = await create();
    const consumer = new ScheduleConsumer(world.catalogue, world.scope, world.scheduleRunner, {
      redisUrl: redisUrl(),
      prefix: world.prefix,
    });
    const job = { v: 1, schedule_id: row.schedule_id, tenant_id: world.tenant.tenantId } as const;
    // Every second, which the API would not take.
    await new ScheduleQueue(world.scheduleQueue, 2_000).put(job, { cron: '* * * * * *', timeZone: 'UTC' });
    consumer.start();
    try {
      const [firing] = await waitFor('a firing', async () => {
        const found = await firings(row);
        return found.length > 0 && found;
      });
      const active = await world.inTenant(() => world.history.active());
      expect(active).toMatchObject({ status: 'Pending', requested_by: 'schedule:Hourly' });
      expect(firing?.run_id).toBe(active?.run_id);
    } finally {
      await consumer.stop();
    }
  });

  it('is due in Redis when its cron expression says, under a job id that tells the moment', async () => {
    const row = await create();
    const job = await waitFor('the delayed job', async () => (await world.scheduleQueue.getDelayed())[0]);
    expect(dueOfJobId(job.id)).toEqual(firstHour(row));
    expect(job.data).toEqual({ v: 1, schedule_id: row.schedule_id, tenant_id: world.tenant.tenantId });
  });
});
