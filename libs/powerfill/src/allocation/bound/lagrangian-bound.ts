import { divideFloor } from '../problem/exact-arithmetic';
import { type LimitRow } from '../problem/limit-rows';
import { type Problem } from '../problem/problem';

/**
 * A group of priority classes in a bound, in order; a `global` problem is one level of all classes. With the value of
 * each earlier level at least what was achieved, the bound on the last level relaxes those conditions by their weights.
 */
export interface BoundLevel {
  /** Classes `firstClass .. lastClass` belong to the level. */
  readonly firstClass: number;
  readonly lastClass: number;
  /** Multiplier of the level's own value, in 1e-6; `WEIGHT_SCALE` for the last. */
  readonly weight: number;
  /** What the level's value is known to reach, cents; not read for the last level. */
  readonly achieved: number;
  /** Prices of the trades for the level's pairs, 1e-8 point times the weight; rounded here. */
  readonly price: Float64Array;
}

/** Conditions that hold after the last level of a bound, with the multipliers that relax its rows. */
export interface BoundConditions {
  readonly rows: readonly {
    readonly row: LimitRow;
    /** Cents per unit, at least 0; rounded here. */ readonly price: number;
  }[];
  /** 1 per loan that must be placed by the end of the last level. */
  readonly mustPlace: Uint8Array;
  /** A trade's fill after the last level is its locked fill of 0, or at least this. */
  readonly mustReach: Float64Array;
  /** 1 per candidate that some assignment under the conditions may contain; the others are left out. */
  readonly possible?: Uint8Array;
}

export const WEIGHT_SCALE = 1_000_000;

/** All terms are integers of 1e-16 cent: prices of 1e-10 cent a cent, weights of 1e-6. */
const PRICE_UNIT = 1_000_000n;
const VALUE_UNIT = 10_000_000_000n;
export const CENT = PRICE_UNIT * VALUE_UNIT;
/** Row prices are rounded to 1e-12 cent, the rest of the unit follows exactly. */
const ROW_PRICE_UNIT = 1e12;
const ROW_CHARGE_UNIT = 10_000n;

/**
 * Upper bound on the value of the last level, in cents: its pairs' value less switch cost, less the change of the
 * pair-off from the fills after the level before (before the first: of the locked loans) to its own.
 *
 * Lagrangian relaxation of "fill = sum of the placed amounts" per level and trade. Evaluated in integers from rounded
 * multipliers, so it is valid whatever the multipliers are and equal on every machine.
 */
export function lagrangianBound(
  problem: Problem,
  levels: readonly BoundLevel[],
  conditions: BoundConditions | null = null,
): number {
  const prices = levels.map((level) => Array.from(level.price, (price) => BigInt(Math.round(price))));
  const charges = rowCharges(problem, conditions);
  let total = charges.constant + loanTerms(problem, levels, prices, charges.byCandidate, conditions);
  const arrivals = arrivalsByLevel(problem, levels, conditions?.possible);
  for (let j = 0; j < problem.trades.count; j++) {
    total += tradeTerm(
      problem,
      j,
      levels.map((level) => BigInt(level.weight)),
      prices.map((price) => price[j]!),
      arrivals.map(({ fill }) => fill[j]!),
      arrivals.map(({ used }) => used[j] === 1),
      conditions?.mustReach[j] ?? 0,
    );
  }
  levels.slice(0, -1).forEach((level) => {
    total -= BigInt(level.weight) * VALUE_UNIT * BigInt(level.achieved);
  });
  return Number(divideFloor(total, CENT));
}

function levelOfClass(problem: Problem, levels: readonly BoundLevel[]): Int32Array {
  return Int32Array.from(problem.candidates.classPriority, (_, k) =>
    levels.findIndex((level) => level.firstClass <= k && k <= level.lastClass),
  );
}

/** What the relaxed rows charge each candidate, and what their bounds pay back, locked loans settled. */
export function rowCharges(
  problem: Problem,
  conditions: BoundConditions | null,
): { constant: bigint; byCandidate: ReadonlyMap<number, bigint> } {
  const { loans, candidates } = problem;
  const byCandidate = new Map<number, bigint>();
  let constant = 0n;
  for (const { row, price } of conditions?.rows ?? []) {
    const charge = BigInt(Math.round(price * ROW_PRICE_UNIT)) * ROW_CHARGE_UNIT;
    if (charge <= 0n) continue;
    constant += charge * row.bound;
    row.candidates.forEach((c, n) => {
      const amount = charge * row.coefficients[n]!;
      if (loans.lockedTo[candidates.loan[c]!] === c) constant -= amount;
      else byCandidate.set(c, (byCandidate.get(c) ?? 0n) + amount);
    });
  }
  return { constant, byCandidate };
}

