import { type LevelTerms } from '../stage/level-terms';
import { type Multipliers } from './restricted-lp';
import { rowCharge, type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** Value of every option at multipliers, cents: what its loan earns there over what it uses. */
export function optionWorths(
  { net, trade, amount, loanOf }: Stage,
  restrictions: Restrictions,
  { ofOption }: LevelTerms,
  { price, rowPrice, weight }: Multipliers,
): Float64Array {
  return net.map((value, o) => {
    const own = weight[ofOption[o]!]! * value - price[trade[o]!]! * 1e-10 * amount[loanOf[o]!]!;
    return own - rowCharge(restrictions, o, rowPrice);
  });
}

/** What each loan has at its best option, or by staying out where it may, cents. */
export function bestWorths(stage: Stage, { mustPlace }: Restrictions, worth: Float64Array): Float64Array {
  return stage.amount.map((_, s) => {
    let best = mustPlace[s] === 1 ? -Infinity : 0;
    for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) best = Math.max(best, worth[o]!);
    return best;
  });
}
