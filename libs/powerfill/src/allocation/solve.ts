import { objectiveOf } from './stage/assignment';
import { certify } from './certificate/certificate';
import { type Checkpoint, checkpointOf } from './checkpoint';
import { type Conditions, conditionsOf, isUnrestricted } from './stage/conditions';
import { type Engines, SOLO } from './crew';
import {
  EXCHANGES,
  movesFor,
  NEIGHBOURHOODS,
  nodesFor,
  orderCostMovesFor,
  restrictedMovesFor,
  STARTS,
  SUB_PROBLEMS,
} from './effort';
import { solveGlobal } from './modes/global-mode';
import { highsRuntime } from './relaxation/highs-runtime';
import { explainInfeasible } from './certificate/infeasibility';
import { plainGreedy } from './certificate/plain-greedy';
import { type Problem } from './problem/problem';
import { isRelaxationFeasible } from './relaxation/feasibility';
import { solveRestricted } from './modes/restricted-mode';
import { solveRestrictedPriority } from './modes/restricted-priority';
import { type StageCheckpoints } from './modes/stage-solve';
import { inGlobalMode, isSmall, solveSmall } from './small/small-problem';
import { type SolveControl, type SolveOutcome } from './solution';

/** What tests of the search turn off. */
export interface SolveTuning {
  /** Small problems are solved exactly instead of searched. */
  readonly exactWhenSmall: boolean;
}

/**
 * Solves a problem: the best assignment the effort's budget finds, with its certificate. The answer depends on the
 * problem alone (its seed included), never on time or machine.
 *
 * @throws SolveAborted when `control.shouldStop()` answered true
 */
export async function solve(
  problem: Problem,
  control: SolveControl,
  tuning: SolveTuning = { exactWhenSmall: true },
): Promise<SolveOutcome> {
  const phase = (name: 'bound' | 'search'): Checkpoint =>
    checkpointOf(control, () => ({ phase: name, objective: null, upperBound: null }));
  const checkpoints = { bound: phase('bound'), search: phase('search') };
  checkpoints.bound(0);
  const conditions = conditionsOf(problem);
  checkpoints.bound(0);
  if (tuning.exactWhenSmall && isSmall(problem)) return solveSmall(problem, conditions, checkpoints.search);
  const engines = { highs: await highsRuntime(), crew: control.crew ?? SOLO };
  if (problem.options.mode === 'global' && isUnrestricted(conditions))
    return unrestricted(problem, conditions, engines, checkpoints);
  return restricted(problem, conditions, engines, checkpoints);
}

function unrestricted(
  problem: Problem,
  conditions: Conditions,
  engines: Engines,
  checkpoints: StageCheckpoints,
): SolveOutcome {
  const { effort } = problem.options;
  const { count } = problem.candidates;
  const budget = { nodes: nodesFor(effort, count), moves: movesFor(effort, count), starts: STARTS[effort] };
  const rounds = (): number => NEIGHBOURHOODS[effort];
  const polish = {
    ...engines,
    exchanges: EXCHANGES[effort],
    rounds,
    subProblems: SUB_PROBLEMS,
    leads: null,
  };
  const result = solveGlobal(problem, budget, checkpoints, polish);
  const solution = certify(problem, conditions, {
    ...result,
    limitPrice: new Float64Array(0),
    greedy: plainGreedy(problem, conditions),
    classes: null,
    orderCost: null,
  });
  return { status: 'solved', solution };
}

/** Proofs of infeasibility asked for at most when a problem is explained: each is one linear program. */
const MOST_PROOFS = 60;

/**
 * Limits, minimums or classes. In mode `priority` the gap is the sum of the class gaps, and the cost of the desk's order
 * is held against a short search and a bound in mode `global`.
 */
function restricted(
  problem: Problem,
  conditions: Conditions,
  engines: Engines,
  checkpoints: StageCheckpoints,
): SolveOutcome {
  const { highs } = engines;
  const { mode, effort, placeAll } = problem.options;
  const { count } = problem.candidates;
  const moves = mode === 'global' ? restrictedMovesFor(effort, count, placeAll) : orderCostMovesFor(count);
  const brief: Problem = { ...problem, options: { ...problem.options, effort: 'interactive' } };
  const unordered = mode === 'global' ? problem : inGlobalMode(brief);
  const result = solveRestricted(unordered, conditions, engines, moves, checkpoints);
  if (result === null) {
    const feasible = (weaker: Conditions): boolean => isRelaxationFeasible(problem, weaker, highs, checkpoints.bound);
    return explainInfeasible(problem, conditions, feasible, MOST_PROOFS);
  }
  const greedy = plainGreedy(problem, conditions);
  if (mode === 'global') {
    if (result.assignment === null) return NOT_FOUND;
    const findings = { ...result, assignment: result.assignment, greedy, classes: null, orderCost: null };
    return { status: 'solved', solution: certify(problem, conditions, findings) };
  }
  const ordered = solveRestrictedPriority(problem, conditions, result.worth, highs, checkpoints);
  if (ordered === null) return NOT_FOUND;
  const objective = objectiveOf(problem, ordered.assignment);
  const gap = ordered.classes.reduce((sum, c) => sum + c.upperBound - c.value, 0);
  const best = result.assignment === null ? objective : objectiveOf(problem, result.assignment);
  const solution = certify(problem, conditions, {
    ...ordered,
    upperBound: objective + gap,
    greedy,
    orderCost: { low: Math.max(0, best - objective), high: Math.max(0, result.upperBound - objective) },
    moves: ordered.moves + result.moves,
  });
  return { status: 'solved', solution };
}

const NOT_FOUND: SolveOutcome = {
  status: 'not_found',
  message: 'The search met no assignment that satisfies every condition.',
};
