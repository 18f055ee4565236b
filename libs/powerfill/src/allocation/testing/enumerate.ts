import { type Problem } from '../problem/problem';

/** An assignment judged from the definition alone, in integers. */
export interface Judged {
  readonly objective: bigint;
  readonly classValues: readonly bigint[];
  readonly feasible: boolean;
}

const roundHalfAway = (numerator: bigint, denominator: bigint): bigint =>
  numerator < 0n ? -roundHalfAway(-numerator, denominator) : (numerator * 2n + denominator) / (denominator * 2n);

/** Judges one assignment (candidate per loan, -1 = none) of a problem without limits, as engine.md defines it. */
export function judge(problem: Problem, chosen: readonly number[]): Judged {
  const { loans, trades, candidates } = problem;
  const fills = Array.from(trades.lockedFill, (fill) => BigInt(fill));
  const pairOff = (): bigint =>
    fills.reduce((sum, fill, j) => {
      if (fill >= BigInt(trades.min[j]!)) return sum;
      return sum + roundHalfAway(BigInt(trades.pairOffRate[j]!) * (BigInt(trades.target[j]!) - fill), 10_000_000_000n);
    }, 0n);
  const start = pairOff();
  let before = start;
  const classValues = Array.from(candidates.classPriority, (_, k) => {
    let value = 0n;
    chosen.forEach((c, i) => {
      if (c < 0 || candidates.priorityClass[c] !== k) return;
      value += BigInt(candidates.value[c]!) - BigInt(candidates.switchCost[c]!);
      if (loans.lockedTo[i]! < 0) fills[candidates.trade[c]!]! += BigInt(loans.amount[i]!);
    });
    const after = pairOff();
    value -= after - before;
    before = after;
    return value;
  });
  const feasible = fills.every((fill, j) => Number(fill) <= Math.max(trades.max[j]!, trades.lockedFill[j]!));
  return { objective: classValues.reduce((sum, v) => sum + v, -start), classValues, feasible };
}

/** Every feasible assignment of a tiny problem, judged. */
export function enumerate(problem: Problem): Judged[] {
  const { loans, candidates } = problem;
  let partial: number[][] = [[]];
  for (let i = 0; i < loans.count; i++) {
    const own = Array.from(
      { length: candidates.start[i + 1]! - candidates.start[i]! },
      (_, n) => candidates.start[i]! + n,
    );
    const choices = loans.lockedTo[i]! >= 0 ? [loans.lockedTo[i]!] : [-1, ...own];
    partial = partial.flatMap((chosen) => choices.map((c) => [...chosen, c]));
  }
  return partial.map((chosen) => judge(problem, chosen)).filter((judged) => judged.feasible);
}
