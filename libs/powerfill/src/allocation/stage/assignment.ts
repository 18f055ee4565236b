import { pairOff } from '../problem/pair-off';
import { type Problem } from '../problem/problem';
import { type Stage, type StageAssignment } from './stage';

/** A whole assignment while it is built: per loan its candidate (-1 = not placed), and the fills. */
export interface Assignment {
  readonly candidate: Int32Array;
  readonly fill: Float64Array;
}

/** Only the locked loans placed. */
export function lockedAssignment(problem: Problem): Assignment {
  return { candidate: problem.loans.lockedTo.slice(), fill: problem.trades.lockedFill.slice() };
}

/** Adds what a stage placed. */
export function withStage(before: Assignment, stage: Stage, placed: StageAssignment): Assignment {
  const candidate = before.candidate.slice();
  placed.option.forEach((o, s) => {
    if (o >= 0) candidate[stage.loans[s]!] = stage.candidate[o]!;
  });
  return { candidate, fill: placed.fill.slice() };
}

/** Value less switch cost of a candidate, cents. */
export function netValue(problem: Problem, candidate: number): number {
  return problem.candidates.value[candidate]! - problem.candidates.switchCost[candidate]!;
}

/** Value less switch cost of the locked loans, cents; what their trades' pair-off costs is not in it. */
export function lockedValue(problem: Problem): number {
  let value = 0;
  for (const c of problem.loans.lockedTo) if (c >= 0) value += netValue(problem, c);
  return value;
}

/** Pair-off cost of all trades at these fills, cents. */
export function totalPairOff(problem: Problem, fill: Float64Array): number {
  let total = 0;
  for (let j = 0; j < problem.trades.count; j++) total += pairOff(problem.trades, j, fill[j]!);
  return total;
}

/** The model's objective, cents (engine.md, section 2). */
export function objectiveOf(problem: Problem, { candidate, fill }: Assignment): number {
  let total = 0 - totalPairOff(problem, fill);
  for (const c of candidate) if (c >= 0) total += netValue(problem, c);
  return total;
}

/** V_1 .. V_K: value less switch cost of the class's pairs, less the change of the pair-off its pairs bring, cents. */
export function classValues(problem: Problem, candidate: Int32Array): number[] {
  const { loans, trades, candidates } = problem;
  const fill = trades.lockedFill.slice();
  const byClass = Array.from(candidates.classPriority, (): number[] => []);
  for (const c of candidate) if (c >= 0) byClass[candidates.priorityClass[c]!]!.push(c);
  let before = totalPairOff(problem, fill);
  return byClass.map((pairs) => {
    let value = 0;
    for (const c of pairs) {
      value += netValue(problem, c);
      const i = candidates.loan[c]!;
      if (loans.lockedTo[i] !== c) fill[candidates.trade[c]!]! += loans.amount[i]!;
    }
    const after = totalPairOff(problem, fill);
    value -= after - before;
    before = after;
    return value;
  });
}
