import { type Highs, type Model } from 'highs';
import { type Checkpoint } from '../checkpoint';

/** Where a run of HiGHS ends at the latest, in work: never in seconds. */
export interface HighsBudget {
  /** Simplex iterations over all linear programs of a branch and bound. */
  readonly lpIterations: number;
}

/**
 * Runs HiGHS with the checkpoint asked between simplex iterations and between steps of a branch and bound; what it
 * throws ends the run and is thrown on.
 *
 * @param budget of a branch and bound; a linear program runs to its end
 */
export function runHighs(highs: Highs, solver: Model, checkpoint: Checkpoint, budget?: HighsBudget): void {
  const { simplexInterrupt, mipInterrupt } = highs.constants.callbackType;
  const thrown: Error[] = [];
  const ask = (interrupt: () => void): void => {
    try {
      checkpoint(0);
    } catch (error) {
      thrown.push(error instanceof Error ? error : new Error(String(error)));
      interrupt();
    }
  };
  ask(() => undefined);
  if (thrown.length === 0)
    solver.run({
      [simplexInterrupt]: (event) => {
        ask(() => event.interrupt());
      },
      [mipInterrupt]: (event) => {
        if (budget !== undefined && Number(event.data.mip_total_lp_iterations ?? 0) > budget.lpIterations)
          event.interrupt();
        ask(() => event.interrupt());
      },
    });
  const [first] = thrown;
  if (first !== undefined) throw first;
}
