import { ExchangeSearch, type Guidance } from './exchange-search';
import { bestWorths } from '../relaxation/option-worths';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { meanAmount, type Stage, type StageAssignment } from '../stage/stage';

/** Exchanges look at moves that lose no more than this share of the mean loan by the guide... */
const REACH_SHARE = 1e-3;
/** ... or so many times what the loans lose that are not at their best. */
const REACH_OVER_LOSS = 4;
/** What the first exchanges may lose at their start, as a share of the mean loan. */
const ACCEPTED_SHARE = 1e-4;

export interface Exchanges {
  readonly search: ExchangeSearch;
  /** What a loan that is not at its best by the guide loses, cents: the mean over those loans. */
  readonly loss: number;
}

/** Exchanges that reach as far as loans are from their best. */
export function exchangesFrom(
  stage: Stage,
  restrictions: Restrictions,
  from: StageAssignment,
  guidance: Guidance,
  random: Random,
): Exchanges {
  const loss = meanLoss(stage, restrictions, from, guidance.guide);
  const reach = Math.max(REACH_SHARE * meanAmount(stage), REACH_OVER_LOSS * loss);
  return { search: new ExchangeSearch(stage, restrictions, guidance, reach, random), loss };
}

/** What the first exchanges may lose at their start, cents: they must get out of where chains of loans have ended. */
export function acceptedLoss(stage: Stage): number {
  return ACCEPTED_SHARE * meanAmount(stage);
}

function meanLoss(stage: Stage, restrictions: Restrictions, { option }: StageAssignment, guide: Float64Array): number {
  const best = bestWorths(stage, restrictions, guide);
  let lost = 0;
  let losers = 0;
  option.forEach((own, s) => {
    const loss = best[s]! - (own < 0 ? 0 : guide[own]!);
    if (loss <= 0) return;
    lost += loss;
    losers++;
  });
  return losers === 0 ? 0 : lost / losers;
}
