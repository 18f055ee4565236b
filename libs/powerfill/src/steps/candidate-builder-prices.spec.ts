import fc from 'fast-check';
import { buildLoan, instrument, loan, lockedLoan, pct, pts, trade, usd } from './candidate-builder-fixtures';
import type { RunInput } from './run-input';
import type { PairPrice } from './step-results';

/** Trade price 101, coupon 5.5, fee 0.50, base servicing 0.25 at 5.0; settlement 2026-12-14 is 21 days from as-of. */

const priceOf = async (tables: Partial<RunInput> = {}): Promise<PairPrice> => {
  const [candidate] = (await buildLoan(tables)).candidates;
  if (candidate === undefined) throw new Error('No candidate.');
  return candidate.price;
};

const cashInstrument = instrument({ instrument_type: 'cash', program: 'cash30', min_spread: null, max_spread: null });
const cashTrade = trade({ trade_type: 'wl', price: null, coupon: pct(6.25), lead_days: 2, turn_days: 3 });
const cash = {
  instruments: [cashInstrument],
  trades: [cashTrade],
  cashGrid: [
    { trade_id: 'T1', note_rate: pct(6), price: pts(100) },
    { trade_id: 'T1', note_rate: pct(6.5), price: pts(101) },
  ],
};
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

describe('price of a security', () => {
  it('is base, buy-up and servicing, and carry comes on top', async () => {
    // x = 6.5 - 5.5 - 0.5 - 0.25 = 0.25, bought up at 2.0 = 0.5; servicing 0.25 * 5 = 1.25; 101 + 0.5 + 1.25 = 102.75.
    // Carry: 21 days, 6.5 * 21 / 365 - 6 * 21 / 360 = 0.37397260 - 0.35 = 0.02397260(27).
    const price = await priceOf({ loans: [loan({ note_rate: pct(6.5) })] });
    expect(price).toEqual({
      base: pts(101),
      payUp: 0,
      payUpStory: null,
      buyUpDown: pts(0.5),
      servicingValue: pts(1.25),
      adjustments: 0,
      price: pts(102.75),
      carry: 2_397_260,
      prxPlusCarry: pts(102.75) + 2_397_260,
      score: pts(102.75) + 2_397_260,
      interestEarningDays: 21,
      deliveryDate: '2026-12-14',
      buyUpBp: 250_000,
      retainedExcessBp: 0,
    });
  });

  it('scores by price alone in price mode', async () => {
    const [candidate] = (await buildLoan({}, { price_mode: 'price' })).candidates;
    expect(candidate?.price.score).toBe(candidate?.price.price);
    expect(candidate?.price.carry).not.toBe(0);
  });

  it('values retained excess with the base servicing', async () => {
    // 6.625: x = 0.375, 0.25 bought up, 0.125 retained: (0.25 + 0.125) * 5 = 1.875.
    expect(await priceOf({ loans: [loan({ note_rate: pct(6.625) })] })).toMatchObject({
      servicingValue: pts(1.875),
      retainedExcessBp: 125_000,
    });
  });

  it('takes the newest grid row in force, never a later one', async () => {
    const row = { investor_instrument_name: 'UMBS30', coupon: pct(5.5), guarantee_fee: pct(0.5), buy_down_multiple: 0 };
    const buyUpDownGrid = [
      { ...row, effective_from: '2026-11-23', buy_up_multiple: 30_000 },
      { ...row, effective_from: '2026-01-01', buy_up_multiple: 20_000 },
      { ...row, effective_from: '2026-11-24', buy_up_multiple: 90_000 },
    ];
    // 0.25 * 3.0.
    expect((await priceOf({ buyUpDownGrid, loans: [loan({ note_rate: pct(6.5) })] })).buyUpDown).toBe(pts(0.75));
  });

  it('buys nothing at Ginnie Mae, whose x is servicing', async () => {
    // Fee 0.06, base 0.19, multiple 4.25: x = 6.25 - 5.5 - 0.25 = 0.5, capped at 0.31; 0.5 * 4.25 = 2.125.
    const ginnie = instrument({
      agency: 'gnma',
      agency_type: 'government',
      program: 'gnii30',
      base_servicing: pct(0.19),
      msr_multiple: 42_500,
    });
    const grid = {
      investor_instrument_name: 'UMBS30',
      coupon: pct(5.5),
      effective_from: '2026-01-01',
      guarantee_fee: pct(0.06),
      buy_up_multiple: 99,
      buy_down_multiple: 99,
    };
    const price = await priceOf({
      instruments: [ginnie],
      buyUpDownGrid: [grid],
      loans: [loan({ agency_type: 'va', case_number: '1' })],
    });
    expect(price).toMatchObject({ buyUpDown: 0, buyUpBp: 0, retainedExcessBp: 310_000, servicingValue: pts(2.125) });
  });

  it('earns interest from the day the loan is ready: expected close, else close, else funding', async () => {
    // Locked, expected close 2026-12-07: 7 days to 2026-12-14.
    expect((await priceOf({ loans: [lockedLoan({ expected_close_date: '2026-12-07' })] })).interestEarningDays).toBe(7);
    // The funding date 2026-12-02 counts before the close: 12 days.
    expect(
      (await priceOf({ loans: [loan({ funded_date: '2026-12-02', close_date: '2026-11-01' })] })).interestEarningDays,
    ).toBe(12);
  });
});

