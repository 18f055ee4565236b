import { decimalText, moneyText } from '../domain/money';
import { percentOf } from './exact-sums';
import type { RecapLine } from './recap-line';

/** Sums over a group of trades; money as text. */
export interface RecapTotal {
  readonly trades: number;
  readonly loans: number;
  readonly obligation_amount: string;
  readonly target_amount: string;
  readonly min_amount: string;
  readonly max_amount: string;
  readonly fill_amount: string;
  readonly filled_percent: string | null;
  readonly mark_to_market_amount: string;
  readonly pair_off_cost: string;
}

/** Totals of a recap; in every grouping the groups add up to `all`. */
export interface RecapTotals {
  readonly all: RecapTotal;
  readonly by_product: readonly (RecapTotal & { readonly product: string | null })[];
  readonly by_coupon: readonly (RecapTotal & { readonly coupon: string | null })[];
  readonly by_month: readonly (RecapTotal & { readonly month: string })[];
}

/** Adds trades up by product, coupon and settlement month. */
export function recapTotals(lines: readonly RecapLine[]): RecapTotals {
  const coupon = ({ trade }: RecapLine): string | null => (trade.coupon === null ? null : decimalText(trade.coupon, 6));
  return {
    all: totalOf(lines),
    by_product: grouped(lines, ({ trade }) => trade.product).map(([product, group]) => ({
      product,
      ...totalOf(group),
    })),
    by_coupon: grouped(lines, coupon).map(([value, group]) => ({ coupon: value, ...totalOf(group) })),
    by_month: grouped(lines, ({ month }) => month).map(([month, group]) => ({ month, ...totalOf(group) })),
  };
}

function totalOf(lines: readonly RecapLine[]): RecapTotal {
  const sum = (amount: (line: RecapLine) => number | null): bigint =>
    lines.reduce((total, line) => total + BigInt(amount(line) ?? 0), 0n);
  const target = sum(({ trade }) => trade.target_amount);
  const fill = sum((line) => line.fill);
  const percent = percentOf(fill, target);
  return {
    trades: lines.length,
    loans: Number(sum(({ trade }) => trade.fill_count)),
    obligation_amount: moneyText(sum(({ trade }) => trade.obligation_amount)),
    target_amount: moneyText(target),
    min_amount: moneyText(sum(({ trade }) => trade.min_amount)),
    max_amount: moneyText(sum(({ trade }) => trade.max_amount)),
    fill_amount: moneyText(fill),
    filled_percent: percent === null ? null : decimalText(percent, 2),
    mark_to_market_amount: moneyText(sum((line) => line.markToMarket)),
    pair_off_cost: moneyText(sum(({ trade }) => trade.pair_off_cost)),
  };
}

/** Groups by a key, in the order of the keys; those without one come last. */
export function grouped<R, K extends string | null>(rows: readonly R[], keyOf: (row: R) => K): [K, R[]][] {
  const groups = new Map<K, R[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
}
