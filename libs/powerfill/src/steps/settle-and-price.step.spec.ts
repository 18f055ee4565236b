import { build, CONTROL, desk, instrument, pct, pts, trade, usd } from './candidate-builder-fixtures';
import { SettleAndPriceStep } from './settle-and-price.step';

const quote = (price: number, more: object = {}) => ({
  investor_instrument_name: 'UMBS30',
  coupon: pct(5.5),
  settlement_month: '2026-12',
  story: '',
  settlement_date: '2026-12-14',
  price: pts(price),
  servicing: null,
  bid_as_of: '2026-11-23',
  ...more,
});

describe('trades of the run', () => {
  const idsOf = async (tables: Parameters<typeof desk>[0], options?: Parameters<typeof desk>[1]) =>
    (await build(desk(tables, options))).results.trades?.map(({ trade: row }) => row.trade_id);

  it('are open and settle from as-of within the window', async () => {
    // As-of 2026-11-23 + 30 days = 2026-12-23.
    const trades = [
      trade({ trade_id: 'today', settlement_date: '2026-11-23' }),
      trade({ trade_id: 'past', settlement_date: '2026-11-22' }),
      trade({ trade_id: 'last', settlement_date: '2026-12-23' }),
      trade({ trade_id: 'late', settlement_date: '2026-12-24' }),
      trade({ trade_id: 'done', status: 'closed' }),
      trade({ trade_id: 'also', status: 'Open' }),
    ];
    expect(await idsOf({ trades }, { max_trade_settle_days: 30 })).toEqual(['also', 'last', 'today']);
  });

  it('are those the options name, and unknown names are warned about', async () => {
    const trades = [trade({ trade_id: 'A' }), trade({ trade_id: 'B' })];
    expect(await idsOf({ trades }, { trade_ids: ['B'] })).toEqual(['B']);
    const { outcomes } = await build(desk({ trades }, { trade_ids: ['B', 'Z'] }));
    expect(outcomes[1].warnings).toContainEqual(expect.objectContaining({ code: 'unknown_trade_ids', count: 1 }));
  });

  it('may be none, with a warning', async () => {
    const { outcomes } = await build(desk({ trades: [] }));
    expect(outcomes[0].status).toBe('skipped');
    expect(outcomes[1].warnings).toMatchObject([{ code: 'no_trades' }]);
  });
});

describe('a priced trade', () => {
  it("pairs off at today's market for its coupon and month", async () => {
    // Market 101.5 - price 101 + 1/32 = 0.53125. Settlement 2026-12-14: notified two business days before.
    const { results } = await build(
      desk({ marketPrices: [quote(101.5), quote(90, { settlement_month: '2027-01' }), quote(90, { coupon: pct(6) })] }),
    );
    expect(results.trades).toMatchObject([
      {
        price: pts(101),
        marketPrice: pts(101.5),
        pairOffKind: 'two_way',
        pairOffPoints: pts(0.53125),
        notificationDate: '2026-12-10',
        pastHorizon: false,
      },
    ]);
  });

  it("is held against its story's quote less its own pay-up, where there is one", async () => {
    // The story bid 101.75 less the contract's 0.25: 101.5.
    const trades = [trade({ story: 'NY', contract_payup: pts(0.25) })];
    const marketPrices = [quote(101), quote(101.75, { story: 'NY' })];
    expect((await build(desk({ trades, marketPrices }))).results.trades?.[0]?.marketPrice).toBe(pts(101.5));
    expect((await build(desk({ trades, marketPrices: [quote(101)] }))).results.trades?.[0]?.marketPrice).toBe(pts(101));
  });

  it('of a grid is read at its reference rate', async () => {
    const cashTrade = trade({ trade_type: 'wl', price: null, coupon: pct(6.25) });
    const cashGrid = [
      { trade_id: 'T1', note_rate: pct(6), price: pts(100) },
      { trade_id: 'T1', note_rate: pct(6.5), price: pts(101) },
    ];
    const tables = {
      trades: [cashTrade],
      cashGrid,
      instruments: [instrument({ instrument_type: 'cash' })],
      marketPrices: [quote(100.75, { coupon: pct(6.25) })],
    };
    // Grid at 6.25: 100.5; one-way: 0.25 + 0.125.
    expect((await build(desk(tables))).results.trades).toMatchObject([
      {
        price: pts(100.5),
        marketPrice: pts(100.75),
        pairOffKind: 'one_way',
        pairOffPoints: pts(0.375),
        notificationDate: null,
      },
    ]);
  });

  it('without market pays the fixed fee, with a warning', async () => {
    const { results, outcomes } = await build(desk());
    expect(results.trades).toMatchObject([{ marketPrice: null, pairOffKind: 'fixed', pairOffPoints: pts(0.125) }]);
    expect(outcomes[1].warnings.map(({ code }) => code)).toEqual(['market_price_missing']);
  });

  it('past the horizon owes nothing this run but keeps its room', async () => {
    // As-of + 30 = 2026-12-23 is the last day that owes.
    const at = async (settlementDate: string) =>
      (
        await build(
          desk({
            trades: [trade({ settlement_date: settlementDate, tolerance: pct(2.5) })],
            marketPrices: [quote(102, { settlement_date: '2026-12-14' })],
          }),
        )
      ).results.trades?.[0];
    expect(await at('2026-12-23')).toMatchObject({
      pastHorizon: false,
      min: usd(4_875_000),
      pairOffPoints: pts(1.03125),
    });
    expect(await at('2026-12-24')).toMatchObject({
      pastHorizon: true,
      min: 0,
      minBeforeHorizon: usd(4_875_000),
      target: usd(5_000_000),
      max: usd(5_125_000),
      pairOffPoints: 0,
    });
  });

  it('is written with its room and nothing of step 4', async () => {
    const { outcomes } = await build(
      desk({ trades: [trade({ must_reach_amount: 0, paired_off_amount: usd(1_000_000) })] }),
    );
    expect(outcomes[1].writes[0]?.rows).toMatchObject([
      {
        trade_id: 'T1',
        obligation_amount: usd(4_000_000),
        target_amount: usd(4_000_000),
        must_reach_amount: null,
        servicing: 'retained',
        fill_amount: null,
        status: null,
      },
    ]);
  });
});