describe('price of a cash sale', () => {
  it('is the grid price, without buy-up or retained excess, delivered once ready and turned round', async () => {
    // 6.25 -> 100.5; servicing 1.25. Ready Monday 11-23 + 5 business days = Monday 11-30: 7 days.
    expect(await priceOf(cash)).toMatchObject({
      base: pts(100.5),
      buyUpDown: 0,
      retainedExcessBp: 0,
      price: pts(101.75),
      interestEarningDays: 7,
      deliveryDate: '2026-11-30',
    });
  });

  it('is delivered at settlement at the latest', async () => {
    expect(await priceOf({ ...cash, trades: [{ ...cashTrade, turn_days: 30 }] })).toMatchObject({
      deliveryDate: '2026-12-14',
      interestEarningDays: 21,
    });
  });

  it('does not move with the floor', async () => {
    const [candidate] = (await buildLoan(cash, { bx_price_floor: '100.40000000' })).candidates;
    expect(candidate?.price.base).toBe(pts(100.5));
  });

  it('of best efforts is the registered price, else the grid', async () => {
    const be = { ...cash, trades: [{ ...cashTrade, trade_type: 'be' }] };
    expect((await priceOf({ ...be, loans: [loan({ be_trade_id: 'T1', be_price: pts(102) })] })).base).toBe(pts(102));
    expect((await priceOf({ ...be, loans: [loan({ be_trade_id: 'T1' })] })).base).toBe(pts(100.5));
  });

  it('with servicing released pays the premium rows that match, or nothing when the price includes them', async () => {
    const released = {
      ...cash,
      priceAdjustments: [
        adjustment('srp', null, 1.1, 'srp'),
        adjustment('srp_fico', 'fico >= 760', 0.05, 'srp'),
        adjustment('srp_size', 'loan_amount < 300000', -0.2, 'srp'),
      ],
    };
    const own = { ...cashTrade, servicing: 'released' };
    // 1.1 - 0.2; a FICO of 740 earns no 0.05. Premiums are no adjustments.
    expect(await priceOf({ ...released, trades: [own] })).toMatchObject({ servicingValue: pts(0.9), adjustments: 0 });
    expect((await priceOf({ ...released, trades: [{ ...own, price_includes_srp: true }] })).servicingValue).toBe(0);
  });
});

