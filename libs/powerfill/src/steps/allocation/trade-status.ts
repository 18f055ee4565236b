import { mulRate } from '../../allocation/problem/exact-arithmetic';
import { type PricedTrade } from '../step-results';

export type TradeFillStatus = 'Overfilled' | 'Filled' | 'Open' | 'Empty' | 'Short';

/**
 * Status of a trade at fill `fill`, in cents (engine.md, step 5): `Overfilled` above U (locked loans alone can do that);
 * `Filled` with something in it and at least L before the horizon rule; else `Open` past the horizon or without a
 * target; else `Empty`; else `Short`.
 */
export function tradeStatus(priced: PricedTrade, fill: number): TradeFillStatus {
  if (fill > priced.max) return 'Overfilled';
  if (fill > 0 && fill >= priced.minBeforeHorizon) return 'Filled';
  if (priced.pastHorizon || priced.target === 0) return 'Open';
  return fill === 0 ? 'Empty' : 'Short';
}

/** Pair-off owed at fill `fill`, cents: nothing from L up, else q on the whole of `T - fill` (engine.md, section 2). */
export const pairOffCost = (priced: PricedTrade, fill: number): number =>
  fill >= priced.min ? 0 : mulRate(priced.target - fill, priced.pairOffPoints);
