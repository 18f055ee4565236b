import { instrumentTable, loanTable, poolTable, securitizationRuleTable, tradeTable } from '@powerfill/core/entities';
import { runningApi, type Answer, type CallInit, type TestApi } from './running-api';
import { instrumentRow, loanRow, ruleRow, tradeRow } from './stored-upstream';

const BASE = '/api/powerfill';
const KEY = { investor_id: 'FNMA', investor_instrument_name: 'UMBS30', constraint_name: 'December TBA' };
const ONE = `${BASE}/constraints/FNMA/UMBS30/December%20TBA`;

describe('the configuration', () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi();
    const { dialect, dataSource } = test.alpha;
    await dialect.insertRows(dataSource, instrumentTable, [instrumentRow('UMBS30', 'umbs30')]);
    await dialect.insertRows(dataSource, tradeTable, [tradeRow('T1', {}), tradeRow('T2', {})]);
    await dialect.insertRows(
      dataSource,
      poolTable,
      ['P1', 'P2'].map((name) => ({
        pool_name: name,
        investor_instrument_name: 'UMBS30',
        coupon: null,
        status: 'open',
      })),
    );
    await dialect.insertRows(dataSource, loanTable, [
      loanRow('L1', { orig_loan_amount: 12_000_000, property_state: 'TX' }),
      loanRow('L2', { orig_loan_amount: 12_000_000, property_state: 'NY' }),
      loanRow('L3', { orig_loan_amount: 50_000_000, property_state: 'TX' }),
      loanRow('L4', { orig_loan_amount: 12_000_000, property_state: null }),
    ]);
    await dialect.insertRows(dataSource, securitizationRuleTable, [
      ruleRow('no_mh', { condition_text: "property_type <> 'mh'" }),
      ruleRow('broken', { condition_text: 'fico >>= 700' }),
      ruleRow('hb', {
        kind: 'pool',
        function: 'percent',
        column_name: 'loan_amount',
        limit_value: 100_000,
        limit_sense: '<=',
      }),
    ]);
  });
  afterAll(() => test.close());

  const call = (path: string, init?: CallInit): Promise<Answer> =>
    test.call(path, { ...init, headers: { 'X-Subject': 'jane', ...init?.headers } });
  const put = (path: string, body: unknown, version?: number): Promise<Answer> =>
    call(path, { method: 'PUT', body, headers: version === undefined ? {} : { 'If-Match': `"${version}"` } });
  const log = async (query: string): Promise<Record<string, unknown>[]> =>
    (await call(`${BASE}/change-log?${query}`)).json['items'] as Record<string, unknown>[];
  const status = ({ status: code, json }: Answer) => [code, json['code']];

  describe('constraints', () => {
    it('are added, changed from a known version, and logged with what they were', async () => {
      const created = await call(`${BASE}/constraints`, { body: { ...KEY, constraint_priority: 60 } });
      expect([created.status, created.headers.get('etag'), created.headers.get('location')]).toEqual([201, '"1"', ONE]);
      expect(created.json).toMatchObject({ ...KEY, row_version: 1, lo_limit: null, rules: [] });
      const changes = { constraint_priority: 50, hi_limit: '85000', trade_condition: "settlement_month = '2026-12'" };
      const changed = await put(ONE, changes, 1);
      expect(changed.json).toMatchObject({ ...changes, hi_limit: '85000.00', row_version: 2 });
      expect(await log('kind=constraint&limit=1')).toMatchObject([
        {
          changed_by: 'jane',
          key: 'FNMA/UMBS30/December TBA',
          before: { constraint_priority: 60, hi_limit: null, row_version: 1 },
          after: { constraint_priority: 50, hi_limit: '85000.00', row_version: 2 },
        },
      ]);
    });

    it('refuse a change without a version (428), of an old one (412), of another name (404) and a second of the name (409)', async () => {
      const terms = { constraint_priority: 1 };
      expect(status(await put(ONE, terms))).toEqual([428, 'precondition_required']);
      const stale = await put(ONE, terms, 1);
      expect(status(stale)).toEqual([412, 'precondition_failed']);
      expect(stale.json['current_row_version']).toBe(2);
      expect(status(await put(`${BASE}/constraints/FNMA/UMBS30/none`, terms, 1))).toEqual([404, 'object_not_found']);
      const again = { body: { ...KEY, constraint_priority: 1 } };
      expect(status(await call(`${BASE}/constraints`, again))).toEqual([409, 'already_exists']);
      expect((await call(ONE)).json).toMatchObject({ constraint_priority: 50, row_version: 2 });
    });

    it('refuse a trade condition that does not parse, with the place', async () => {
      const answer = await put(ONE, { constraint_priority: 1, trade_condition: 'coupon >\n fico' }, 2);
      expect(status(answer)).toEqual([422, 'invalid_rule']);
      expect(answer.json['rule_error']).toMatchObject({
        code: 'RULE_UNKNOWN_COLUMN',
        position: { offset: 10, line: 2, column: 2 },
      });
    });

    it('take rules that parse, and cannot go while they have any', async () => {
      expect((await call(`${ONE}/sec-rules`, { body: { rule_name: 'no_mh' } })).status).toBe(201);
      expect((await call(`${ONE}/sec-rules`, { body: { rule_name: 'hb' } })).json).toMatchObject({ kind: 'pool' });
      expect(status(await call(`${ONE}/sec-rules`, { body: { rule_name: 'hb' } }))).toEqual([409, 'already_exists']);
      const broken = await call(`${ONE}/sec-rules`, { body: { rule_name: 'broken' } });
      expect(status(broken)).toEqual([422, 'invalid_rule']);
      expect(broken.json['rule_error']).toMatchObject({ position: { line: 1 } });
      const missing = await call(`${ONE}/sec-rules`, { body: { rule_name: 'none' } });
      expect(status(missing)).toEqual([422, 'reference_unknown']);
      const { row_version: version, rules } = (await call(ONE)).json;
      // Each of the two rules raised the version.
      expect([version, rules]).toEqual([4, ['hb', 'no_mh']]);
      const kept = await call(ONE, { method: 'DELETE', headers: { 'If-Match': '"4"' } });
      expect(status(kept)).toEqual([409, 'constraint_has_rules']);
      for (const name of ['hb', 'no_mh']) {
        expect((await call(`${ONE}/sec-rules/${name}`, { method: 'DELETE' })).status).toBe(204);
      }
      expect(status(await call(`${ONE}/sec-rules/hb`, { method: 'DELETE' }))).toEqual([404, 'object_not_found']);
      expect((await call(ONE, { method: 'DELETE', headers: { 'If-Match': '"6"' } })).status).toBe(204);
      expect((await call(ONE)).status).toBe(404);
      expect(await log('kind=constraint_rule')).toHaveLength(4);
    });

    it('let exactly one of two edits and a reorder from the same state win, whichever comes first', async () => {
      const names = ['A', 'B', 'C'];
      for (const [index, name] of names.entries()) {
        const body = { ...KEY, constraint_name: name, constraint_priority: 10 * index };
        expect((await call(`${BASE}/constraints`, { body })).status).toBe(201);
      }
      const place = `${BASE}/constraints/FNMA/UMBS30/A`;
      const priorityOf = async (name: string) =>
        (await call(`${BASE}/constraints/FNMA/UMBS30/${name}`)).json['constraint_priority'];
      const winners = new Set<number>();
      const haveBothWon = (): boolean => winners.has(2) && winners.size > 1;
      for (let round = 0; round < 9 || (round < 60 && !haveBothWon()); round += 1) {
        const version = Number((await call(place)).json['row_version']);
        const before = { A: await priorityOf('A'), B: await priorityOf('B') };
        const { collection_token: token } = (await call(`${BASE}/constraints`)).json;
        // What each of the three makes of A; the reorder changes B as well.
        const order = names.map((name, index) => ({
          ...KEY,
          constraint_name: name,
          constraint_priority: 300 + 10 * round - index,
        }));
        const senders = [
          () => put(place, { constraint_priority: 100 + round }, version),
          () => put(place, { constraint_priority: 200 + round }, version),
          () => call(`${BASE}/constraints/reprioritize`, { body: { collection_token: token, order } }),
        ];
        const wanted = [100 + round, 200 + round, 300 + 10 * round];
        const answers: (Answer | undefined)[] = [];
        await Promise.all(
          [0, 1, 2].map(async (turn) => {
            const sender = (turn + round) % 3;
            answers[sender] = await senders[sender]?.();
          }),
        );
        const codes = answers.map((answer) => answer?.status);
        expect([...codes].sort()).toEqual([200, 412, 412]);
        const winner = codes.indexOf(200);
        winners.add(winner);
        expect([await priorityOf('A'), (await call(place)).json['row_version']]).toEqual([wanted[winner], version + 1]);
        expect(await priorityOf('B')).toBe(winner === 2 ? 299 + 10 * round : before.B);
      }
      expect(haveBothWon()).toBe(true);
    });

    it('are put in order as a whole: the tree shows it, an incomplete or strange order is refused', async () => {
      const { collection_token: token } = (await call(`${BASE}/constraints`)).json;
      const place = (name: string, priority: number) => ({
        ...KEY,
        constraint_name: name,
        constraint_priority: priority,
      });
      const reorder = (...order: object[]) =>
        call(`${BASE}/constraints/reprioritize`, { body: { collection_token: token, order } });
      expect((await reorder(place('A', 1))).json).toMatchObject({
        status: 400,
        detail: expect.stringContaining('B is missing') as string,
      });
      expect((await reorder(place('A', 1), place('B', 2), place('Z', 3))).json).toMatchObject({
        errors: [{ path: 'order[2]', message: 'names no constraint there is' }],
      });
      const tree = (await reorder(place('C', 1), place('A', 2), place('B', 2))).json as {
        collection_token: string;
        investors: { instruments: { constraints: { constraint_name: string }[] }[] }[];
      };
      const names = tree.investors[0]?.instruments[0]?.constraints.map(({ constraint_name: name }) => name);
      expect(names).toEqual(['C', 'A', 'B']);
      expect(tree.collection_token).not.toBe(token);
      expect((await reorder(place('C', 1), place('A', 2), place('B', 2))).status).toBe(412);
      expect(await log('kind=constraint_order&limit=1')).toMatchObject([
        {
          after: [
            ['FNMA/UMBS30/C', 1],
            ['FNMA/UMBS30/A', 2],
            ['FNMA/UMBS30/B', 2],
          ],
        },
      ]);
    });
  });

  describe('rules/check', () => {
    const check = async (body: object) => (await call(`${BASE}/rules/check`, { body })).json;

    it('says how many loans of the pipeline pass, fail, or have no data', async () => {
      const text = "orig_loan_amount <= 125000 and property_state <> 'NY'";
      expect(await check({ kind: 'loan', condition_text: text })).toMatchObject({
        valid: true,
        canonical: "(orig_loan_amount <= 125000) and (property_state <> 'NY')",
        columns: ['orig_loan_amount', 'property_state'],
        // L1 passes, L2 is of New York, L3 too large, L4 without a state. Each has a balance of $100,000.
        counts: {
          total: 4,
          passing: 1,
          failing: 2,
          no_data: 1,
          passing_amount: '100000.00',
          failing_amount: '200000.00',
        },
      });
    });

    it('answers a rule that does not parse with the place, and reads limits and trade conditions', async () => {
      expect(await check({ kind: 'loan', condition_text: 'fico >= 700 and ltvx < 80' })).toMatchObject({
        valid: false,
        error: { code: 'RULE_UNKNOWN_COLUMN', position: { offset: 16, line: 1, column: 17 } },
        counts: null,
      });
      const limit = {
        kind: 'pool',
        function: 'percent',
        column_name: 'loan_amount',
        limit_value: 10,
        limit_sense: '<=',
      };
      expect(await check(limit)).toMatchObject({
        valid: true,
        limit: { kind: 'share', min: null, max: '0.10000000' },
      });
      expect(await check({ ...limit, function: 'median' })).toMatchObject({
        valid: false,
        error: { code: 'POOL_RULE_NOT_SUPPORTED' },
      });
      expect(await check({ kind: 'trade', condition_text: "settlement_month = '2026-12'" })).toMatchObject({
        counts: { total: 2, passing: 2 },
      });
    });
  });

  describe('carry cost', () => {
    it('is stored bucket by bucket with warnings, previewed and removed', async () => {
      const cost = `${BASE}/carry-cost`;
      expect((await put(`${cost}/*/0`, { to_day: 15, annual_rate: 6 })).json['warnings']).toEqual([]);
      const odd = await put(`${cost}/*/20`, { to_day: 30, annual_rate: '5.5' });
      expect((odd.json['warnings'] as { code: string }[]).map(({ code }) => code)).toEqual(['gap', 'not_monotone']);
      // 6 % against 7.3 %: 100,000,000 x (0.073 / 365 - 0.06 / 360) x 15 days, in points: 0.3 - 0.25 = 0.05.
      const preview = { investor_instrument_name: 'UMBS30', note_rate: '7.3', days: [15, 40] };
      expect((await call(`${cost}/preview`, { body: preview })).json['rows']).toEqual([
        { days: 15, funding_rate: '6.000000', fit: 'inside', carry: '0.05000000', carry_per_million: '500.00' },
        // 0.8 - 5.5 x 40 / 360 = 0.18888889.
        { days: 40, funding_rate: '5.500000', fit: 'past_last', carry: '0.18888889', carry_per_million: '1888.89' },
      ]);
      const tried = { ...preview, days: [15], buckets: [{ on_day: 0, to_day: 30, annual_rate: '7.2' }] };
      expect((await call(`${cost}/preview`, { body: tried })).json['rows']).toMatchObject([{ carry: '0.00000000' }]);
      expect((await call(`${cost}/*/20`, { method: 'DELETE' })).json).toMatchObject({ warnings: [] });
      expect(status(await call(`${cost}/*/20`, { method: 'DELETE' }))).toEqual([404, 'object_not_found']);
      expect((await call(cost)).json['items']).toMatchObject([
        { investor_instrument_name: '*', buckets: [{ on_day: 0 }] },
      ]);
      expect(status(await put(`${cost}/*/9`, { to_day: 8, annual_rate: 6 }))).toEqual([400, 'invalid_request']);
      expect((await log('kind=carry_cost')).map(({ key }) => key)).toEqual(['*/20', '*/20', '*/0']);
    });
  });

  describe('lockdown', () => {
    it('sets pools one by one or together, all of them or none', async () => {
      expect((await put(`${BASE}/lockdown/P1`, { lock_pool: 'Y', trade_id: 'T1' })).json).toEqual({
        pool_name: 'P1',
        trade_id: 'T1',
        lock_pool: 'Y',
        source: 'user',
      });
      const items = [
        { pool_name: 'P2', lock_pool: 'O' },
        { pool_name: 'P9', lock_pool: 'N', trade_id: 'T9' },
      ];
      const refused = await call(`${BASE}/lockdown/bulk`, { body: { items } });
      expect(status(refused)).toEqual([422, 'reference_unknown']);
      expect((refused.json['errors'] as { path: string }[]).map(({ path }) => path)).toEqual([
        'items[1].pool_name',
        'items[1].trade_id',
      ]);
      expect((await call(`${BASE}/lockdown`)).json['items']).toHaveLength(1);
      expect((await call(`${BASE}/lockdown/bulk`, { body: { items: items.slice(0, 1) } })).status).toBe(200);
      expect((await call(`${BASE}/lockdown/P1`, { method: 'DELETE' })).status).toBe(204);
      expect((await call(`${BASE}/lockdown`)).json['items']).toMatchObject([{ pool_name: 'P2', lock_pool: 'O' }]);
      expect(await log('kind=lockdown&key=P1')).toMatchObject([{ after: null }, { before: null }]);
    });
  });

  describe('settings', () => {
    it('are changed by name, taken back by null, and refused with every fault', async () => {
      const settings = `${BASE}/settings/preflight`;
      const valueOf = (answer: Answer, name: string) =>
        (answer.json['items'] as { name: string; value: string; is_default: boolean }[]).find((s) => s.name === name);
      const changed = await put(settings, { pair_off_horizon_days: 45, placement_bonus_points: '0.25' });
      expect(valueOf(changed, 'pair_off_horizon_days')).toMatchObject({ value: '45', is_default: false });
      expect(valueOf(changed, 'placement_bonus_points')).toMatchObject({ value: '0.25000000' });
      const back = await put(settings, { pair_off_horizon_days: null });
      expect(valueOf(back, 'pair_off_horizon_days')).toMatchObject({ value: '30', is_default: true });
      const refused = await put(settings, { horizon: 1, room_min_percent: -1, room_max_percent: '1.234' });
      expect((refused.json['errors'] as { path: string }[]).map(({ path }) => path)).toEqual([
        'horizon',
        'room_min_percent',
        'room_max_percent',
      ]);
      expect((await log('kind=preflight_setting&limit=1')).length).toBe(1);
    });
  });

  it('the log is read page by page, newest first, by kind, key, caller and time', async () => {
    const all = await log('limit=1000');
    const paged: unknown[] = [];
    let cursor = '';
    do {
      const { json } = await call(`${BASE}/change-log?limit=7${cursor}`);
      paged.push(...(json['items'] as unknown[]));
      cursor = json['next_cursor'] === null ? '' : `&cursor=${json['next_cursor'] as string}`;
    } while (cursor !== '');
    expect(paged).toEqual(all);
    expect(await log('by=nobody')).toEqual([]);
    const newest = String(all[0]?.['changed_at']);
    expect(await log(`to=${newest}`)).not.toContainEqual(all[0]);
    expect(await log(`from=${newest}`)).toContainEqual(all[0]);
  });
});
