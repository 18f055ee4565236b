import type { RunOptions } from '../domain/run-options';
import type { MarketPriceRow } from '../entities';
import { poolRow } from '../steps/allocation/step-fixtures';
import {
  AS_OF,
  attach,
  constraint,
  desk,
  instrument,
  loan,
  loanRule,
  lockedLoan,
  pct,
  pts,
  trade,
  usd,
} from '../steps/candidate-builder-fixtures';
import type { RunInput } from '../steps/run-input';
import { FINDING_CODES, type Finding, type FindingCode } from './finding';
import { preflightFindings } from './preflight';

const quote = (columns: Partial<MarketPriceRow> = {}): MarketPriceRow => ({
  investor_instrument_name: 'UMBS30',
  coupon: pct(5.5),
  settlement_month: '2026-12',
  story: '',
  settlement_date: '2026-12-14',
  price: pts(101),
  servicing: null,
  bid_as_of: AS_OF,
  ...columns,
});

/** A desk that nothing is to be said about: one loan of $200,000, one trade of the same size. */
const ready: Partial<RunInput> = {
  trades: [trade({ trade_amount: usd(200_000), price: pts(101), tolerance: 0 })],
  loans: [loan({ close_date: AS_OF, stage: null })],
  stages: [{ stage: 'Approved', seq: 3 }],
  marketPrices: [quote()],
  payups: [],
};

interface Case {
  readonly tables?: Partial<RunInput>;
  readonly options?: Partial<RunOptions>;
  readonly settings?: Readonly<Record<string, string>>;
}

const findingsOf = ({ tables = {}, options = {}, settings = {} }: Case): Promise<Finding[]> =>
  preflightFindings(desk({ ...ready, ...tables }, options), new Map(Object.entries(settings)));

const cashTrade = trade({
  trade_type: 'wl',
  delivery_type: 'cash',
  coupon: pct(6),
  price: null,
  trade_amount: usd(200_000),
});
const lockedPool = (lock: string): Partial<RunInput> => ({
  loans: [loan({ pool_name: 'P1', close_date: AS_OF })],
  pools: [poolRow('P1')],
  tradePools: [{ trade_id: 'T1', pool_name: 'P1' }],
  lockdown: [{ pool_name: 'P1', trade_id: 'T1', lock_pool: lock, source: 'user' }],
});
const poolRule = (limit: number, changes = {}) => ({
  ...loanRule('cap', ''),
  kind: 'pool',
  condition_text: "property_state = 'TX'",
  function: 'percent',
  column_name: 'loan_amount',
  limit_value: limit * 10_000,
  limit_sense: '<=',
  ...changes,
});
const limited = (lock: string, limit: number, changes = {}): Partial<RunInput> => ({
  ...lockedPool(lock),
  rules: [poolRule(limit, changes)],
  constraintRules: [attach('cap')],
});
const story = {
  investor_instrument_name: 'UMBS30',
  coupon: pct(5.5),
  effective_from: '2026-01-01',
  condition_text: null,
  quote: pts(8),
  div_by: 32,
};

