import type { SyntheticTradeRow } from '../entities';
import { coverageRows } from './coverage';
import { positionRows } from './position';
import type { RecapLine } from './recap-line';
import type { UnplacedGroup } from './unplaced-groups';

const line = (trade: string, product: string, coupon: number | null, target: number, fill: number): RecapLine => ({
  trade: {
    trade_id: trade,
    product,
    coupon,
    target_amount: target,
    investor_instrument_name: `I-${product}`,
  } as RecapLine['trade'],
  month: '2026-12',
  notificationDaysLeft: null,
  markToMarket: null,
  fill,
  percentFilled: null,
  toMin: 0,
  toMax: 0,
  highBalancePercent: null,
  topStatePercent: null,
  toleranceOption: null,
});
const unplaced = (cents: bigint, instrument: string | null, nearestTradeId: string | null = null): UnplacedGroup => ({
  nearestTradeId,
  alternative:
    instrument === null
      ? null
      : ({
          investor_instrument_name: instrument,
          coupon: 6_000_000,
          settlement_month: '2026-12',
        } as SyntheticTradeRow),
  loans: 1,
  cents,
});

describe('the position', () => {
  it('nets what trades still need against loans without one, by coupon and month', () => {
    const rows = positionRows(
      [line('T1', '30 YR', 6_000_000, 1_000, 400), line('T2', '30 YR', 6_000_000, 500, 600)],
      [unplaced(250n, 'I-30 YR'), unplaced(70n, null)],
    );
    // T1 lacks $6.00; T2 is $1.00 over and lacks nothing. $2.50 - $6.00 = -$3.50.
    expect(rows).toMatchObject([
      {
        coupon: '6.000000',
        month: '2026-12',
        trades: 2,
        short_amount: '6.00',
        long_amount: '2.50',
        net_amount: '-3.50',
      },
      { coupon: null, month: null, trades: 0, short_amount: '0.00', long_amount: '0.70' },
    ]);
  });
});

describe('the coverage', () => {
  it('counts a loan to its alternative, else to its nearest trade, else to no product', () => {
    const rows = coverageRows(
      [line('T1', '15 YR', 1, 300, 100), line('T2', '30 YR', 1, 900, 700)],
      [unplaced(100n, 'I-15 YR', 'T2'), unplaced(500n, 'I-none', 'T2'), unplaced(50n, null)],
    );
    // 15 YR: 3.00 / (1.00 + 1.00) = 150 %. 30 YR: 9.00 / (7.00 + 5.00) = 75 %.
    expect(rows).toEqual([
      {
        product: '15 YR',
        target_amount: '3.00',
        placed_amount: '1.00',
        unplaced_amount: '1.00',
        coverage_percent: '150.00',
      },
      {
        product: '30 YR',
        target_amount: '9.00',
        placed_amount: '7.00',
        unplaced_amount: '5.00',
        coverage_percent: '75.00',
      },
      {
        product: null,
        target_amount: '0.00',
        placed_amount: '0.00',
        unplaced_amount: '0.50',
        coverage_percent: '0.00',
      },
    ]);
  });
});
