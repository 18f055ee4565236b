import { type Composition } from './best-composition';
import { pairOff } from '../problem/pair-off';
import { type Stage, type StageAssignment } from '../stage/stage';

/** What each trade would choose at multipliers, were it alone (`CompositionRelaxation`). */
export interface CompositionLeads {
  /** Per stage option, cents. */
  readonly profit: Float64Array;
  /** Per trade. */
  readonly compositions: readonly Composition[];
}

/** What each trade earns less in an assignment than what it would choose, cents. */
export function lossesAgainst(
  { profit, compositions }: CompositionLeads,
  stage: Stage,
  { option, fill }: StageAssignment,
): Float64Array {
  const lost = Float64Array.from(compositions, ({ bound }, j) => bound + pairOff(stage, j, fill[j]!));
  for (const o of option) if (o >= 0) lost[stage.trade[o]!]! -= profit[o]!;
  return lost;
}