/** Each code: what brings it about, and what is as near as can be without it. */
const CASES: Readonly<Partial<Record<FindingCode, { finds: Case; without: Case }>>> = {
  pipeline_empty: { finds: { tables: { loans: [loan({ mkt_shipped_date: AS_OF })] } }, without: {} },
  no_open_trade: {
    finds: { tables: { trades: [trade({ settlement_date: '2027-02-22' })] } },
    // 90 days after 2026-11-23 is 2027-02-21.
    without: { tables: { trades: [trade({ settlement_date: '2027-02-21' })] } },
  },
  instrument_missing: { finds: { tables: { instruments: [] } }, without: {} },
  grid_missing: {
    finds: { tables: { trades: [cashTrade] } },
    without: { tables: { trades: [cashTrade], cashGrid: [{ trade_id: 'T1', note_rate: pct(6), price: pts(101) }] } },
  },
  buy_up_grid_missing: {
    finds: { tables: { buyUpDownGrid: [] } },
    without: { tables: { buyUpDownGrid: [], instruments: [instrument({ program: 'gnii30', agency: 'gnma' })] } },
  },
  payup_table_missing: { finds: { tables: { payups: null } }, without: {} },
  rule_invalid: {
    finds: { tables: { rules: [loanRule('bad', 'fico >>= 700')] } },
    without: { tables: { rules: [loanRule('good', 'fico >= 700')] } },
  },
  story_unknown: {
    finds: { tables: { trades: [trade({ story: 'LLB85' })], payups: [{ ...story, story: 'NY' }] } },
    without: { tables: { trades: [trade({ story: 'LLB85' })], payups: [{ ...story, story: 'LLB85' }] } },
  },
  carry_curve_missing: {
    finds: { tables: { carryCost: [] } },
    without: { tables: { carryCost: [] }, options: { price_mode: 'price' } },
  },
  locked_over_maximum: {
    finds: { tables: { ...lockedPool('Y'), trades: [trade({ trade_amount: usd(199_999), tolerance: 0 })] } },
    without: { tables: { ...lockedPool('Y'), trades: [trade({ trade_amount: usd(200_000), tolerance: 0 })] } },
  },
  locked_breaks_limit: { finds: { tables: limited('O', 99) }, without: { tables: limited('N', 99) } },
  pool_designated_twice: {
    finds: {
      tables: {
        pools: [poolRow('P1')],
        tradePools: ['T1', 'T2'].map((id) => ({ trade_id: id, pool_name: 'P1' })),
      },
    },
    without: { tables: { pools: [poolRow('P1')], tradePools: [{ trade_id: 'T1', pool_name: 'P1' }] } },
  },
  amount_zero: {
    finds: { tables: { trades: [trade({ trade_amount: 0 })] } },
    without: { tables: { trades: [trade({ trade_amount: 1 })] } },
  },
  pool_trade_closed: {
    finds: {
      tables: {
        ...lockedPool('N'),
        lockdown: [],
        trades: [trade(), trade({ trade_id: 'T2', status: 'delivered' })],
        tradePools: [{ trade_id: 'T2', pool_name: 'P1' }],
      },
    },
    without: { tables: { ...lockedPool('N'), trades: [trade()] } },
  },
  unknown_stage: {
    finds: { tables: { loans: [lockedLoan({ stage: 'Somewhere' })] } },
    without: { tables: { loans: [lockedLoan({ stage: 'approved' })] } },
  },
  past_notification: {
    // Two business days before Tuesday 24 November is Friday 20; before Wednesday 25 it is Monday 23, the as-of date.
    finds: { tables: { trades: [trade({ settlement_date: '2026-11-24' })] } },
    without: { tables: { trades: [trade({ settlement_date: '2026-11-25' })] } },
  },
  trade_without_constraint: {
    finds: { tables: { constraints: [constraint({ trade_condition: "settlement_month = '2027-01'" })] } },
    without: { tables: { constraints: [constraint({ trade_condition: "settlement_month = '2026-12'" })] } },
  },
  coupon_without_price: {
    // 6.25 is 0.75 over 5.5 and 0.25 over 6.0; nothing over 6.5.
    finds: {
      tables: { marketPrices: [quote({ coupon: pct(6.5) })] },
      options: { reservation_price: '100.00000000' },
    },
    without: { tables: { marketPrices: [quote({ coupon: pct(6) })] } },
  },
  trade_far_from_market: {
    finds: { tables: { marketPrices: [quote({ price: pts(95.99) })] } },
    without: { tables: { marketPrices: [quote({ price: pts(96) })] } },
  },
  high_balance_disagrees: {
    finds: { tables: { loans: [loan({ high_balance_indicator: 'Y', close_date: AS_OF })], loanLimits: [limitRow()] } },
    without: {
      tables: { loans: [loan({ high_balance_indicator: 'N', close_date: AS_OF })], loanLimits: [limitRow()] },
    },
  },
  attribute_missing: {
    finds: {
      tables: {
        loans: [loan({ dti: null, close_date: AS_OF })],
        rules: [loanRule('dti', 'dti <= 45')],
        constraintRules: [attach('dti')],
      },
    },
    // The rule is attached to nothing.
    without: { tables: { loans: [loan({ dti: null, close_date: AS_OF })], rules: [loanRule('dti', 'dti <= 45')] } },
  },
  lock_expired: {
    finds: {
      tables: {
        loans: [loan({ close_date: AS_OF }), lockedLoan({ loan_id: 'L2', lock_expiration_date: '2026-11-22' })],
      },
    },
    without: {
      tables: { loans: [loan({ close_date: AS_OF }), lockedLoan({ loan_id: 'L2', lock_expiration_date: AS_OF })] },
    },
  },
  loan_data_stale: {
    // From Tuesday 17 November to Monday 23 are 4 business days, from Wednesday 18 are 3.
    finds: { tables: { loans: [loan({ close_date: '2026-11-17', funded_date: null })] } },
    without: { tables: { loans: [loan({ close_date: '2026-11-18', funded_date: null })] } },
  },
  prices_stale: {
    // From Thursday 19 to Monday 23 are 2 business days, from Friday 20 is 1.
    finds: { tables: { marketPrices: [quote({ bid_as_of: '2026-11-19' })] } },
    without: { tables: { marketPrices: [quote({ bid_as_of: '2026-11-20' })] } },
  },
  room_out_of_range: {
    // 139,999 of 200,000 is 69.9995 %; 240,000 is 120 %.
    finds: { tables: { trades: [trade({ trade_amount: usd(139_999), tolerance: 0 })] } },
    without: { tables: { trades: [trade({ trade_amount: usd(240_000), tolerance: 0 })] } },
  },
};

