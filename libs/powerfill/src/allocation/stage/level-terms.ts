import { type Stage } from './stage';

/**
 * The classes of a stage that bounds a class: the value of the last level is maximised while each earlier one keeps at
 * least what it has. A stage of one class has one level.
 */
export interface LevelTerms {
  /** Level of each option's value. */
  readonly ofOption: Int32Array;
  /** Level whose value each trade's pair-off counts in. */
  readonly ofTrade: Int32Array;
  /** Cents each level but the last must keep. */
  readonly least: Float64Array;
}

/** Everything in one level. */
export function oneLevel(stage: Stage): LevelTerms {
  return {
    ofOption: new Int32Array(stage.net.length),
    ofTrade: new Int32Array(stage.tradeCount),
    least: new Float64Array(0),
  };
}