/** Each free loan takes its best pair at value less price, or none; locked pairs count what they are worth. */
function loanTerms(
  problem: Problem,
  levels: readonly BoundLevel[],
  prices: readonly bigint[][],
  charges: ReadonlyMap<number, bigint>,
  conditions: BoundConditions | null,
): bigint {
  const { loans, candidates } = problem;
  const levelOf = levelOfClass(problem, levels);
  const weights = levels.map((level) => BigInt(level.weight) * VALUE_UNIT);
  const net = (c: number): bigint => BigInt(candidates.value[c]! - candidates.switchCost[c]!);
  let total = 0n;
  for (let i = 0; i < loans.count; i++) {
    const locked = loans.lockedTo[i]!;
    if (locked >= 0) {
      const level = levelOf[candidates.priorityClass[locked]!]!;
      if (level >= 0) total += weights[level]! * net(locked);
      continue;
    }
    const amount = BigInt(loans.amount[i]!) * PRICE_UNIT;
    let best: bigint | null = conditions?.mustPlace[i] === 1 ? null : 0n;
    for (let c = candidates.start[i]!; c < candidates.start[i + 1]!; c++) {
      const level = levelOf[candidates.priorityClass[c]!]!;
      if (level < 0 || conditions?.possible?.[c] === 0 || exceedsRoom(problem, c)) continue;
      const value = weights[level]! * net(c) - prices[level]![candidates.trade[c]!]! * amount - (charges.get(c) ?? 0n);
      if (best === null || value > best) best = value;
    }
    total += best ?? 0n;
  }
  return total;
}

/** Whether a free loan is larger than all the room the locked loans leave in the trade: it is never placed there. */
function exceedsRoom({ loans, trades, candidates }: Problem, c: number): boolean {
  const j = candidates.trade[c]!;
  return trades.lockedFill[j]! + loans.amount[candidates.loan[c]!]! > trades.max[j]!;
}

/** Per level the largest fill each trade could have after it (room, or all that could arrive), and whether it can rise. */
function arrivalsByLevel(
  problem: Problem,
  levels: readonly BoundLevel[],
  possible?: Uint8Array,
): { readonly fill: Float64Array; readonly used: Uint8Array }[] {
  const { loans, trades, candidates } = problem;
  const levelOf = levelOfClass(problem, levels);
  return levels.map((_, upTo) => {
    const fill = trades.lockedFill.slice();
    const used = new Uint8Array(trades.count);
    for (let c = 0; c < candidates.count; c++) {
      const level = levelOf[candidates.priorityClass[c]!]!;
      if (possible?.[c] === 0) continue;
      if (level < 0 || level > upTo || loans.lockedTo[candidates.loan[c]!]! >= 0 || exceedsRoom(problem, c)) continue;
      const j = candidates.trade[c]!;
      fill[j]! += loans.amount[candidates.loan[c]!]!;
      if (level === upTo) used[j] = 1;
    }
    return { fill: fill.map((all, j) => Math.min(all, Math.max(trades.max[j]!, trades.lockedFill[j]!))), used };
  });
}

/**
 * Largest `sum price_l * (f_l - f_(l-1)) - weight_l * (pairOff(f_l) - pairOff(f_(l-1)))` over rising fills that start
 * at the locked fill. Everything is linear on both sides of L, so each f_l is the start, the last cent below L, L, or
 * one of the levels' largest fills; it rises only in levels with pairs for the trade. Pair-off is rounded to cents, at most half a cent off its line: that is added.
 */
function tradeTerm(
  problem: Problem,
  j: number,
  weights: bigint[],
  prices: bigint[],
  largest: number[],
  used: boolean[],
  mustReach: number,
): bigint {
  const { trades } = problem;
  const base = trades.lockedFill[j]!;
  const min = trades.min[j]!;
  const rate = BigInt(trades.pairOffRate[j]!);
  const cost = (fill: number): bigint => (fill >= min ? 0n : rate * BigInt(trades.target[j]! - fill));
  const corners = [...new Set([base, min - 1, min, mustReach, ...largest])]
    .filter((fill) => fill >= base)
    .sort((a, b) => a - b);
  let reach: (bigint | null)[] = corners.map((fill) => (fill === base ? 0n : null));
  let slack = 0n;
  weights.forEach((weight, level) => {
    const before = reach;
    const scaled = (n: number): bigint => cost(corners[n]!) * weight;
    reach = corners.map((fill, to) => {
      if (fill > largest[level]!) return null;
      if (level === weights.length - 1 && fill > 0 && fill < mustReach) return null;
      let best: bigint | null = null;
      for (let from = used[level] === true ? 0 : to; from <= to; from++) {
        const start = before[from] ?? null;
        if (start === null) continue;
        const step = prices[level]! * PRICE_UNIT * BigInt(fill - corners[from]!) - scaled(to) + scaled(from);
        if (best === null || start + step > best) best = start + step;
      }
      return best;
    });
    if (base < min && rate !== 0n) slack += weight * VALUE_UNIT;
  });
  const best = reach.reduce<bigint | null>((top, value) => (top === null || (value ?? top) > top ? value : top), null);
  // Locked loans short of a minimum that nothing can reach: without the minimum the bound still holds.
  return best === null ? tradeTerm(problem, j, weights, prices, largest, used, 0) : best + slack;
}
