import { gunzipSync, gzipSync } from 'node:zlib';
import { runHistoryTable } from '@powerfill/core/entities';
import { sql } from '@powerfill/database';
import { runningApi, type TestApi } from './running-api';
import { alternativeRow, guideRow, kickoutRow, storeOutputs, storeRun, tradeRow, type StoredRun } from './stored-runs';

const REPORTS = [
  'guide',
  'recap',
  'kickouts',
  'summary',
  'switching',
  'pool-candidates',
  'existing-disposition',
  'pooling-guide',
  'cash-trade-slotting',
] as const;

describe('reports of a run', () => {
  let test: TestApi;
  let old: StoredRun;
  let current: StoredRun;
  beforeAll(async () => {
    test = await runningApi();
    old = await storeRun(test.alpha, 'Complete', 1);
    current = await storeRun(test.alpha, 'Complete', 2);
    const superseded = { runId: current.runId, attempt: 1 };
    await storeOutputs(test.alpha, {
      // The row of attempt 1 must never be seen: the run's row names attempt 2.
      guide: [
        guideRow(current, 'L3', 20_000_001),
        guideRow(current, 'L1', 25_000_000),
        guideRow(current, 'L2', 15_000_000, 99.875, -0.25),
        guideRow(superseded, 'L9', 99_000_000),
      ],
      kickouts: [
        kickoutRow(current, 'K1', 10_000_000, 'NO_ROOM', '+1 pool, "old"'),
        kickoutRow(current, 'K2', 15_000_050, 'BELOW_RESERVATION', null),
        kickoutRow(current, 'K3', 5_000_000, 'NO_ROOM', null),
        kickoutRow(superseded, 'K9', 99_000_000, 'NO_ROOM', null),
      ],
      trades: [tradeRow(current, 60_000_001), tradeRow(superseded, 1)],
      alternatives: [alternativeRow(current)],
      problem: { run: current, gzip: gzipSync('{"loans":[]}') },
    });
  });
  afterAll(() => test.close());

  const report = (id: string, name: string, init: Parameters<TestApi['call']>[1] = {}) =>
    test.call(`/api/powerfill/runs/${id}/${name}`, init);
  const problemOf = async (id: string, name: string) => {
    const answer = await report(id, name);
    return { status: answer.status, code: answer.json['code'] };
  };

  describe('say how fresh they are', () => {
    it.each(REPORTS)('%s: current for the newest Complete run, by its id and as latest', async (name) => {
      for (const id of [current.runId, 'latest', current.runId.toUpperCase()]) {
        const answer = await report(id, name);
        expect(answer.status).toBe(200);
        expect(answer.json['freshness']).toMatchObject({ verdict: 'current', run_id: current.runId, note: null });
      }
    });

    it.each(REPORTS)('%s: superseded for an older one, with a link to the newest', async (name) => {
      const answer = await report(old.runId, name);
      expect(answer.status).toBe(200);
      expect(answer.json['freshness']).toMatchObject({
        verdict: 'superseded',
        links: { newest: `/api/powerfill/runs/${current.runId}` },
      });
    });

    it.each(REPORTS)('%s: terminal_empty for a failed run, with the reason', async (name) => {
      const failed = await storeRun(test.beta, 'Failed', 1, {
        failure_step: 'bx_settle_and_price',
        failure_message: 'No pay-up table',
      });
      const answer = await report(failed.runId, name, { headers: { 'X-Tenant-Id': 'beta' } });
      expect(answer.status).toBe(200);
      const freshness = answer.json['freshness'] as { verdict: string; note: string };
      expect(freshness.verdict).toBe('terminal_empty');
      expect(freshness.note).toContain('bx_settle_and_price: No pay-up table');
      expect(answer.json['items'] ?? answer.json['trades'] ?? answer.json['position']).toEqual([]);
    });

    it.each(REPORTS)(
      '%s: not yet (409) while the run is active, gone (410) past retention, 404 unknown',
      async (name) => {
        expect(await problemOf('00000000-0000-4000-8000-000000000000', name)).toEqual({
          status: 404,
          code: 'run_not_found',
        });
        const purged = await storeRun(test.alpha, 'Complete', 0, { outputs_purged_at: new Date() });
        const gone = await report(purged.runId, name);
        expect([gone.status, gone.json['code'], gone.json['newest_run_id']]).toEqual([
          410,
          'outputs_purged',
          current.runId,
        ]);
      },
    );

    it('answers 409 with Retry-After while the run is active', async () => {
      const active = await storeRun(test.beta, 'Allocating', 9);
      const answer = await report(active.runId, 'guide', { headers: { 'X-Tenant-Id': 'beta' } });
      expect(answer.json).toMatchObject({ status: 409, code: 'run_in_progress', run_status: 'Allocating' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });

    it('answers 404 to latest before any run is Complete', async () => {
      const answer = await report('latest', 'guide', { headers: { 'X-Tenant-Id': 'beta' } });
      expect(answer.json).toMatchObject({ status: 404, code: 'no_complete_run' });
    });
  });

  describe('the guide', () => {
    it('shows the placed loans of the visible attempt in order, money and prices as text', async () => {
      const items = (await report('latest', 'guide')).json['items'] as Record<string, unknown>[];
      expect(items.map(({ loan_id }) => loan_id)).toEqual(['L1', 'L2', 'L3']);
      expect(items[1]).toMatchObject({
        amount: '150000.00',
        price: '99.87500000',
        carry: '-0.25000000',
        note_rate: '6.125000',
        buy_up_bp: '0.0000',
        is_locked: false,
        trade_rank: 1,
      });
      expect(items[0]).not.toHaveProperty('attempt');
    });

    it('pages with a cursor that fits this report of this run only', async () => {
      const first = await report('latest', 'guide?limit=2');
      expect((first.json['items'] as unknown[]).length).toBe(2);
      const cursor = String(first.json['next_cursor']);
      const rest = await report('latest', `guide?limit=2&cursor=${cursor}`);
      expect((rest.json['items'] as { loan_id: string }[]).map(({ loan_id }) => loan_id)).toEqual(['L3']);
      expect(rest.json['next_cursor']).toBeNull();
      expect(await problemOf('latest', `kickouts?cursor=${cursor}`)).toEqual({ status: 400, code: 'invalid_cursor' });
      expect(await problemOf(old.runId, `guide?cursor=${cursor}`)).toEqual({ status: 400, code: 'invalid_cursor' });
    });

    it('streams as CSV, the whole report, by Accept or by format', async () => {
      const byFormat = await report('latest', 'guide?format=csv');
      const byAccept = await report('latest', 'guide', { headers: { Accept: 'application/json;q=0.5, text/csv' } });
      expect(byFormat.text).toBe(byAccept.text);
      expect(byFormat.headers.get('content-type')).toContain('text/csv');
      expect(byFormat.headers.get('content-disposition')).toContain(`guide-${current.runId}.csv`);
      expect(byFormat.headers.get('x-freshness')).toBe('current');
      const lines = byFormat.text.split('\r\n');
      expect(lines[0]?.split(',').slice(0, 3)).toEqual(['loan_id', 'trade_id', 'pool_name']);
      expect(lines.slice(1, 4).map((line) => line.split(',')[0])).toEqual(['L1', 'L2', 'L3']);
      expect(lines).toHaveLength(5);
    });
  });

  describe('rows asked for', () => {
    const ids = async (query: string): Promise<unknown[]> => {
      const answer = await report('latest', `guide?${query}`);
      return ((answer.json['items'] ?? []) as { loan_id: string }[]).map(({ loan_id: id }) => id);
    };

    it('come sorted and filtered, page by page and as CSV', async () => {
      expect(await ids('sort=-amount')).toEqual(['L1', 'L3', 'L2']);
      expect(await ids('sort=amount&filter=amount:gt:150000')).toEqual(['L3', 'L1']);
      expect(await ids('filter=price:eq:101.25&filter=loan_id:ne:L1')).toEqual(['L3']);
      expect(await ids('filter=second_trade_id:null:&filter=loan_id:in:L2,L9')).toEqual(['L2']);
      const csv = (await report('latest', 'guide?format=csv&sort=-amount')).text.trimEnd().split('\r\n').slice(1);
      expect(csv.map((line) => line.split(',')[0])).toEqual(['L1', 'L3', 'L2']);
    });

    it('page through equal and missing values, each row once, in both directions', async () => {
      // second_score is missing everywhere, price is the same for L1 and L3.
      for (const sort of ['second_score,price', '-second_score,-price', '-price', 'lock_expiration_date']) {
        const seen: unknown[] = [];
        let cursor = '';
        do {
          const { json } = await report('latest', `guide?limit=1&sort=${sort}${cursor}`);
          seen.push(...(json['items'] as { loan_id: string }[]).map(({ loan_id: id }) => id));
          cursor = json['next_cursor'] === null ? '' : `&cursor=${json['next_cursor'] as string}`;
        } while (cursor !== '');
        expect(seen).toEqual(await ids(`sort=${sort}`));
        expect([...seen].sort()).toEqual(['L1', 'L2', 'L3']);
      }
    });

    it('refuse columns and values that do not exist, and a cursor of another order', async () => {
      const wrong = await report('latest', 'guide?sort=dollars');
      expect([wrong.status, wrong.json['errors']]).toEqual([
        400,
        [{ path: 'query.sort', message: expect.stringContaining('names no column "dollars"') as string }],
      ]);
      expect((await report('latest', 'recap?filter=coupon:gt:x')).json).toMatchObject({ code: 'invalid_request' });
      const { json } = await report('latest', 'guide?limit=1&sort=amount');
      const other = await report('latest', `guide?limit=1&sort=-amount&cursor=${String(json['next_cursor'])}`);
      expect(other.json['code']).toBe('invalid_cursor');
    });
  });

  it('answers 304 to the entity tag of an ended run until a newer one completes', async () => {
    const beta = { 'X-Tenant-Id': 'beta' };
    const run = await storeRun(test.beta, 'Complete', 12);
    const tag = (await report(run.runId, 'guide', { headers: beta })).headers.get('etag') ?? '';
    // fetch asks for no-cache beside a tag unless told otherwise.
    const asked = { ...beta, 'If-None-Match': tag, 'Cache-Control': 'max-age=0' };
    const again = (name: string) => report(run.runId, name, { headers: asked });
    expect((await again('guide')).status).toBe(304);
    expect((await again('guide?format=csv')).status).toBe(200);
    await storeRun(test.beta, 'Complete', 13);
    expect((await again('guide')).json['freshness']).toMatchObject({ verdict: 'superseded' });
  });

  it('comes as a workbook', async () => {
    const answer = await fetch(`${test.api.url}/api/powerfill/runs/latest/guide?format=xlsx`, {
      headers: { 'X-Tenant-Id': 'alpha' },
    });
    expect(answer.headers.get('content-type')).toBe(
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    );
    expect(answer.headers.get('content-disposition')).toContain(`guide-${current.runId}.xlsx`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    // A zip archive begins with PK 3 4 and ends with its directory's end record.
    expect([bytes.subarray(0, 4).toString('hex'), bytes.subarray(-22, -18).toString('hex')]).toEqual([
      '504b0304',
      '504b0506',
    ]);
  });

  it('streams more rows than a chunk, each once and in order', async () => {
    const run = await storeRun(test.beta, 'Complete', 20);
    const ids = Array.from({ length: 4_500 }, (_, index) => `B${String(index).padStart(5, '0')}`);
    await storeOutputs(test.beta, { guide: ids.map((id) => guideRow(run, id, 10_000_000)) });
    const answer = await report(run.runId, 'guide?format=csv', { headers: { 'X-Tenant-Id': 'beta' } });
    const lines = answer.text.trimEnd().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',')[0])).toEqual(ids);
  });

  it('breaks off, instead of ending short, when retention takes the run while its report is read', async () => {
    const run = await storeRun(test.beta, 'Complete', 30);
    const rows = Array.from({ length: 20_000 }, (_, index) => guideRow(run, `S${index}`, 10_000_000));
    await storeOutputs(test.beta, { guide: rows });
    const answer = await fetch(`${test.api.url}/api/powerfill/runs/${run.runId}/guide?format=csv`, {
      headers: { 'X-Tenant-Id': 'beta' },
    });
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    // The rest, megabytes of it, waits for this reader.
    const { dialect, dataSource } = test.beta;
    await dialect.execute(
      dataSource,
      sql`UPDATE ${dialect.table(runHistoryTable)} SET outputs_purged_at = ${dialect.now} WHERE run_id = ${run.runId}`,
    );
    const readToTheEnd = async (): Promise<void> => {
      while ((await reader?.read())?.done === false);
    };
    await expect(readToTheEnd()).rejects.toThrow();
  });

  it('kickouts add up by code, most dollars first, and defuse formulas in CSV', async () => {
    const { json } = await report('latest', 'kickouts');
    // NO_ROOM: $100,000.00 + $50,000.00; BELOW_RESERVATION: $150,000.50.
    expect(json['dollars_by_code']).toEqual([
      { code: 'BELOW_RESERVATION', loans: 1, amount: '150000.50' },
      { code: 'NO_ROOM', loans: 2, amount: '150000.00' },
    ]);
    expect((json['items'] as Record<string, unknown>[])[0]).toMatchObject({
      loan_id: 'K1',
      code_counts: { RATE_OUT_OF_BAND: 2 },
      margin_points: '-0.50000000',
    });
    const csv = (await report('latest', 'kickouts?format=csv')).text;
    expect(csv).toContain(`"'+1 pool, ""old"""`);
    expect(csv).toContain(',-0.50000000,');
  });

  it('the recap derives its figures and adds up by product, coupon and month', async () => {
    const { json } = await report('latest', 'recap');
    expect((json['trades'] as Record<string, unknown>[])[0]).toMatchObject({
      trade_id: 'T1',
      coupon: '5.500000',
      // 24-25, 27, 30 November and 1-4, 7-10 December; 26 November is a holiday.
      notification_business_days_left: 12,
      // 0.25 point on $5,000,000.
      mark_to_market_amount: '12500.00',
      // 600,000.01 / 5,000,000 = 12.00 %.
      filled_percent: '12.00',
      // 4,999,500 - 600,000.01.
      to_min_amount: '4399499.99',
      tolerance_option_amount: null,
    });
    const total = { trades: 1, fill_amount: '600000.01', target_amount: '5000000.00' };
    expect(json['totals']).toMatchObject({
      all: total,
      by_product: [{ product: '30 YR', ...total }],
      by_coupon: [{ coupon: '5.500000', ...total }],
      by_month: [{ month: '2026-12', ...total }],
    });
    expect((await report('latest', 'recap?format=csv')).text).toContain(",'=cmd(),");
  });

  it('the summary adds up to the cent', async () => {
    const { json } = await report('latest', 'summary');
    // base: 250,000 x 101.25 % = 253,125.00; 150,000 x 99.875 % = 149,812.50; 200,000.01 x 101.25 % = 202,500.010125.
    // carry: 312.50 - 375.00 + 250.0000125. Together 605,625.0101375 -> 605,625.01.
    expect(json['value_by_price_term']).toMatchObject({
      base_price: '605437.51',
      carry: '187.50',
      price: '605437.51',
      prx_plus_carry: '605625.01',
    });
    expect(json['position']).toEqual([
      {
        coupon: '5.500000',
        month: '2026-12',
        trades: 1,
        target_amount: '5000000.00',
        fill_amount: '600000.01',
        short_amount: '4399999.99',
        long_amount: '0.00',
        net_amount: '-4399999.99',
      },
      {
        coupon: '5.500000',
        month: '2027-01',
        trades: 0,
        target_amount: '0.00',
        fill_amount: '0.00',
        short_amount: '0.00',
        long_amount: '300000.50',
        net_amount: '300000.50',
      },
    ]);
    // 5,000,000 / (600,000.01 + 300,000.50) = 555.5552 %.
    expect(json['coverage']).toMatchObject([{ product: '30 YR', coverage_percent: '555.56' }]);
    expect(json['suggested_trades']).toMatchObject([{ amount: '1000000.00', gain_amount: '123.45', loans: 2 }]);
    expect(json['change_against_previous']).toMatchObject({ previous_run_id: old.runId, placed_amount: '0.00' });
    const csv = (await report('latest', 'summary?format=csv')).text;
    expect(csv).toContain('value_by_price_term,,carry,187.50');
    expect(csv).toContain('position,2,long_amount,300000.50');
  });

  it('the problem file is a gzip file to be kept as it is', async () => {
    const answer = await fetch(`${test.api.url}/api/powerfill/runs/${current.runId}/problem`, {
      headers: { 'X-Tenant-Id': 'alpha' },
    });
    expect(answer.headers.get('content-type')).toBe('application/gzip');
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('content-disposition')).toContain(`problem-${current.runId}.json.gz`);
    expect(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()).toBe('{"loans":[]}');
  });
});
