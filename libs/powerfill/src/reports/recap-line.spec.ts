import { BusinessCalendar } from '../domain/calendar';
import type { TradeBaseRow } from '../entities';
import { recapLine } from './recap-line';

const trade: TradeBaseRow = {
  run_id: '00000000-0000-4000-8000-000000000001',
  attempt: 1,
  trade_id: 'T1',
  trade_type: 'mbs',
  delivery_type: 'tba',
  investor_id: 'FNMA',
  counterparty: 'Dealer',
  investor_instrument_name: 'UMBS30',
  product: '30 YR',
  coupon: 5_500_000,
  story: null,
  servicing: 'retained',
  trade_date: '2026-10-01',
  settlement_date: '2026-12-14',
  notification_date: '2026-12-10',
  trade_amount: 500_000_000,
  paired_off_amount: 0,
  delivered_amount: 0,
  obligation_amount: 500_000_000,
  tolerance_down_amount: 50_000,
  tolerance_up_amount: 50_000,
  tail_max: 0,
  must_reach_amount: null,
  target_amount: 500_000_000,
  min_amount: 499_950_000,
  min_amount_before_horizon: 499_950_000,
  max_amount: 500_050_000,
  past_horizon: false,
  price: 10_125_000_000,
  market_price: 10_100_000_000,
  pair_off_kind: 'two_way',
  pair_off_points: -21_875_000,
  fill_amount: 500_040_000,
  fill_count: 16,
  fill_closed_amount: 500_040_000,
  fill_locked_amount: 0,
  fill_pull_through_amount: 500_040_000,
  pool_locked_amount: 0,
  tail_amount: 0,
  wa_note_rate: 6_125_000,
  wa_fico: 7_400_000,
  wa_ltv: 75_000_000,
  wa_dti: null,
  high_balance_amount: 100_008_000,
  top_state: 'CA',
  top_state_amount: 250_020_000,
  not_certified_amount: 0,
  status: 'Filled',
  pair_off_cost: 0,
  shadow_price: 0,
  limits_json: '[]',
};
const calendar = new BusinessCalendar(['2026-11-26']);

describe('a line of the recap', () => {
  it('derives its figures from the trade to the cent', () => {
    const line = recapLine(trade, '2026-11-23', calendar);
    // $5,000,000 at 101.25 against 101.00: 0.25 point of par = $12,500.00.
    expect(line.markToMarket).toBe(1_250_000);
    // $400 over the target at 0.25 point over the market = $1.00.
    expect(line.toleranceOption).toBe(100);
    // 5,000,400 / 5,000,000 = 100.008 % -> 100.01 %.
    expect(line.percentFilled).toBe(10_001n);
    expect(line.toMin).toBe(0);
    expect(line.toMax).toBe(10_000);
    // 1,000,080 / 5,000,400 = 20 %; 2,500,200 / 5,000,400 = 50 %.
    expect([line.highBalancePercent, line.topStatePercent]).toEqual([2_000n, 5_000n]);
    // 24, 25, 27, 30 Nov, 1-4, 7-10 Dec; Thanksgiving (26 Nov) and two week ends do not count: 3+1+4+4 = 12.
    expect(line.notificationDaysLeft).toBe(12);
    expect(line.month).toBe('2026-12');
  });

  it('earns nothing on its tolerance when the minimum was missed', () => {
    const short = recapLine({ ...trade, fill_amount: 400_000_000 }, '2026-11-23', calendar);
    expect(short.toleranceOption).toBeNull();
    // 4,999,500 - 4,000,000.
    expect(short.toMin).toBe(99_950_000);
  });

  it('has no market figures without a market', () => {
    const line = recapLine({ ...trade, market_price: null }, '2026-11-23', calendar);
    expect([line.markToMarket, line.toleranceOption]).toEqual([null, null]);
  });
});
