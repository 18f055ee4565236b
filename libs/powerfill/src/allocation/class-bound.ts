import { netValue } from './assignment';
import { type Checkpoint } from './checkpoint';
import { type BoundLevel, lagrangianBound, WEIGHT_SCALE } from './lagrangian-bound';
import { pairOff } from './pair-off';
import { type Problem } from './problem';
import { buildStage, type Stage } from './stage';
import { solveTransport } from './transport-lp';

/** Bound on a class's value, with the weights that gave it. */
export interface ClassBound {
  /** Cents. */
  readonly upperBound: number;
  /** Weight of "this earlier class keeps its value", per earlier class. */
  readonly weights: Float64Array;
}

/** Relaxations solved in search of weights: at most this many, and no more than this much work in candidates. */
const MOST_EVALUATIONS = 15;
const EVALUATION_WORK = 600_000;
const MOST_WEIGHT = 1_000;

/**
 * Bound on V_k over all assignments in which each earlier class keeps at least its value. These conditions are relaxed
 * with a weight each; the bound is convex in the weights, and steps towards what each relaxation overshoots or misses
 * (Polyak's rule, aiming at the value achieved) lower it. Every weight gives a valid bound; the least is kept.
 *
 * @param values V of the classes, cents
 * @param warm good weights of the class before, the start
 */
export function classBound(
  problem: Problem,
  k: number,
  values: readonly number[],
  warm: Float64Array,
  checkpoint: Checkpoint,
): ClassBound {
  const evaluations = k === 0 ? 1 : affordable(problem, k);
  const starts = [warm, new Float64Array(k).fill(1), new Float64Array(k)].slice(0, evaluations);
  let done = 0;
  const at = (weights: Float64Array): Evaluation => {
    const evaluation = evaluate(problem, k, values, weights, (share) => checkpoint((done + share) / evaluations));
    done += 1;
    return evaluation;
  };
  let best = at(starts[0]!);
  for (const weights of starts.slice(1)) {
    const here = at(weights);
    if (here.upperBound < best.upperBound) best = here;
  }
  let boldness = 1;
  while (done < evaluations && best.upperBound > values[k]!) {
    const weights = stepFrom(best, values[k]!, boldness);
    if (weights === null) break;
    const here = at(weights);
    if (here.upperBound < best.upperBound) best = here;
    else boldness /= 2;
  }
  return best;
}

/** How many relaxations of classes 0 .. k the budget allows; at least one. */
function affordable({ candidates }: Problem, k: number): number {
  const size = candidates.priorityClass.reduce((count, own) => count + (own <= k ? 1 : 0), 0);
  return Math.max(1, Math.min(MOST_EVALUATIONS, Math.floor(EVALUATION_WORK / Math.max(1, size))));
}

interface Evaluation extends ClassBound {
  /** What the relaxation's earlier classes have above what they must keep, cents; negative = they miss it. */
  readonly surplus: Float64Array;
}

function stepFrom(from: Evaluation, aim: number, boldness: number): Float64Array | null {
  const norm = from.surplus.reduce((sum, s, l) => sum + (s > 0 && from.weights[l] === 0 ? 0 : s * s), 0);
  if (norm === 0) return null;
  const length = (boldness * (from.upperBound - aim)) / norm;
  return from.weights.map((weight, l) =>
    rounded(Math.min(MOST_WEIGHT, Math.max(0, weight - length * from.surplus[l]!))),
  );
}

const rounded = (weight: number): number => Math.round(weight * WEIGHT_SCALE) / WEIGHT_SCALE;

function evaluate(
  problem: Problem,
  k: number,
  values: readonly number[],
  weights: Float64Array,
  checkpoint: Checkpoint,
): Evaluation {
  const { candidates, trades } = problem;
  const weightOf = (priorityClass: number): number => (priorityClass === k ? 1 : weights[priorityClass]!);
  const stage = weightedStage(problem, k, weightOf);
  const relaxed = solveTransport(stage, checkpoint);
  const reached = new Float64Array(k + 1);
  const fill = trades.lockedFill.slice();
  relaxed.flow.forEach((cents, o) => {
    if (cents <= 0) return;
    const c = stage.candidate[o]!;
    fill[candidates.trade[c]!]! += cents;
    reached[candidates.priorityClass[c]!]! +=
      (cents * netValue(problem, c)) / problem.loans.amount[candidates.loan[c]!]!;
  });
  const first = firstClasses(problem, k);
  for (let j = 0; j < trades.count; j++) {
    if (first[j]! < 0) continue;
    reached[first[j]!]! += pairOff(trades, j, trades.lockedFill[j]!) - pairOff(trades, j, Math.round(fill[j]!));
  }
  const levels = Array.from({ length: k + 1 }, (_, l): BoundLevel => {
    const weight = Math.round(weightOf(l) * WEIGHT_SCALE);
    return { firstClass: l, lastClass: l, weight, achieved: values[l]!, price: relaxed.price };
  });
  return {
    upperBound: lagrangianBound(problem, levels),
    weights,
    surplus: Float64Array.from(weights, (_, l) => reached[l]! - values[l]!),
  };
}

/** The first class that may use each trade, of classes 0 .. k; -1 = none. Most trades belong to one. */
function firstClasses({ candidates, trades }: Problem, k: number): Int32Array {
  const first = new Int32Array(trades.count).fill(-1);
  for (let c = 0; c < candidates.count; c++) {
    const own = candidates.priorityClass[c]!;
    const j = candidates.trade[c]!;
    if (own <= k && (first[j]! < 0 || own < first[j]!)) first[j] = own;
  }
  return first;
}

/**
 * Classes 0 .. k at once, each weighted; a trade's pair-off counts like the class that fills it, for which the bound
 * charges it too.
 */
function weightedStage(problem: Problem, k: number, weightOf: (priorityClass: number) => number): Stage {
  const { loans, trades, candidates } = problem;
  const stage = buildStage(
    problem,
    trades.lockedFill,
    (loan) => loans.lockedTo[loan]! < 0,
    (candidate) => candidates.priorityClass[candidate]! <= k,
  );
  const first = firstClasses(problem, k);
  return {
    ...stage,
    net: stage.net.map((v, o) => v * weightOf(candidates.priorityClass[stage.candidate[o]!]!)),
    pairOffRate: trades.pairOffRate.map((rate, j) => (first[j]! < 0 ? rate : rate * weightOf(first[j]!))),
  };
}
