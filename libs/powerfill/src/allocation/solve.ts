import { objectiveOf } from './assignment';
import { certify } from './certificate';
import { type Checkpoint, checkpointOf } from './checkpoint';
import { type Conditions, conditionsOf, isUnrestricted } from './conditions';
import { movesFor } from './effort';
import { UnsupportedProblemError } from './errors';
import { solveGlobal } from './global-mode';
import { highsRuntime } from './highs-runtime';
import { explainInfeasible } from './infeasibility';
import { plainGreedy } from './plain-greedy';
import { solvePriority } from './priority-mode';
import { type Problem } from './problem';
import { isRelaxationFeasible, meetsUntouchedRows, solveRestricted } from './restricted-mode';
import { isSmall, solveSmall } from './small-problem';
import { type Solution, type SolveControl, type SolveOutcome } from './solution';

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
 * @throws UnsupportedProblemError for kinds of problems this version refuses
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
  if (tuning.exactWhenSmall && isSmall(problem)) return solveSmall(problem, conditions, checkpoints.search);
  if (!isUnrestricted(conditions)) return restricted(problem, conditions, checkpoints);
  const run = problem.options.mode === 'global' ? global : priority;
  return { status: 'solved', solution: run(problem, conditions, checkpoints) };
}

interface Checkpoints {
  readonly bound: Checkpoint;
  readonly search: Checkpoint;
}

function global(problem: Problem, conditions: Conditions, checkpoints: Checkpoints): Solution {
  const moves = movesFor(problem.options.effort, problem.candidates.count);
  const result = solveGlobal(problem, moves, checkpoints);
  return certify(problem, conditions, {
    ...result,
    limitPrice: new Float64Array(0),
    greedy: plainGreedy(problem, conditions),
    classes: null,
    orderCost: null,
  });
}

/** Gap = sum of the class gaps; the order's cost is held against a search and a bound in mode `global`. */
function priority(problem: Problem, conditions: Conditions, checkpoints: Checkpoints): Solution {
  const result = solvePriority(problem, checkpoints);
  const objective = objectiveOf(problem, result.assignment);
  const gap = result.classes.reduce((sum, c) => sum + c.upperBound - c.value, 0);
  const unordered = solveGlobal(problem, movesFor('interactive', problem.candidates.count), checkpoints);
  return certify(problem, conditions, {
    ...result,
    upperBound: objective + gap,
    limitPrice: new Float64Array(0),
    greedy: plainGreedy(problem, conditions),
    orderCost: {
      low: Math.max(0, objectiveOf(problem, unordered.assignment) - objective),
      high: Math.max(0, unordered.upperBound - objective),
    },
    moves: result.moves + unordered.moves,
  });
}

/** Proofs of infeasibility asked for at most when a problem is explained: each is one linear program. */
const MOST_PROOFS = 60;

async function restricted(problem: Problem, conditions: Conditions, checkpoints: Checkpoints): Promise<SolveOutcome> {
  if (problem.options.mode === 'priority')
    throw new UnsupportedProblemError(
      'options.mode',
      'priority with limits or minimums is solved for small problems only',
    );
  const highs = await highsRuntime();
  const moves = movesFor(problem.options.effort, problem.candidates.count);
  const result = meetsUntouchedRows(problem, conditions)
    ? solveRestricted(problem, conditions, highs, moves, checkpoints)
    : null;
  if (result === null) {
    const feasible = (weaker: Conditions): boolean => {
      checkpoints.bound(0);
      return isRelaxationFeasible(problem, weaker, highs);
    };
    return explainInfeasible(problem, conditions, feasible, MOST_PROOFS);
  }
  if (result.assignment === null)
    return { status: 'not_found', message: 'The search met no assignment that satisfies every condition.' };
  const solution = certify(problem, conditions, {
    ...result,
    assignment: result.assignment,
    greedy: plainGreedy(problem, conditions),
    classes: null,
    orderCost: null,
  });
  return { status: 'solved', solution };
}
