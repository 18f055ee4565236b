import { decimalText, moneyText } from '../domain/money';
import type { RecapLine } from './recap-line';
import { grouped } from './recap-totals';
import type { UnplacedGroup } from './unplaced-groups';

/** The desk's position in one coupon and settlement month; money as text. */
export interface PositionRow {
  /** Null for loans that no market quote fits. */
  readonly coupon: string | null;
  readonly month: string | null;
  readonly trades: number;
  readonly target_amount: string;
  readonly fill_amount: string;
  /** What the trades still have to be delivered. */
  readonly short_amount: string;
  /** Loans without a trade, at the coupon and month of their best alternative. */
  readonly long_amount: string;
  /** Long less short; positive = more loans than trades. */
  readonly net_amount: string;
}

interface Entry {
  readonly coupon: string | null;
  readonly month: string | null;
  readonly trades: number;
  readonly target: bigint;
  readonly fill: bigint;
  readonly short: bigint;
  readonly long: bigint;
}

const NONE = { trades: 0, target: 0n, fill: 0n, short: 0n, long: 0n };

function ofTrade({ trade, month, fill }: RecapLine): Entry {
  return {
    ...NONE,
    coupon: trade.coupon === null ? null : decimalText(trade.coupon, 6),
    month,
    trades: 1,
    target: BigInt(trade.target_amount),
    fill: BigInt(fill),
    short: BigInt(Math.max(0, trade.target_amount - fill)),
  };
}

function ofLoans({ alternative, cents }: UnplacedGroup): Entry {
  return {
    ...NONE,
    coupon: alternative === null ? null : decimalText(alternative.coupon, 6),
    month: alternative?.settlement_month ?? null,
    long: cents,
  };
}

/** Long and short by coupon and month, in that order; loans no market quote fits come last. */
export function positionRows(lines: readonly RecapLine[], unplaced: readonly UnplacedGroup[]): PositionRow[] {
  const entries = [...lines.map(ofTrade), ...unplaced.map(ofLoans)];
  const sum = (group: readonly Entry[], of: (entry: Entry) => bigint): bigint =>
    group.reduce((total, entry) => total + of(entry), 0n);
  return grouped(entries, ({ coupon }) => coupon).flatMap(([coupon, ofCoupon]) =>
    grouped(ofCoupon, ({ month }) => month).map(([month, group]) => {
      const long = sum(group, (entry) => entry.long);
      const short = sum(group, (entry) => entry.short);
      return {
        coupon,
        month,
        trades: group.reduce((count, entry) => count + entry.trades, 0),
        target_amount: moneyText(sum(group, (entry) => entry.target)),
        fill_amount: moneyText(sum(group, (entry) => entry.fill)),
        short_amount: moneyText(short),
        long_amount: moneyText(long),
        net_amount: moneyText(long - short),
      };
    }),
  );
}
