import { objectiveOf } from './assignment';
import { certify } from './certificate';
import { type Checkpoint, checkpointOf } from './checkpoint';
import { movesFor } from './effort';
import { UnsupportedProblemError } from './errors';
import { solveGlobal } from './global-mode';
import { plainGreedy } from './plain-greedy';
import { solvePriority } from './priority-mode';
import { type Problem } from './problem';
import { type Solution, type SolveControl, type SolveOutcome } from './solution';

/**
 * Solves a problem: the best assignment the effort's budget finds, with its certificate. The answer depends on the
 * problem alone (its seed included), never on time or machine.
 *
 * @throws SolveAborted when `control.shouldStop()` answered true
 * @throws UnsupportedProblemError for kinds of problems this version refuses
 */
export async function solve(problem: Problem, control: SolveControl): Promise<SolveOutcome> {
  refuseUnsupported(problem);
  const phase = (name: 'bound' | 'search'): Checkpoint =>
    checkpointOf(control, () => ({ phase: name, objective: null, upperBound: null }));
  const checkpoints = { bound: phase('bound'), search: phase('search') };
  checkpoints.bound(0);
  const solution = problem.options.mode === 'global' ? global(problem, checkpoints) : priority(problem, checkpoints);
  return Promise.resolve({ status: 'solved', solution });
}

interface Checkpoints {
  readonly bound: Checkpoint;
  readonly search: Checkpoint;
}

function global(problem: Problem, checkpoints: Checkpoints): Solution {
  const moves = movesFor(problem.options.effort, problem.candidates.count);
  const result = solveGlobal(problem, moves, checkpoints);
  return certify(problem, { ...result, greedy: plainGreedy(problem), classes: null, orderCost: null });
}

/** Gap = sum of the class gaps; the order's cost is held against a search and a bound in mode `global`. */
function priority(problem: Problem, checkpoints: Checkpoints): Solution {
  const result = solvePriority(problem, checkpoints);
  const objective = objectiveOf(problem, result.assignment);
  const gap = result.classes.reduce((sum, c) => sum + c.upperBound - c.value, 0);
  const unordered = solveGlobal(problem, movesFor('interactive', problem.candidates.count), checkpoints);
  return certify(problem, {
    ...result,
    upperBound: objective + gap,
    greedy: plainGreedy(problem),
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
