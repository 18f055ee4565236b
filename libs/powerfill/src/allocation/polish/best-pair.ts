import { type Combinations } from './combinations';
import { type Guidance } from './exchange-search';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { type Standing } from './neighbourhood-model';

/** A combination of each half of the movers, by its place in the list, and what they gain together, cents; x = -1: none. */
export interface Exchange {
  readonly x: number;
  readonly y: number;
  readonly gain: number;
}

/** What the trades of a set hold and may hold, and what is left of the rows that its loans count in. */
interface SetTerms {
  readonly fill: Float64Array;
  readonly baseFill: Float64Array;
  readonly room: Float64Array;
  readonly min: Float64Array;
  readonly target: Float64Array;
  /** Of the pair-off, 1e-8 point. */
  readonly rate: Float64Array;
  readonly mustReach: Float64Array;
  /** Price of the room, cents per cent. */
  readonly price: Float64Array;
  /** Per row, in its units; below 0 where it is broken. */
  readonly left: Float64Array;
  /** Per row, cents per unit. */
  readonly rowPrice: Float64Array;
}

/** What combinations take from each book at most, and bring to it. */
interface Changes {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/**
 * The pair of combinations, one of each list, that gains most of those that gain more than `least` cents and miss nothing.
 *
 * The lists are in the order of what the guide says they gain, so that an entry ends the search of the rest where that and
 * what fills and rows could gain beside it cannot beat the best. How much that is is worked out for the lists as a whole
 * and again for each entry of the first, where less is left to gain.
 *
 * @param trades first of the books that combinations change
 * @param rows the other books
 */
export function bestPair(
  stage: Stage,
  restrictions: Restrictions,
  guidance: Guidance,
  [a, b]: readonly [Combinations, Combinations],
  standing: Standing,
  trades: readonly number[],
  rows: readonly number[],
  least: number,
): Exchange {
  const width = trades.length + rows.length;
  const terms = termsOf(stage, restrictions, guidance, standing, trades, rows);
  const { fill, room, mustReach, left } = terms;
  let owed = 0;
  let earned = 0;
  for (let d = 0; d < trades.length; d++) {
    owed += owedAt(terms, d, fill[d]!);
    earned += Math.max(0, -terms.target[d]! * terms.rate[d]! * 1e-10);
  }
  const slackOfAll = slackOf(terms, a, b);
  const stays = { x: a.idle(), y: b.idle() };
  const found = { x: -1, y: -1, gain: least };
  const { gain, value, change, count } = b;
  const begun = new Float64Array(trades.length);
  for (let x = 0; x < a.count; x++) {
    if (a.gain[x]! + gain[0]! + slackOfAll <= found.gain) break;
    const chosen = a.change.subarray(x * width, (x + 1) * width);
    for (let d = 0; d < begun.length; d++) begun[d] = fill[d]! + chosen[d]!;
    const ofChosen = a.value[x]! + owed;
    // An entry that gains less by the guide, or is worth less, cannot do it, even where negative pair-offs pay the most.
    const atMost = a.gain[x]! + slackOf(terms, { least: chosen, most: chosen }, b);
    const worthAtMost = ofChosen + earned;
    next: for (let y = 0; y < count; y++) {
      if (gain[y]! + atMost <= found.gain) break;
      if (value[y]! + worthAtMost <= found.gain) continue;
      let gained = ofChosen + value[y]!;
      const at = y * width;
      for (let d = 0; d < begun.length; d++) {
        const now = begun[d]! + change[at + d]!;
        if (now > room[d]!) continue next;
        gained -= owedAt(terms, d, now);
      }
      if (gained <= found.gain || (x === stays.x && y === stays.y)) continue;
      for (let d = 0; d < begun.length; d++) {
        const now = begun[d]! + change[at + d]!;
        if (now > 0 && now < mustReach[d]!) continue next;
      }
      for (let d = begun.length; d < width; d++) {
        const by = chosen[d]! + change[at + d]!;
        if (by > 0 && by > left[d - begun.length]!) continue next;
      }
      found.x = x;
      found.y = y;
      found.gain = gained;
    }
  }
  return found;
}

function termsOf(
  stage: Stage,
  restrictions: Restrictions,
  guidance: Guidance,
  standing: Standing,
  trades: readonly number[],
  rows: readonly number[],
): SetTerms {
  const ofTrades = (values: Float64Array): Float64Array => Float64Array.from(trades, (j) => values[j]!);
  return {
    fill: ofTrades(standing.fill),
    baseFill: ofTrades(stage.baseFill),
    room: ofTrades(stage.room),
    min: ofTrades(stage.min),
    target: ofTrades(stage.target),
    rate: ofTrades(stage.pairOffRate),
    mustReach: ofTrades(restrictions.mustReach),
    price: Float64Array.from(trades, (j) => guidance.price[j]! * 1e-10),
    left: Float64Array.from(rows, (r) => restrictions.bound[r]! - standing.activity[r]!),
    rowPrice: Float64Array.from(rows, (r) => guidance.rowPrice[r]!),
  };
}

/** The pair-off of a trade of the set at a fill without its rounding, cents. */
function owedAt({ min, target, rate }: SetTerms, d: number, fill: number): number {
  return fill >= min[d]! ? 0 : (target[d]! - fill) * rate[d]! * 1e-10;
}

/**
 * What trades and rows could at most gain by the fills and activities that the changes lead to, at their prices, cents;
 * -Infinity where all leave a trade too little room.
 */
function slackOf(terms: SetTerms, { least, most }: Changes, second: Changes): number {
  const { fill, baseFill, room, min, left, rowPrice } = terms;
  const trades = fill.length;
  let slack = 0;
  for (let d = 0; d < trades; d++) {
    const low = Math.max(baseFill[d]!, fill[d]! + least[d]! + second.least[d]!);
    const high = Math.min(room[d]!, fill[d]! + most[d]! + second.most[d]!);
    if (low > high) return -Infinity;
    let best = Math.max(worthAt(terms, d, low), worthAt(terms, d, high));
    for (let at = min[d]! - 1; at <= min[d]!; at++)
      if (at > low && at < high) best = Math.max(best, worthAt(terms, d, at));
    slack += best - worthAt(terms, d, fill[d]!);
  }
  for (let n = 0; n < rowPrice.length; n++) {
    const d = trades + n;
    slack += rowPrice[n]! * Math.min(Math.max(0, left[n]!), most[d]! + second.most[d]!);
  }
  return slack;
}

/** What a fill is worth at the price of the trade's room, less its pair-off, cents. */
function worthAt(terms: SetTerms, d: number, fill: number): number {
  return terms.price[d]! * fill - owedAt(terms, d, fill);
}
