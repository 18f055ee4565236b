import { runningApi, type TestApi } from './running-api';

const PATH = '/api/powerfill/schedules';
const MORNING = { name: 'Morning run', cron: '30 7 * * 1-5', options: { effort: 'standard' } };

describe('schedules over HTTP', () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi();
  });
  afterAll(() => test.close());

  it('are made, read, paused, changed from the version that was read, and removed', async () => {
    const made = await test.call(PATH, { body: MORNING, headers: { 'X-Subject': 'jane' } });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ ...MORNING, time_zone: 'America/New_York', paused: false, created_by: 'jane' });
    expect(new Date(String(made.json['next_at'])).getTime()).toBeGreaterThan(Date.now());
    const self = made.headers.get('location') ?? '';
    const etag = made.headers.get('etag');
    expect((await test.call(self)).json).toEqual(made.json);

    const paused = { ...MORNING, paused: true, time_zone: 'America/Chicago' };
    const put = (headers: Record<string, string>) => test.call(self, { method: 'PUT', body: paused, headers });
    expect((await put({})).status).toBe(428);
    const changed = await put({ 'If-Match': etag ?? '' });
    expect(changed.json).toMatchObject({ paused: true, next_at: null, time_zone: 'America/Chicago', row_version: 2 });
    expect((await put({ 'If-Match': etag ?? '' })).status).toBe(412);
    const { items } = (await test.call(PATH)).json as { items: { schedule_id: string }[] };
    expect(items.map(({ schedule_id: id }) => id)).toEqual([made.json['schedule_id']]);
    expect((await test.call(`${self}/firings`)).json).toEqual({ items: [] });

    const remove = () => test.call(self, { method: 'DELETE', headers: { 'If-Match': '"2"' } });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await test.call(`${self}/firings`)).status).toBe(404);
  });

  it.each([
    [{ ...MORNING, cron: 'every morning' }, 'cron'],
    [{ ...MORNING, cron: '* * * * * *' }, 'cron'],
    [{ ...MORNING, cron: 7 }, 'cron'],
    [{ ...MORNING, time_zone: 'Mars/Olympus' }, 'time_zone'],
    [{ ...MORNING, options: { effort: 'heroic' } }, 'options.effort'],
    [{ ...MORNING, options: { colour: 'red' } }, 'options.colour'],
    [{ ...MORNING, options: 'none' }, 'options'],
    [{ ...MORNING, paused: 'yes' }, 'paused'],
    [{ cron: MORNING.cron }, 'name'],
  ])('are refused as %j, naming %s', async (body, path) => {
    const answer = await test.call(PATH, { body });
    expect(answer.status).toBe(400);
    expect((answer.json['errors'] as { path: string }[]).map((error) => error.path)).toContain(path);
  });

  it('are kept apart by tenant, and at most twenty', async () => {
    const created = await Promise.all(
      Array.from({ length: 20 }, (_, index) => test.call(PATH, { body: { ...MORNING, name: `Run ${index}` } })),
    );
    expect(created.map(({ status }) => status)).toEqual(created.map(() => 201));
    const answer = await test.call(PATH, { body: MORNING });
    expect([answer.status, answer.json['code']]).toEqual([409, 'too_many_schedules']);
    const other = await test.call(created[0]?.headers.get('location') ?? '', { headers: { 'X-Tenant-Id': 'beta' } });
    expect(other.status).toBe(404);
  });
});