describe('pay-ups and synthetic trades', () => {
  it('are written in points, one row in force per story', async () => {
    const payup = {
      investor_instrument_name: 'UMBS30',
      coupon: pct(5.5),
      story: 'NY',
      condition_text: null,
      div_by: 32,
    };
    const payups = [
      { ...payup, effective_from: '2026-01-01', quote: pts(5) },
      { ...payup, effective_from: '2026-11-01', quote: pts(1.5) },
      { ...payup, effective_from: '2026-12-01', quote: pts(9) },
    ];
    // 1.5 / 32 = 0.046875.
    expect((await build(desk({ payups }))).outcomes[1].writes[1]?.rows).toEqual([
      {
        investor_instrument_name: 'UMBS30',
        coupon: pct(5.5),
        story: 'NY',
        condition_text: null,
        effective_from: '2026-11-01',
        points: 4_687_500,
      },
    ]);
  });

  it('are one per quote that can still settle, net of the cost, by id', async () => {
    const marketPrices = [
      quote(101.5, { story: 'NY' }),
      quote(101, { coupon: pct(6.125) }),
      quote(101),
      quote(99, { settlement_month: '2026-11', settlement_date: '2026-11-20' }),
      quote(99, { investor_instrument_name: 'GHOST' }),
    ];
    const { results, outcomes } = await build(desk({ marketPrices, payups: [] }));
    expect(results.synthetics?.map(({ id, price, servicing }) => [id, price, servicing])).toEqual([
      ['UMBS30|5.5|2026-12|', pts(100.96875), 'retained'],
      ['UMBS30|5.5|2026-12|NY', pts(101.46875), 'retained'],
      ['UMBS30|6.125|2026-12|', pts(100.96875), 'retained'],
    ]);
    expect(outcomes[1].warnings.map(({ code }) => code)).toContain('market_instrument_unknown');
  });
});

describe('failures of the step', () => {
  it.each([
    ['PAYUP_TABLE_MISSING', { payups: null }],
    ['INSTRUMENT_MISSING', { instruments: [] }],
    ['TRADE_TYPE_UNKNOWN', { trades: [trade({ trade_type: 'swp' })] }],
    ['PAIR_OFF_KIND_UNKNOWN', { trades: [trade({ pair_off_kind: 'maybe' })] }],
  ])('end with %s', async (code, tables) => {
    await expect(new SettleAndPriceStep().run(desk(tables), {}, CONTROL)).rejects.toMatchObject({ code });
  });
});
