import { objectiveOf } from './assignment';
import { certify } from './certificate';
import { type Checkpoint, checkpointOf } from './checkpoint';
import { type Conditions, conditionsOf } from './conditions';
import { movesFor } from './effort';
import { UnsupportedProblemError } from './errors';
import { solveGlobal } from './global-mode';
import { plainGreedy } from './plain-greedy';
import { solvePriority } from './priority-mode';
import { type Problem } from './problem';
import { isSmall, solveSmall } from './small-problem';
import { type Solution, type SolveControl, type SolveOutcome } from './solution';

/**
 * Solves a problem: the best assignment the effort's budget finds, with its certificate. The answer depends on the
 * problem alone (its seed included), never on time or machine.
 *
 * @throws SolveAborted when `control.shouldStop()` answered true
 * @throws UnsupportedProblemError for kinds of problems this version refuses
 */
export async function solve(problem: Problem, control: SolveControl): Promise<SolveOutcome> {
  const phase = (name: 'bound' | 'search'): Checkpoint =>
    checkpointOf(control, () => ({ phase: name, objective: null, upperBound: null }));
  const checkpoints = { bound: phase('bound'), search: phase('search') };
  checkpoints.bound(0);
  const conditions = conditionsOf(problem);
  if (isSmall(problem)) return Promise.resolve(solveSmall(problem, conditions, checkpoints.search));
  refuseUnsupported(problem);
  const solution =
    problem.options.mode === 'global'
      ? global(problem, conditions, checkpoints)
      : priority(problem, conditions, checkpoints);
  return Promise.resolve({ status: 'solved', solution });
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

function refuseUnsupported(problem: Problem): void {
  if (problem.limits.length > 0) throw new UnsupportedProblemError('limits', 'limits are not solved by this version');
  if (problem.options.placeAll) throw new UnsupportedProblemError('options.place_all', 'is not solved by this version');
  const j = problem.trades.mustReach.findIndex((amount) => amount > 0);
  if (j >= 0)
    throw new UnsupportedProblemError(
      'trades',
      `must_reach (of ${problem.trades.ids[j]!}) is not solved by this version`,
    );
}
