import { goodDeliveryTable, instrumentTable } from '@powerfill/core/entities';
import { runningApi, type TestApi } from './running-api';
import { candidateRow, guideRow, poolRow, storeOutputs, storeRun, tradeRow, type StoredRun } from './stored-runs';
import { instrumentRow } from './stored-upstream';

describe('the reports of pools and candidates', () => {
  let test: TestApi;
  let run: StoredRun;
  beforeAll(async () => {
    test = await runningApi();
    run = await storeRun(test.alpha, 'Complete', 2);
    const superseded = { runId: run.runId, attempt: 1 };
    const { dialect, dataSource } = test.alpha;
    await dialect.insertRows(dataSource, instrumentTable, [instrumentRow('UMBS30', 'umbs30')]);
    await dialect.insertRows(
      dataSource,
      goodDeliveryTable,
      [
        ['lot_amount', 1_000_000],
        ['variance_percent', 0.01],
        ['pools_per_lot', 3],
        ['coop_max_percent', 10],
      ].map(([rule, value]) => ({
        program: 'umbs30',
        rule_name: String(rule),
        effective_from: '2019-06-01',
        rule_value: Number(value) * 10_000,
        source: null,
      })),
    );
    await storeOutputs(test.alpha, {
      trades: [
        tradeRow(run, 100_000_000),
        { ...tradeRow(run, 0), trade_id: 'T2', settlement_date: '2027-01-14', fill_amount: 0 },
        {
          ...tradeRow(run, 30_000_000),
          trade_id: 'W1',
          trade_type: 'wl',
          delivery_type: 'cash',
          max_amount: 50_000_000,
        },
      ],
      guide: [
        {
          ...guideRow(run, 'A', 60_000_000),
          pool_name: 'P2',
          recommended_pool: 'P1',
          value_amount: 750_000,
          switch_cost_amount: 1_500,
        },
        { ...guideRow(run, 'B', 40_000_050), recommended_pool: 'P1', pool_name: 'P1' },
        { ...guideRow(run, 'W', 30_000_000), trade_id: 'W1', note_rate: 6_150_000 },
      ],
      cashGrid: [
        { run_id: run.runId, attempt: run.attempt, trade_id: 'W1', note_rate: 6_000_000, price: 100e8, posted: true },
        {
          run_id: run.runId,
          attempt: run.attempt,
          trade_id: 'W1',
          note_rate: 6_125_000,
          price: 100.5e8,
          posted: false,
        },
      ],
      candidates: [
        { ...candidateRow(run, 'A', 'T1', 1, 101.25), amount: 60_000_000 },
        { ...candidateRow(run, 'A', 'T2', 2, 100.5), amount: 60_000_000 },
        candidateRow(superseded, 'A', 'T9', 1, 200),
      ],
      pools: [
        poolRow(run, 'P1', 'A', 'Swapped In', 60_000_000, {
          other_pool_name: 'P2',
          other_trade_id: 'T2',
          non_standard: 'coop',
        }),
        poolRow(run, 'P1', 'B', 'Remaining', 40_000_050, { is_certified: false, fico: 700 }),
        poolRow(run, 'P2', 'A', 'Switching', 60_000_000, {
          trade_id: 'T2',
          other_pool_name: 'P1',
          other_trade_id: 'T1',
        }),
        poolRow(run, 'P2', 'C', 'Leaving', 10_000_000, { trade_id: 'T2', outcome: 'kicked_out', code: 'NO_ROOM' }),
        poolRow(superseded, 'P9', 'Z', 'Remaining', 1, {}),
      ],
    });
  });
  afterAll(() => test.close());

  const items = async (name: string): Promise<Record<string, unknown>[]> => {
    const answer = await test.call(`/api/powerfill/runs/latest/${name}`);
    expect(answer.status).toBe(200);
    return answer.json['items'] as Record<string, unknown>[];
  };

  it('switching: what the loan was worth before and is worth now, less the cost of the switch', async () => {
    // Before: 600,000 x (100.50 - 100) / 100 = 3,000.00; after 7,500.00; cost 15.00.
    expect(await items('switching')).toEqual([
      {
        loan_id: 'A',
        amount: '600000.00',
        from_pool_name: 'P2',
        from_trade_id: 'T2',
        from_settlement_date: '2027-01-14',
        to_pool_name: 'P1',
        to_trade_id: 'T1',
        to_settlement_date: '2026-12-14',
        score_before: '100.50000000',
        score_after: '101.37500000',
        value_before: '3000.00',
        value_after: '7500.00',
        switch_cost_amount: '15.00',
        gain_amount: '4485.00',
      },
    ]);
  });

  it('pool-candidates: each loan by rank, of the visible attempt', async () => {
    expect((await items('pool-candidates')).map((row) => [row['loan_id'], row['rank_no'], row['trade_id']])).toEqual([
      ['A', 1, 'T1'],
      ['A', 2, 'T2'],
    ]);
    expect(await items('pool-candidates?filter=trade_id:eq:T2&sort=-score')).toHaveLength(1);
  });

  it('existing-disposition: before + joined - left = after', async () => {
    expect(await items('existing-disposition')).toMatchObject([
      {
        pool_name: 'P1',
        disposition: 'Grow',
        settlement_date: '2026-12-14',
        before_amount: '400000.50',
        joined_amount: '600000.00',
        left_amount: '0.00',
        after_amount: '1000000.50',
        after_count: 2,
      },
      { pool_name: 'P2', disposition: 'Dissolve', before_count: 2, left_amount: '700000.00', after_amount: '0.00' },
    ]);
    expect(await items('existing-disposition?sort=-before_amount&limit=1')).toMatchObject([{ pool_name: 'P2' }]);
    expect(await items('existing-disposition?filter=disposition:eq:Grow')).toHaveLength(1);
  });

  it('pooling-guide: members, averages, open documents and what is not good delivery', async () => {
    const [pool, ...others] = await items('pooling-guide');
    expect(others).toEqual([]);
    expect(pool).toMatchObject({
      pool_name: 'P1',
      trade_id: 'T1',
      member_count: 2,
      new_member_count: 1,
      amount: '1000000.50',
      wa_note_rate: '6.125000',
      // 6.125 - 5.5.
      spread: '0.625000',
      // One loan has a score.
      wa_fico: '700.0000',
      wa_ltv: null,
      documents_outstanding_count: 1,
      documents_outstanding_amount: '400000.50',
      good_delivery: false,
      members: ['A', 'B'],
    });
    // 600,000 of 1,000,000.50 is co-op: 600,000 - 100,000.05 = 499,999.95 over 10 %.
    expect((pool?.['checks'] as Record<string, unknown>[]).map((check) => [check['rule'], check['fails_by']])).toEqual([
      ['lots', null],
      ['coop_max_percent', '499999.95'],
    ]);
    expect(await items('pooling-guide?filter=good_delivery:eq:true')).toEqual([]);
    const csv = (await test.call('/api/powerfill/runs/latest/pooling-guide?format=csv')).text;
    expect(csv).toContain('"[""A"",""B""]"');
  });

  it('pooling-guide: has an entity tag in every form, which changes with what good delivery is checked against', async () => {
    // fetch asks for no-cache beside a tag unless told otherwise.
    const ask = (format: string, tag: string | null = null) =>
      test.call(`/api/powerfill/runs/latest/pooling-guide?format=${format}`, {
        headers: { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' },
      });
    const tagOf = async (format: string) => (await ask(format)).headers.get('etag');
    const tags = { json: await tagOf('json'), csv: await tagOf('csv') };
    expect([(await ask('json', tags.json)).status, (await ask('csv', tags.csv)).status]).toEqual([304, 304]);
    const { dialect, dataSource } = test.alpha;
    const looser = { program: 'umbs30', rule_name: 'coop_max_percent', effective_from: '2019-06-01', source: null };
    await dialect.upsertRows(dataSource, goodDeliveryTable, [{ ...looser, rule_value: 600_000 }]);
    const changed = await ask('json', tags.json);
    expect([changed.status, (await ask('csv', tags.csv)).status]).toEqual([200, 200]);
    expect(changed.json['items']).toMatchObject([{ good_delivery: true }]);
    await dialect.upsertRows(dataSource, goodDeliveryTable, [{ ...looser, rule_value: 100_000 }]);
    expect((await ask('json', tags.json)).status).toBe(304);
  });

  it('cash-trade-slotting: loans at the rate whose price they get, and the room of the trade', async () => {
    const rows = await items('cash-trade-slotting');
    expect(rows).toMatchObject([
      { trade_id: 'W1', note_rate: '6.000000', price: '100.00000000', loan_count: 0, amount: '0.00' },
      { trade_id: 'W1', note_rate: '6.125000', posted: false, loan_count: 1, amount: '300000.00' },
    ]);
    // Room 500,000 less 300,000.
    expect(rows[0]?.['trade_room_amount']).toBe('200000.00');
    const first = await test.call('/api/powerfill/runs/latest/cash-trade-slotting?limit=1');
    const cursor = String(first.json['next_cursor']);
    expect(await items(`cash-trade-slotting?limit=1&cursor=${cursor}`)).toMatchObject([{ note_rate: '6.125000' }]);
  });

  it('recap: the limits of a trade with value and bound, sorted and filtered with totals of what is shown', async () => {
    const { json } = await test.call('/api/powerfill/runs/latest/recap?filter=trade_type:eq:mbs&sort=-settlement_date');
    const trades = json['trades'] as Record<string, unknown>[];
    expect(trades.map(({ trade_id: id }) => id)).toEqual(['T2', 'T1']);
    expect(trades[1]?.['limits']).toMatchObject([{ limit: 'hb_10pct@T1', value: '0.05000000', max: '0.10000000' }]);
    expect(json['totals']).toMatchObject({ all: { trades: 2, fill_amount: '1000000.00' } });
  });
});
