import { decimalText, moneyText } from '../domain/money';
import { percentOf } from './exact-sums';
import type { RecapLine } from './recap-line';
import { grouped } from './recap-totals';
import type { UnplacedGroup } from './unplaced-groups';

/** How far the trades of a product cover its loans; money as text. */
export interface CoverageRow {
  /** Null for loans of no product that is traded. */
  readonly product: string | null;
  readonly target_amount: string;
  readonly placed_amount: string;
  readonly unplaced_amount: string;
  /** Target over placed and unplaced loans, percent with two places; null without loans. */
  readonly coverage_percent: string | null;
}

interface Entry {
  readonly product: string | null;
  readonly target: bigint;
  readonly placed: bigint;
  readonly unplaced: bigint;
}

/**
 * Coverage by product. A loan without a trade counts to the product of its best alternative's instrument, or of
 * its nearest trade when that instrument is not traded: a run stores no product of its own for a loan.
 */
export function coverageRows(lines: readonly RecapLine[], unplaced: readonly UnplacedGroup[]): CoverageRow[] {
  const ofTrade = new Map(lines.map(({ trade }) => [trade.trade_id, trade.product]));
  const ofInstrument = new Map(lines.map(({ trade }) => [trade.investor_instrument_name, trade.product]));
  const productOf = ({ alternative, nearestTradeId }: UnplacedGroup): string | null =>
    (alternative === null ? undefined : ofInstrument.get(alternative.investor_instrument_name)) ??
    (nearestTradeId === null ? undefined : ofTrade.get(nearestTradeId)) ??
    null;
  const entries: Entry[] = [
    ...lines.map(({ trade, fill }) => ({
      product: trade.product,
      target: BigInt(trade.target_amount),
      placed: BigInt(fill),
      unplaced: 0n,
    })),
    ...unplaced.map((group) => ({ product: productOf(group), target: 0n, placed: 0n, unplaced: group.cents })),
  ];
  return grouped(entries, ({ product }) => product).map(([product, group]) => {
    const sum = (of: (entry: Entry) => bigint): bigint => group.reduce((total, entry) => total + of(entry), 0n);
    const [target, placed, open] = [sum((e) => e.target), sum((e) => e.placed), sum((e) => e.unplaced)];
    const percent = percentOf(target, placed + open);
    return {
      product,
      target_amount: moneyText(target),
      placed_amount: moneyText(placed),
      unplaced_amount: moneyText(open),
      coverage_percent: percent === null ? null : decimalText(percent, 2),
    };
  });
}
