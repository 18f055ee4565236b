import { type CompositionLeads } from '../compositions/composition-leads';
import { type RestrictedLp } from '../relaxation/restricted-lp';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';

/** A stage with what its relaxations say of it. */
export interface RelaxedStage {
  readonly stage: Stage;
  readonly restrictions: Restrictions;
  readonly lp: RestrictedLp;
  /** What the trades would choose; null = not known. */
  readonly leads: CompositionLeads | null;
}
