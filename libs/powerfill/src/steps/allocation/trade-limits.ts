import { type LimitKind } from '../../allocation/problem/problem-file';
import { type AllocationSolution } from '../../allocation-worker';
import { decimalText, moneyText, pointsText } from '../../domain/money';

/** A limit of a trade as the recap shows it: dollars of a `total`, loans of a `count`, else fractions or averages. */
export interface TradeLimit {
  readonly limit: string;
  readonly kind: LimitKind;
  /** Null = nothing is counted, so the limit holds. */
  readonly value: string | null;
  readonly min: string | null;
  readonly max: string | null;
  /** Points of 100 par per dollar in the limit's row; dollars per loan for counts. */
  readonly shadow_price: string;
}

/** The limits of each trade, by trade id; one over several trades stands at each of them. */
export function tradeLimits({ limits }: Pick<AllocationSolution, 'limits'>): ReadonlyMap<string, TradeLimit[]> {
  const byTrade = new Map<string, TradeLimit[]>();
  for (const { id, kind, tradeIds, value, min, max, shadowPrice } of limits) {
    const isCount = kind === 'count' || kind === 'count_share';
    const row = {
      limit: id,
      kind,
      value: measure(kind, value),
      min: measure(kind, min),
      max: measure(kind, max),
      shadow_price: isCount ? moneyText(shadowPrice) : pointsText(shadowPrice),
    };
    for (const tradeId of tradeIds) byTrade.set(tradeId, [...(byTrade.get(tradeId) ?? []), row]);
  }
  return byTrade;
}

function measure(kind: LimitKind, value: number | null): string | null {
  if (value === null) return null;
  if (kind === 'total') return moneyText(value);
  return kind === 'count' ? String(value) : decimalText(value, 8);
}
