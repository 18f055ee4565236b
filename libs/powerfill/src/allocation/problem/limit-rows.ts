import { type Limit, type Problem } from './problem';

/** One bound of a limit as an exact linear condition over the placed candidates, `sum coefficient <= bound`. */
export interface LimitRow {
  /** Index into `Problem.limits`. */
  readonly limit: number;
  readonly side: 'min' | 'max';
  /** Minimums of totals and counts hold at the end, every other bound after every class as well. */
  readonly endOnly: boolean;
  /** Candidates with a coefficient, ascending, locked ones included. */
  readonly candidates: Int32Array;
  readonly coefficients: readonly bigint[];
  /** The same as doubles where every sum of them is exact; else null. */
  readonly doubles: Float64Array | null;
  readonly bound: bigint;
  /** Coefficient units in one cent (or loan, for counts) of the row, the attribute's unit included. */
  readonly unit: number;
  /** The locked loans alone break the bound as stated, so that their own value took its place. */
  readonly lockedBreaks: boolean;
}

const ONE = 100_000_000n;

/** The rows of all limits. A bound the locked loans alone break becomes their exact value (engine.md, section 2). */
export function limitRows(problem: Problem): LimitRow[] {
  const byTrade = Array.from(problem.trades.ids, (): number[] => []);
  problem.candidates.trade.forEach((j, c) => byTrade[j]!.push(c));
  return problem.limits.flatMap((limit, n) => {
    const members = Int32Array.from(Array.from(limit.trades, (j) => byTrade[j]!).flat()).sort();
    return (['min', 'max'] as const).flatMap((side) => {
      const bound = limit[side];
      return bound === null ? [] : [rowOf(problem, members, limit, n, side, BigInt(bound))];
    });
  });
}

/** A measured value is `sum above / sum below`; totals and counts have no denominator. */
interface Part {
  readonly above: bigint;
  readonly below: bigint;
}

/** What a loan adds to a limit's value when it is placed in one of its trades. */
export function limitPart(limit: Limit, loan: number, amount: bigint): Part {
  const matching = limit.matches[loan] === 1;
  switch (limit.kind) {
    case 'total':
      return { above: matching ? amount : 0n, below: 0n };
    case 'count':
      return { above: matching ? 1n : 0n, below: 0n };
    case 'share':
      return { above: matching ? amount * ONE : 0n, below: amount };
    case 'count_share':
      return { above: matching ? ONE : 0n, below: 1n };
    case 'weighted_average':
      return matching ? { above: amount * BigInt(limit.attribute![loan]!), below: amount } : { above: 0n, below: 0n };
  }
}

/** Totals and counts: their value is no quotient. */
export function isPlain(limit: Limit): boolean {
  return limit.kind === 'total' || limit.kind === 'count';
}

/** @param members candidates of the limit's trades, ascending */
function rowOf(
  problem: Problem,
  members: Int32Array,
  limit: Limit,
  n: number,
  side: 'min' | 'max',
  stated: bigint,
): LimitRow {
  const { loans, candidates } = problem;
  const indexes: number[] = [];
  const parts: Part[] = [];
  const locked = { above: 0n, below: 0n };
  for (const c of members) {
    const i = candidates.loan[c]!;
    const part = limitPart(limit, i, BigInt(loans.amount[i]!));
    if (part.above === 0n && part.below === 0n) continue;
    indexes.push(c);
    parts.push(part);
    if (loans.lockedTo[i] !== c) continue;
    locked.above += part.above;
    locked.below += part.below;
  }
  const plain = isPlain(limit);
  const endOnly = plain && side === 'min';
  let bound: Part = { above: stated, below: 1n };
  const excess = plain ? locked.above - stated : locked.above - stated * locked.below;
  const lockedBreaks = !endOnly && (side === 'max' ? excess > 0n : excess < 0n);
  if (lockedBreaks) bound = plain ? { above: locked.above, below: 1n } : locked;
  const sign = side === 'max' ? 1n : -1n;
  const coefficients = parts.map((part) => sign * (part.above * bound.below - (plain ? 0n : bound.above * part.below)));
  const right = plain ? sign * bound.above : 0n;
  const divisor =
    coefficients.reduce((gcd, value) => greatestCommonDivisor(gcd, value), greatestCommonDivisor(right, 0n)) || 1n;
  const reduced = coefficients.map((value) => value / divisor);
  return {
    limit: n,
    side,
    endOnly,
    candidates: Int32Array.from(indexes),
    coefficients: reduced,
    doubles: doublesOf(reduced, right / divisor),
    bound: right / divisor,
    unit: (plain ? 1 : Number(ONE * bound.below)) / Number(divisor),
    lockedBreaks,
  };
}

/** Coefficients as doubles, when no sum of them and the bound can pass 2^53. */
function doublesOf(coefficients: readonly bigint[], bound: bigint): Float64Array | null {
  const doubles = Float64Array.from(coefficients, Number);
  const size = doubles.reduce((sum, value) => sum + Math.abs(value), Math.abs(Number(bound)));
  return size < Number.MAX_SAFE_INTEGER / 2 ? doubles : null;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
