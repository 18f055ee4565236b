import { type AllocationSolution } from './allocation-solution';
import { type AllocationRunner, type SolveRequest } from './runner';
import { solutionOf } from './solve-failure';
import { solveTask } from './solve-task';

/** Solves on the caller's own thread: for unit tests and scripts, where blocking the event loop harms nobody. */
export class InProcessAllocationRunner implements AllocationRunner {
  async solve({ problem, signal, onProgress }: SolveRequest): Promise<AllocationSolution> {
    signal.throwIfAborted();
    const result = await solveTask(problem, { shouldStop: () => signal.aborted, onProgress });
    signal.throwIfAborted();
    return solutionOf(result);
  }
}
