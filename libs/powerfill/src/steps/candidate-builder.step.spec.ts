import {
  attach,
  build,
  buildLoan,
  constraint,
  desk,
  instrument,
  loan,
  loanRule,
  pct,
  pts,
  trade,
  usd,
} from './candidate-builder-fixtures';
import type { RunInput } from './run-input';

const cashInstrument = instrument({ instrument_type: 'cash', program: 'cash30', min_spread: null, max_spread: null });
const payup = (
  story: string,
  condition: string | null,
  ticks: number,
  more: Partial<NonNullable<RunInput['payups']>[number]> = {},
) => ({
  investor_instrument_name: 'UMBS30',
  coupon: pct(6.25),
  story,
  effective_from: '2026-01-01',
  condition_text: condition,
  quote: pts(ticks),
  div_by: 32,
  ...more,
});
const adjustment = (
  name: string,
  condition: string | null,
  quote: number,
  kind = 'llpa',
  effectiveFrom = '2026-01-01',
) => ({
  investor_instrument_name: 'UMBS30',
  adj_name: name,
  effective_from: effectiveFrom,
  condition_text: condition,
  quote: pts(quote),
  div_by: 1,
  kind,
});

describe('synthetic options', () => {
  const quote = (instrumentName: string, coupon: number, price: number, more: object = {}) => ({
    investor_instrument_name: instrumentName,
    coupon: pct(coupon),
    settlement_month: '2026-12',
    story: '',
    settlement_date: '2026-12-14',
    price: pts(price),
    servicing: 'retained',
    bid_as_of: '2026-11-23',
    ...more,
  });

  it('are priced like trades, net of the cost', async () => {
    // The trade costs 101 and the synthetic 101.03125 - 0.03125: the same price and carry.
    const eligible = await buildLoan({ marketPrices: [quote('UMBS30', 5.5, 101.03125)] });
    const [option, ...others] = eligible.synthetics;
    expect(others).toEqual([]);
    expect(option?.synthetic.id).toBe('UMBS30|5.5|2026-12|');
    expect(eligible.candidates[0]?.price).toMatchObject(option?.price ?? {});
  });

  it('ask for no constraint, band, rule or floor, and exist for held loans too', async () => {
    const marketPrices = [quote('UMBS30', 5.5, 101)];
    const narrow = constraint({ hi_limit: usd(1) });
    expect(
      (
        await buildLoan({
          marketPrices,
          constraints: [narrow],
          rules: [loanRule('no', 'fico > 900')],
          constraintRules: [attach('no', narrow)],
        })
      ).synthetics,
    ).toHaveLength(1);
    expect((await buildLoan({ marketPrices, loans: [loan({ hold_reason: 'QC' })] })).synthetics).toHaveLength(1);
  });

  it('ask for instrument, band, story and dates', async () => {
    const marketPrices = [
      quote('UMBS30', 7, 103),
      quote('UMBS30', 5.5, 101.5, { story: 'NY' }),
      quote('UMBS30', 5.5, 100, { settlement_month: '2026-11', settlement_date: '2026-11-24' }),
    ];
    const payups = [payup('NY', "property_state = 'NY'", 4, { coupon: pct(5.5) })];
    expect((await buildLoan({ marketPrices, payups })).synthetics).toHaveLength(0);
    const inNewYork = await buildLoan({ marketPrices, payups, loans: [loan({ property_state: 'NY' })] });
    // The quote pays for the story: 101.5 - 0.03125 and servicing 0.25 * 5, no pay-up on top.
    expect([...inNewYork.synthetics].map(({ synthetic, price }) => [synthetic.story, price.price])).toEqual([
      ['NY', pts(102.71875)],
    ]);
  });

  it('of whole loans read the quotes of a month as a grid, 0.50 past the last', async () => {
    const marketPrices = [quote('UMBS30', 5.75, 100), quote('UMBS30', 6.25, 101)];
    const at = async (rate: number) => {
      const loans = [loan({ note_rate: pct(rate) })];
      const { synthetics } = await buildLoan({ instruments: [cashInstrument], trades: [], marketPrices, loans });
      return [...synthetics].map(({ synthetic }) => synthetic.coupon);
    };
    expect([await at(5.7), await at(6.2), await at(6.25), await at(6.75), await at(6.751)]).toEqual([
      [],
      [pct(5.75)],
      [pct(6.25)],
      [pct(6.25)],
      [],
    ]);
  });
});

