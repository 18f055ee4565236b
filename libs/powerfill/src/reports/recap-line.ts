import type { BusinessCalendar, IsoDate } from '../domain/calendar';
import { divideRounded } from '../domain/money';
import type { TradeBaseRow } from '../entities';
import { percentOf } from './exact-sums';

/** A trade of the recap: its row with the figures derived from it. Amounts in cents, percents in 1e-2 percent. */
export interface RecapLine {
  readonly trade: TradeBaseRow;
  /** `YYYY-MM` of settlement. */
  readonly month: string;
  /** Business days after the as-of date up to the notification; 0 once it is past. */
  readonly notificationDaysLeft: number | null;
  /** What the price agreed is worth over today's market, on the obligation; negative = under water. */
  readonly markToMarket: number | null;
  readonly fill: number;
  readonly percentFilled: bigint | null;
  /** Dollars missing to the minimum. */
  readonly toMin: number;
  /** Room left up to the maximum; negative = overfilled. */
  readonly toMax: number;
  readonly highBalancePercent: bigint | null;
  readonly topStatePercent: bigint | null;
  /**
   * What filling to `fill` instead of the target earned against the market: above the target at a price above the
   * market, or below it at a price under the market, is a gain. Null below the minimum, where the pair-off is owed
   * instead, and without a market.
   */
  readonly toleranceOption: number | null;
}

/** Cents times points of 1e-8 over 100 par. */
const inDollars = (cents: number, points: number): number =>
  Number(divideRounded(BigInt(cents) * BigInt(points), 10n ** 10n));

/** Derives a trade's line (config-and-reports.md, `/recap`). */
export function recapLine(trade: TradeBaseRow, asOf: IsoDate, calendar: BusinessCalendar): RecapLine {
  const fill = trade.fill_amount ?? 0;
  const overMarket = trade.price === null || trade.market_price === null ? null : trade.price - trade.market_price;
  const share = (amount: number | null): bigint | null =>
    amount === null ? null : percentOf(BigInt(amount), BigInt(fill));
  return {
    trade,
    month: trade.settlement_date.slice(0, 7),
    notificationDaysLeft:
      trade.notification_date === null ? null : calendar.businessDaysBetween(asOf, trade.notification_date),
    markToMarket: overMarket === null ? null : inDollars(trade.obligation_amount, overMarket),
    fill,
    percentFilled: percentOf(BigInt(fill), BigInt(trade.target_amount)),
    toMin: Math.max(0, trade.min_amount - fill),
    toMax: trade.max_amount - fill,
    highBalancePercent: share(trade.high_balance_amount),
    topStatePercent: share(trade.top_state_amount),
    toleranceOption:
      overMarket === null || fill < trade.min_amount || trade.past_horizon
        ? null
        : inDollars(fill - trade.target_amount, overMarket),
  };
}