describe('pay-ups', () => {
  const pays = { ...cash, trades: [{ ...cashTrade, pays_loan_payups: true }] };
  const small = loan({ loan_amount: usd(80_000), orig_loan_amount: usd(120_000) });

  it('of a TBA are none', async () => {
    expect(
      await priceOf({
        payups: [payup('TX', null, 4, { coupon: pct(5.5) })],
        trades: [trade({ pays_loan_payups: true })],
      }),
    ).toMatchObject({ payUp: 0, payUpStory: null });
  });

  it("of a story trade are the contract's, for every loan", async () => {
    const tables = {
      payups: [payup('TX', "property_state = 'TX'", 4, { coupon: pct(5.5) })],
      trades: [trade({ story: 'TX', contract_payup: pts(0.2) })],
    };
    expect(await priceOf(tables)).toMatchObject({ payUp: pts(0.2), payUpStory: 'TX' });
  });

  it('of a cash trade that pays them are the best single story, at 32nds', async () => {
    // LLB125 pays 18/32 = 0.5625, TX 2/32, LLB110 (not met) 20/32.
    const payups = [
      payup('TX', "property_state = 'TX'", 2),
      payup('LLB125', 'orig_loan_amount <= 125000', 18),
      payup('LLB110', 'orig_loan_amount <= 110000', 20),
    ];
    expect(await priceOf({ ...pays, loans: [small], payups })).toMatchObject({
      payUp: pts(0.5625),
      payUpStory: 'LLB125',
    });
    expect(await priceOf({ ...cash, loans: [small], payups })).toMatchObject({ payUp: 0, payUpStory: null });
  });

  it('test the original amount, whichever amount the story names', async () => {
    const payups = [payup('LLB85', 'loan_amount <= 85000', 24)];
    expect((await priceOf({ ...pays, loans: [small], payups })).payUp).toBe(0);
    expect((await priceOf({ ...pays, loans: [loan({ orig_loan_amount: usd(85_000) })], payups })).payUp).toBe(
      pts(0.75),
    );
  });

  it('are keyed by coupon and the newest date in force', async () => {
    const payups = [
      payup('TX', null, 9, { coupon: pct(6) }),
      payup('TX', null, 2, { effective_from: '2026-10-01' }),
      payup('TX', null, 1, { effective_from: '2026-11-23' }),
      payup('TX', null, 8, { effective_from: '2026-11-24' }),
    ];
    expect((await priceOf({ ...pays, payups })).payUp).toBe(pts(1 / 32));
  });

  it('of a high-balance loan come from high-balance stories only', async () => {
    const loanLimits = [
      { year: 2025, state: 'TX', county: '', units: 1, base_limit: usd(150_000), limit_amount: usd(900_000) },
    ];
    const tables = {
      ...pays,
      loanLimits,
      payups: [payup('TX', "property_state = 'TX'", 8), payup('SC', "high_balance_indicator = 'Y'", 2)],
    };
    expect(await priceOf(tables)).toMatchObject({ payUp: pts(0.0625), payUpStory: 'SC' });
    expect((await buildLoan(tables)).highBalance).toBe(true);
  });

  it('below zero are not taken', async () => {
    expect(await priceOf({ ...pays, payups: [payup('TX', null, -2)] })).toMatchObject({ payUp: 0, payUpStory: null });
  });
});

describe('adjustments', () => {
  it('that match add up; those without data do not count', async () => {
    const priceAdjustments = [
      adjustment('a', 'fico < 760', -0.5),
      adjustment('b', null, -0.125, 'feature'),
      adjustment('c', 'dti > 43', -9),
      adjustment('d', 'fico < 700', -9),
    ];
    expect(await priceOf({ priceAdjustments })).toMatchObject({ adjustments: pts(-0.625), price: pts(101.625) });
  });

  it('have one row in force per name', async () => {
    const priceAdjustments = [
      adjustment('a', null, -1, 'llpa', '2026-01-01'),
      adjustment('a', null, -0.25, 'llpa', '2026-11-01'),
      adjustment('a', null, -7, 'llpa', '2026-12-01'),
    ];
    expect((await priceOf({ priceAdjustments })).adjustments).toBe(pts(-0.25));
  });

  it('take the break points off a closed loan registered elsewhere, not off one still open', async () => {
    const registered = { be_trade_id: 'BE1', be_price: pts(102), be_break_points: pts(0.375) };
    expect((await priceOf({ loans: [loan(registered)] })).adjustments).toBe(pts(-0.375));
    expect((await priceOf({ loans: [lockedLoan(registered)] })).adjustments).toBe(0);
    const be = {
      ...cash,
      trades: [{ ...cashTrade, trade_type: 'be' }],
      loans: [loan({ ...registered, be_trade_id: 'T1' })],
    };
    expect((await priceOf(be)).adjustments).toBe(0);
  });
});

it('price is the sum of its terms and the score follows, whatever the loan', async () => {
  const columns = fc.record({
    note_rate: fc.integer({ min: pct(5.75), max: pct(6.625) }),
    fico: fc.option(fc.integer({ min: 580, max: 830 })),
    loan_amount: fc.integer({ min: usd(40_000), max: usd(700_000) }),
    be_break_points: fc.option(fc.integer({ min: 0, max: pts(1) })),
  });
  const priceAdjustments = [adjustment('a', 'fico < 700', -0.5), adjustment('b', 'loan_amount >= 400000', 0.33333333)];
  await fc.assert(
    fc.asyncProperty(columns, async (drawn) => {
      const price = await priceOf({ priceAdjustments, loans: [loan({ ...drawn, be_trade_id: 'BE9' })] });
      expect(price.price).toBe(price.base + price.payUp + price.buyUpDown + price.servicingValue + price.adjustments);
      expect(price.prxPlusCarry).toBe(price.price + price.carry);
      expect(price.score).toBe(price.prxPlusCarry);
      expect(Object.values(price).every((value) => typeof value !== 'number' || Number.isSafeInteger(value))).toBe(
        true,
      );
    }),
    { numRuns: 60 },
  );
});
