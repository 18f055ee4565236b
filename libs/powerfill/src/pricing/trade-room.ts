import type { TradeRow } from '../entities';
import { multiplyDivide } from './arithmetic';

/** A trade's room in cents (engine.md, step 2); T, L and U are less what was delivered and never below 0. */
export interface TradeRoom {
  readonly obligation: number;
  readonly toleranceDown: number;
  readonly toleranceUp: number;
  readonly target: number;
  /** L before the horizon rule. */
  readonly min: number;
  readonly max: number;
  /** U without `tail_max`. */
  readonly maxWithoutTail: number;
}

/** Percent at 1e-6 of an amount, as a divisor. */
const PERCENT = 100_000_000;

type RoomColumns = Pick<
  TradeRow,
  | 'trade_amount'
  | 'paired_off_amount'
  | 'delivered_amount'
  | 'tolerance'
  | 'tolerance_down'
  | 'tolerance_min_amount'
  | 'tail_max'
>;

/**
 * Room of a trade. A trade paired off in full has no room left, whatever its minimum tolerance in dollars:
 * there is nothing to deliver against.
 */
export function tradeRoom(trade: RoomColumns): TradeRoom {
  const obligation = Math.max(0, trade.trade_amount - (trade.paired_off_amount ?? 0));
  const delivered = trade.delivered_amount ?? 0;
  const up = trade.tolerance ?? 0;
  const toleranceUp = toleranceDollars(obligation, up, trade.tolerance_min_amount ?? 0);
  const toleranceDown = toleranceDollars(obligation, trade.tolerance_down ?? up, trade.tolerance_min_amount ?? 0);
  const tail = obligation === 0 ? 0 : (trade.tail_max ?? 0);
  const left = (amount: number): number => Math.max(0, amount - delivered);
  return {
    obligation,
    toleranceDown,
    toleranceUp,
    target: left(obligation),
    min: left(obligation - toleranceDown),
    max: left(obligation + toleranceUp + tail),
    maxWithoutTail: left(obligation + toleranceUp),
  };
}

function toleranceDollars(obligation: number, percent: number, minimum: number): number {
  return obligation === 0 ? 0 : Math.max(multiplyDivide(obligation, percent, PERCENT), minimum);
}
