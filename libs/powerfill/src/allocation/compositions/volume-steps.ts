import { type Choice, type CompositionMultipliers, MeanChoice, movedAgainst, product } from './composition-multipliers';
import { type CompositionRelaxation } from './composition-relaxation';

/** How the multipliers are moved. */
export interface VolumeSetting {
  /** Cents below the best bound that the steps aim at. */
  readonly lead: number;
  /** Branches of one composition. */
  readonly nodes: number;
  /** Steps without a better bound until they shrink. */
  readonly patience: number;
}

/** First step, as a share of the one that would reach what it aims at if all went straight, and the largest. */
const FIRST_STEP = 0.25;
const MOST_STEP = 5;
/** Square of the length below which a mean counts as no shorter (one loan off a tenth of the time): no step leads far away. */
const LEAST_LENGTH = 0.01;
/** A step that brings a better bound, and leads on the same way, makes the next larger. */
const GROWTH = 1.1;
/** What is left of the step where none brought a better bound for long. */
const SHRINKAGE = 0.66;

/**
 * Moves the multipliers of a relaxation by compositions by the volume algorithm (Barahona and Anbil 2000): always from the
 * best met, against the mean of what the choices met so far leave over.
 */
export class VolumeSteps {
  /** The last choice, and the mean of all, the late ones weighing more. */
  last: Choice;
  readonly mean: MeanChoice;
  /** The least bound so far, cents. */
  least: number;
  private step = FIRST_STEP;
  private failed = 0;
  private hold: Float64Array | null = null;

  /**
   * @param best where to start, and later the multipliers with the least bound
   * @param mean how often each option is taken, as far as known; null = no idea
   */
  constructor(
    private readonly relaxation: CompositionRelaxation,
    public best: CompositionMultipliers,
    private readonly setting: VolumeSetting,
    mean: MeanChoice | null,
    checkpoint: () => void,
  ) {
    const { bound, choice } = relaxation.evaluate(best, setting.nodes, checkpoint);
    this.least = bound;
    this.last = choice;
    this.mean = mean ?? new MeanChoice(choice);
  }

  /** Goes on with some options held: what is best is found anew, from the multipliers that were. */
  holding(hold: Float64Array, checkpoint: () => void): void {
    const { bound, choice } = this.relaxation.evaluate(this.best, this.setting.nodes, checkpoint, hold);
    this.hold = hold;
    this.last = choice;
    this.mean.take(choice);
    this.least = bound;
    this.step = FIRST_STEP;
    this.failed = 0;
  }

  /** One step from the best multipliers against the mean, which takes in what is chosen there. */
  take(checkpoint: () => void): void {
    const { relaxation, mean, setting } = this;
    const length = Math.max(LEAST_LENGTH, product(mean, mean));
    const way = (this.step * setting.lead) / length;
    const tried = movedAgainst(this.best, mean, way, relaxation.restrictions, relaxation.scale);
    const { bound, choice } = relaxation.evaluate(tried, setting.nodes, checkpoint, this.hold);
    const leadsOn = product(mean, choice) > 0;
    mean.take(choice);
    this.last = choice;
    if (bound < this.least) {
      this.least = bound;
      this.best = tried;
      this.failed = 0;
      if (leadsOn) this.step = Math.min(MOST_STEP, this.step * GROWTH);
    } else if (++this.failed === setting.patience) {
      this.failed = 0;
      this.step *= SHRINKAGE;
    }
  }
}
