import { SolveAborted } from './errors';
import { type SolveControl, type SolveProgress } from './solution';

/** Called between units of work with the share of the phase that is done; throws `SolveAborted` to stop. */
export type Checkpoint = (done: number) => void;

/** A checkpoint that asks the caller whether to stop and reports where the phase is. */
export function checkpointOf(control: SolveControl, state: () => Omit<SolveProgress, 'done'>): Checkpoint {
  return (done) => {
    if (control.shouldStop()) throw new SolveAborted();
    control.onProgress({ ...state(), done });
  };
}