describe('failures of the step', () => {
  const refused = (tables: Partial<RunInput>) => build(desk(tables));

  it('name the rule that does not parse, and the place', async () => {
    await expect(refused({ rules: [loanRule('broken', 'fico >= ')] })).rejects.toThrow(
      /Rule broken does not parse \(line 1, column \d+\)/,
    );
    await expect(refused({ constraints: [constraint({ trade_condition: 'settles = 1' })] })).rejects.toMatchObject({
      code: 'RULE_INVALID',
      message: expect.stringContaining('Trade condition of constraint all') as string,
    });
    await expect(refused({ payups: [payup('TX', 'nope = 1', 1)] })).rejects.toThrow(/Pay-up TX of UMBS30/);
    await expect(refused({ priceAdjustments: [adjustment('x', 'fico ==', 1)] })).rejects.toThrow(
      /Price adjustment x of UMBS30/,
    );
  });

  it('name a rule that a constraint asks for in vain', async () => {
    await expect(refused({ constraintRules: [attach('ghost')] })).rejects.toMatchObject({ code: 'RULE_UNKNOWN' });
  });

  it('name an instrument without carry curve when carry counts, and warn when it does not', async () => {
    await expect(refused({ carryCost: [] })).rejects.toMatchObject({ code: 'CARRY_CURVE_MISSING' });
    const { outcomes } = await build(desk({ carryCost: [] }, { price_mode: 'price' }));
    expect(outcomes[2].warnings.map(({ code }) => code)).toEqual(['carry_curve_missing']);
  });
});

describe('rows and warnings of the step', () => {
  it('keep the best candidates of a loan, ranked, and count its constraints over all of them', async () => {
    const trades = ['A', 'B', 'C'].map((id, index) => trade({ trade_id: id, price: pts(101 + (index === 1 ? 1 : 0)) }));
    const { outcomes, candidates } = await build(desk({ trades }, { candidates_kept_per_loan: 2 }));
    // B pays a point more; A and C tie and go by trade id.
    expect(candidates.loans[0]?.candidates.map(({ tradeId }) => tradeId)).toEqual(['B', 'A', 'C']);
    const [rows, pools] = outcomes[2].writes;
    expect([...(rows?.rows ?? [])]).toMatchObject([
      { trade_id: 'B', rank_no: 1 },
      { trade_id: 'A', rank_no: 2 },
    ]);
    expect([...(pools?.rows ?? [])]).toMatchObject([
      { loan_id: 'L1', constraint_name: 'all', candidate_count: 3, best_trade_id: 'B' },
    ]);
    expect(outcomes[2].note).toBe('3 candidates of 1 loans, 1 eligible');
    const all = await build(desk({ trades }, { candidates_kept_per_loan: 0 }));
    expect([...(all.outcomes[2].writes[0]?.rows ?? [])]).toHaveLength(3);
  });

  it("keep the candidate of the loan's trade today beyond the best, against which a switch is held", async () => {
    const trades = ['A', 'B', 'C'].map((id) => trade({ trade_id: id, price: pts(id === 'C' ? 101 : 102) }));
    const { outcomes } = await build(
      desk(
        { trades, loans: [loan({ pool_name: 'P1' })], tradePools: [{ trade_id: 'C', pool_name: 'P1' }] },
        { candidates_kept_per_loan: 1 },
      ),
    );
    expect([...(outcomes[2].writes[0]?.rows ?? [])]).toMatchObject([
      { trade_id: 'A', rank_no: 1 },
      { trade_id: 'C', rank_no: 3 },
    ]);
  });

  it('list the pool rules in use with the trades under their constraints', async () => {
    const share = {
      ...loanRule('hb', ''),
      kind: 'pool',
      condition_text: "high_balance_indicator = 'Y'",
      function: 'percent',
      column_name: 'loan_amount',
      limit_value: 100_000,
      limit_sense: '<=',
      limit_scope: 'each',
    };
    const december = constraint({ trade_condition: "settlement_month = '2026-12'" });
    const trades = [
      trade({ trade_id: 'B' }),
      trade({ trade_id: 'A' }),
      trade({ trade_id: 'C', settlement_date: '2027-01-14' }),
    ];
    const { candidates } = await build(
      desk({
        trades,
        rules: [share, { ...share, rule_name: 'unused' }],
        constraints: [december],
        constraintRules: [attach('hb', december)],
      }),
    );
    expect(candidates.poolRules).toEqual([{ ruleName: 'hb', tradeIds: ['A', 'B'] }]);
  });

  it('warn about options that name loans nobody has', async () => {
    const { outcomes } = await build(desk({}, { exclude_loan_ids: ['L9', 'L8'] }));
    expect(outcomes[2].warnings).toContainEqual({
      code: 'unknown_loan_ids',
      count: 2,
      message: 'The options name loans that do not exist.',
    });
  });

  it('read the derived high-balance flag in rules, and members of custom data', async () => {
    const loanLimits = [
      { year: 2026, state: '*', county: '', units: 1, base_limit: usd(100_000), limit_amount: usd(900_000) },
    ];
    const rules = [loanRule('hb', "high_balance_indicator = 'Y' and custom_data.ami_percent <= 80")];
    const odd = loan({ high_balance_indicator: 'N', custom_data: '{"ami_percent":80}' });
    expect(
      (await buildLoan({ loanLimits, rules, constraintRules: [attach('hb')], loans: [odd] })).candidates,
    ).toHaveLength(1);
  });
});
