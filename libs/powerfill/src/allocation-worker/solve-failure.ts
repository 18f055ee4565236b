import { StepError } from '../steps/run-step';
import { type AllocationSolution } from './allocation-solution';
import { type SolveTaskResult } from './solve-task';

/** The solution of a task that was not stopped. @throws StepError with the task's own code */
export function solutionOf(result: SolveTaskResult): AllocationSolution {
  if (result.kind === 'solved') return result.solution;
  if (result.kind === 'failed') throw new StepError(result.code, result.message);
  throw new StepError('allocation_thread_failed', 'The allocation stopped without being asked to.');
}

/** A crash of the thread (or of its start) as the step's failure, so that it ends the run and not the process. */
export function threadFailure(error: unknown): StepError {
  if (error instanceof StepError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new StepError('allocation_out_of_memory', 'The allocation needs more memory than its thread may use.');
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new StepError('allocation_thread_failed', `The allocation thread failed: ${cause}`);
}
