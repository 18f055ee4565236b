import { sql } from '@powerfill/database';
import { runHistoryTable } from '@powerfill/core/entities';
import { runningApi, type TestApi, type TestTenant } from './running-api';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('submitting and cancelling runs over HTTP', () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi();
  });
  afterAll(() => test.close());
  afterEach(() => Promise.all([clear(test.alpha), clear(test.beta)]));

  const clear = async ({ dataSource, dialect }: TestTenant) => {
    await dialect.execute(dataSource, sql`DELETE FROM ${dialect.table(runHistoryTable)}`);
    await dialect.execute(dataSource, sql`DELETE FROM "powerfill"."pfill_idempotency"`);
  };
  const storedRuns = ({ dataSource, dialect }: TestTenant) => dialect.readRows(dataSource, runHistoryTable);
  const submit = (body: unknown = {}, headers: Record<string, string | null> = {}) =>
    test.call('/api/powerfill/run', { body, headers });

  it('answers 202 with the place of the run, and stores the options with their defaults', async () => {
    const answer = await submit({ effort: 'interactive', bx_price_floor: 95.5 }, { 'X-Subject': 'trader.one' });
    expect(answer.status).toBe(202);
    const runId = String(answer.json['run_id']);
    expect(runId).toMatch(UUID);
    expect(answer.headers.get('location')).toBe(`/api/powerfill/runs/${runId}`);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.json).toMatchObject({ status: 'Pending', links: { self: `/api/powerfill/runs/${runId}` } });

    const read = await test.call(`/api/powerfill/runs/${runId}`);
    expect(read.status).toBe(200);
    expect(read.headers.get('retry-after')).not.toBeNull();
    expect(read.json).toMatchObject({
      run_id: runId,
      status: 'Pending',
      requested_by: 'trader.one',
      attempt: 1,
      options: { effort: 'interactive', bx_price_floor: '95.50000000', seed: 1, reservation_price: 'market' },
    });
    expect(await storedRuns(test.alpha)).toMatchObject([{ run_id: runId, tenant_id: 'alpha-identity' }]);
  });

  it('takes an absent body as no options', async () => {
    const answer = await test.call('/api/powerfill/run', { method: 'POST' });
    expect(answer.status).toBe(202);
  });

  it('answers 409 naming the active run while there is one (BR-8)', async () => {
    const first = await submit();
    const second = await submit();
    expect(second.status).toBe(409);
    expect(second.headers.get('content-type')).toContain('application/problem+json');
    expect(second.json).toMatchObject({
      type: 'urn:powerfill:problem:active_run_exists',
      status: 409,
      active_run_id: first.json['run_id'],
      active_run: first.headers.get('location'),
    });
  });

  it('starts one run of many submissions at once, and every 409 names it', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => submit()));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(11);
    for (const { json } of refused) expect(json['active_run_id']).toBe(accepted[0]?.json['run_id']);
  });

  it('lets two tenants run side by side, and shows neither the runs of the other', async () => {
    const ofAlpha = await submit();
    const ofBeta = await submit({}, { 'X-Tenant-Id': 'beta' });
    expect([ofAlpha.status, ofBeta.status]).toEqual([202, 202]);
    const path = ofAlpha.headers.get('location') ?? '';
    const asBeta = { headers: { 'X-Tenant-Id': 'beta' } };
    expect((await test.call(path, asBeta)).status).toBe(404);
    expect((await test.call(`${path}/cancel`, { method: 'POST', ...asBeta })).status).toBe(404);
    expect((await test.call(`${path}/guide`, asBeta)).status).toBe(404);
    expect((await test.call(`${path}/problem`, asBeta)).status).toBe(404);
    const listed = (await test.call('/api/powerfill/runs', asBeta)).json['items'] as { run_id: string }[];
    expect(listed.map(({ run_id }) => run_id)).toEqual([ofBeta.json['run_id']]);
  });

  it('answers a repeated Idempotency-Key with the same run', async () => {
    const key = { 'Idempotency-Key': 'monday-1' };
    const first = await submit({ seed: 7, effort: 'deep' }, key);
    // The same body in another order is the same body.
    const again = await submit({ effort: 'deep', seed: 7 }, key);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await storedRuns(test.alpha)).toHaveLength(1);
  });

  it('answers 422 to a used Idempotency-Key with another body', async () => {
    const first = await submit({ seed: 7 }, { 'Idempotency-Key': 'monday-1' });
    const other = await submit({ seed: 8 }, { 'Idempotency-Key': 'monday-1' });
    expect(other.status).toBe(422);
    expect(other.json).toMatchObject({
      type: 'urn:powerfill:problem:idempotency_key_reused',
      run_id: first.json['run_id'],
    });
  });

  it('gives all submissions at once with one Idempotency-Key the same run', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit({}, { 'Idempotency-Key': 'burst' })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202));
    expect(new Set(answers.map(({ json }) => json['run_id'])).size).toBe(1);
  });

  it('keeps the key of one tenant out of the other', async () => {
    const first = await submit({ seed: 7 }, { 'Idempotency-Key': 'shared' });
    const other = await submit({ seed: 8 }, { 'Idempotency-Key': 'shared', 'X-Tenant-Id': 'beta' });
    expect(other.status).toBe(202);
    expect(other.json['run_id']).not.toBe(first.json['run_id']);
  });

  it('cancels a waiting run at once, again and again, and accepts the next', async () => {
    const path = (await submit()).headers.get('location') ?? '';
    const cancelled = await test.call(`${path}/cancel`, { method: 'POST' });
    expect([cancelled.status, cancelled.json['status']]).toEqual([202, 'Cancelled']);
    const again = await test.call(`${path}/cancel`, { method: 'POST' });
    expect([again.status, again.json['status']]).toEqual([202, 'Cancelled']);
    expect((await test.call(path)).json).toMatchObject({ status: 'Cancelled', failure: null });
    expect((await submit()).status).toBe(202);
  });

  it('answers 409 to a cancel of a run that has ended otherwise', async () => {
    const path = (await submit()).headers.get('location') ?? '';
    const { dataSource, dialect } = test.alpha;
    await dialect.execute(dataSource, sql`UPDATE ${dialect.table(runHistoryTable)} SET status = 'Complete'`);
    const late = await test.call(`${path}/cancel`, { method: 'POST' });
    expect(late.status).toBe(409);
    expect(late.json).toMatchObject({ code: 'run_already_ended', run_status: 'Complete', status: 409 });
  });

  it('lists runs newest first, page by page without gap or repetition', async () => {
    const ids: unknown[] = [];
    for (let count = 0; count < 5; count += 1) {
      const run = await submit();
      ids.unshift(run.json['run_id']);
      await test.call(`${run.headers.get('location') ?? ''}/cancel`, { method: 'POST' });
    }
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page = await test.call(`/api/powerfill/runs?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(page.status).toBe(200);
      const items = page.json['items'] as { run_id: string }[];
      seen.push(...items.map(({ run_id }) => run_id));
      cursor = page.json['next_cursor'] as string | null;
    } while (cursor !== null);
    expect(seen).toEqual(ids);
    expect((await test.call('/api/powerfill/runs')).text).not.toContain('response_json');
  });

  it('filters the list by status and by time', async () => {
    const run = await submit();
    const listed = async (query: string) =>
      ((await test.call(`/api/powerfill/runs?${query}`)).json['items'] as unknown[]).length;
    expect(await listed('status=Pending')).toBe(1);
    expect(await listed('status=Complete')).toBe(0);
    const at = encodeURIComponent(String(run.json['submitted_at']));
    // `from` includes its instant, `to` does not.
    expect([await listed(`from=${at}`), await listed(`to=${at}`)]).toEqual([1, 0]);
    expect(await listed('from=2000-01-01&to=2000-01-02')).toBe(0);
  });

  it('has no problem file before the allocation has made one', async () => {
    const path = (await submit()).headers.get('location') ?? '';
    expect((await test.call(`${path}/problem`)).json).toMatchObject({ code: 'run_in_progress', status: 409 });
    await test.call(`${path}/cancel`, { method: 'POST' });
    expect((await test.call(`${path}/problem`)).json).toMatchObject({ code: 'problem_not_stored', status: 404 });
  });
});