function limitRow() {
  return { year: 2026, state: '*', county: '', units: 1, base_limit: usd(832_750), limit_amount: usd(832_750) };
}

/**
 * Found by the service, which asks the database; held in test/e2e/api/preflight.spec.ts, and those of settings that only
 * SQL Server has in test/contract/sql/t-sql-database.spec.ts.
 */
const BY_THE_SERVICE: readonly FindingCode[] = [
  'upstream_column_missing',
  'upstream_column_optional',
  'active_run',
  'setting_invalid',
  'snapshot_off',
  'read_committed_snapshot_off',
];

describe('preflight', () => {
  it('has nothing to say about a desk that is ready', async () => {
    expect(await findingsOf({})).toEqual([]);
  });

  it.each(Object.entries(CASES))('%s: found, and not found just short of it', async (code, { finds, without }) => {
    const found = (await findingsOf(finds)).find((finding) => finding.code === code);
    expect(found?.severity).toBe(FINDING_CODES[code as FindingCode]);
    expect((await findingsOf(without)).map((finding) => finding.code)).not.toContain(code);
  });

  it('has a case for every code', () => {
    expect([...Object.keys(CASES), ...BY_THE_SERVICE].sort()).toEqual(Object.keys(FINDING_CODES).sort());
  });

  it('says how many, how much and for example which', async () => {
    const loans = ['L1', 'L2', 'L3'].map((id) => lockedLoan({ loan_id: id, stage: 'Somewhere' }));
    const [unknown] = await findingsOf({ tables: { loans, trades: [trade({ trade_amount: usd(600_000) })] } });
    expect(unknown).toMatchObject({
      code: 'unknown_stage',
      severity: 'warning',
      count: 3,
      dollars: '600000.00',
      examples: ['L1', 'L2', 'L3'],
    });
  });

  it('makes loans without a market price an error when the reservation follows the market and they are many', async () => {
    const severity = async (options: Partial<RunOptions>, settings = {}) =>
      (await findingsOf({ tables: { marketPrices: [] }, options, settings })).find(
        (f) => f.code === 'coupon_without_price',
      )?.severity;
    expect(await severity({ reservation_price: 'market' })).toBe('error');
    expect(await severity({ reservation_price: '100.00000000' })).toBe('warning');
    // All of the pipeline is not more than 100 % of it.
    expect(await severity({ reservation_price: 'market' }, { unpriced_coupon_error_percent: '100' })).toBe('warning');
  });

  it('names each kind of limit that locked loans break, and lets minimums of totals wait', async () => {
    const broken = async (limit: number, changes: object) =>
      (await findingsOf({ tables: limited('Y', limit, changes) })).some(({ code }) => code === 'locked_breaks_limit');
    expect(await broken(100, {})).toBe(false);
    expect(await broken(199_999, { function: 'sum' })).toBe(true);
    expect(await broken(300_000, { function: 'sum', limit_sense: '>=' })).toBe(false);
    expect(await broken(0, { function: 'count', column_name: '*' })).toBe(true);
    expect(await broken(50, { column_name: '*' })).toBe(true);
    expect(await broken(741, { function: 'average', column_name: 'fico', limit_sense: '>=' })).toBe(true);
    expect(await broken(740, { function: 'average', column_name: 'fico', limit_sense: '>=' })).toBe(false);
  });

  it('holds room against both its bounds, and loans without a balance as well as trades', async () => {
    const codes = async (tables: Partial<RunInput>) => (await findingsOf({ tables })).map(({ code }) => code);
    const room = (dollars: number) => codes({ trades: [trade({ trade_amount: usd(dollars), tolerance: 0 })] });
    // 140,000 of 200,000 is 70 %; 240,001 is 120.0005 %.
    expect([await room(140_000), await room(240_001)]).toEqual([[], ['room_out_of_range']]);
    const withLoan = (amount: number) =>
      codes({ loans: [loan({ close_date: AS_OF }), loan({ loan_id: 'L2', close_date: AS_OF, loan_amount: amount })] });
    expect([await withLoan(0), await withLoan(1)]).toEqual([['amount_zero'], []]);
  });

  it('names the rule, the place and what is not there', async () => {
    const tables = { rules: [loanRule('bad', 'fico >= 700 and')], constraintRules: [attach('gone')] };
    const found = (await findingsOf({ tables })).find(({ code }) => code === 'rule_invalid');
    expect(found).toMatchObject({ count: 2, examples: ['bad', 'gone'] });
    expect(found?.message).toContain('bad (line 1, column');
  });
});
