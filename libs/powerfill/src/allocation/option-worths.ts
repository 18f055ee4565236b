import { type LevelTerms } from './level-terms';
import { type Multipliers } from './restricted-lp';
import { rowCharge, type Restrictions } from './restrictions';
import { type Stage } from './stage';

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
