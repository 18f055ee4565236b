import { type Assignment, classValues, objectiveOf } from '../stage/assignment';
import { certify } from '../certificate/certificate';
import { type Checkpoint } from '../checkpoint';
import { type Conditions } from '../stage/conditions';
import { explainInfeasible } from '../certificate/infeasibility';
import { plainGreedy } from '../certificate/plain-greedy';
import { type Problem } from '../problem/problem';
import { isProvenInfeasible, SMALL_LOANS, SMALL_TRADES, searchSmall } from './small-search';
import { type SolveOutcome } from '../solution';
import { wholeStage } from '../stage/stage';
import { solveTransport } from '../relaxation/transport-lp';

/** Branches that each proof may take by which the conditions that block a problem are named. */
const NODES_OF_A_PROOF = 1_000_000;

/** Whether a problem is solved exactly, whatever the effort. */
export function isSmall(problem: Problem): boolean {
  return problem.loans.count <= SMALL_LOANS && problem.trades.count <= SMALL_TRADES;
}

/** Solves a small problem exactly: gap 0, every class bound equal to its value. */
export function solveSmall(problem: Problem, conditions: Conditions, checkpoint: Checkpoint): SolveOutcome {
  const optimum = searchSmall(problem, conditions, checkpoint);
  if (optimum === null)
    return explainInfeasible(
      problem,
      conditions,
      (weaker) => !isProvenInfeasible(problem, weaker, NODES_OF_A_PROOF, checkpoint),
    );
  const assignment = assignmentOf(problem, optimum.chosen);
  const objective = objectiveOf(problem, assignment);
  const priority = problem.options.mode === 'priority';
  const unordered = priority ? searchSmall(inGlobalMode(problem), conditions, checkpoint)! : optimum;
  const cost = objectiveOf(problem, assignmentOf(problem, unordered.chosen)) - objective;
  const stage = wholeStage(problem);
  const solution = certify(problem, conditions, {
    assignment,
    price: solveTransport(stage, checkpoint).price,
    limitPrice: new Float64Array(problem.limits.length),
    upperBound: objective,
    greedy: plainGreedy(problem, conditions),
    classes: priority ? classValues(problem, optimum.chosen).map((value) => ({ value, upperBound: value })) : null,
    orderCost: priority ? { low: cost, high: cost } : null,
    moves: 0,
  });
  return { status: 'solved', solution };
}

/** The same problem without an order. */
export function inGlobalMode(problem: Problem): Problem {
  return { ...problem, options: { ...problem.options, mode: 'global' } };
}

/** An assignment from the candidate of each loan. */
function assignmentOf(problem: Problem, chosen: Int32Array): Assignment {
  const fill = new Float64Array(problem.trades.count);
  chosen.forEach((c, i) => {
    if (c >= 0) fill[problem.candidates.trade[c]!]! += problem.loans.amount[i]!;
  });
  return { candidate: chosen, fill };
}
