import { UnsupportedProblemError } from './errors';
import { type Problem } from './problem';
import { type SolveControl, type SolveOutcome } from './solution';

/**
 * Solves a problem: the best assignment the effort's budget finds, with its certificate. The answer depends on the
 * problem alone (its seed included), never on time or machine.
 *
 * @throws SolveAborted when `control.shouldStop()` answered true
 * @throws UnsupportedProblemError for kinds of problems this version refuses
 */
export function solve(problem: Problem, control: SolveControl): Promise<SolveOutcome> {
  control.onProgress({ phase: 'bound', done: 0, objective: null, upperBound: null });
  return Promise.reject(new UnsupportedProblemError('options.mode', `${problem.options.mode} is not solved yet`));
}
