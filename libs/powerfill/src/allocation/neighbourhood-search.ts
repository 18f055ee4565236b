import { type Highs } from 'highs';
import { type Checkpoint } from './checkpoint';
import { type CompositionLeads, NeighbourhoodChoice } from './neighbourhood-choice';
import { NeighbourhoodMip } from './neighbourhood-mip';
import { type MissCharges } from './neighbourhood-model';
import { type Random } from './random';
import { type Restrictions } from './restrictions';
import { type Stage, type StageAssignment } from './stage';
import { MutableStanding } from './standing';

/** Options a sub-problem starts with, and how far its size adapts to what is solved to the end. */
const SIZE = 80;
const LEAST_SIZE = 40;
const MOST_SIZE = 240;
const GROWTH = 1.03;
const SHRINKAGE = 0.95;
/** What one sub-problem may cost. */
const MIP_BUDGET = { nodes: 100, lpIterations: 10_000, gap: 0.5 };
/** Options that lose more than this share of the mean loan by the guide are not tried... */
const REACH_SHARE = 5e-4;
/** ... unless it is less than this many times what the loans lose that are not at their best. */
const REACH_OVER_LOSS = 4;

/** The large-neighbourhood search after the local search. */
export interface Polish {
  readonly highs: Highs;
  /** Sub-problems it solves. */
  readonly rounds: number;
}

/**
 * Large-neighbourhood search: the loans of a few related trades are freed, all else stays, and the sub-problem is solved
 * by branch and bound. A sub-problem is never left worse than it was, and as good for as good is taken, so that the
 * search drifts along what is equal. Works with and without restrictions (`noRestrictions`).
 *
 * @param from where to start; what it misses may stay missed, at the charges
 * @param guide reduced value of each stage option at the multipliers of a relaxation, cents
 * @param rounds sub-problems solved: the budget
 * @param leads what the trades would choose, to start neighbourhoods from; null = not known
 * @returns an assignment that misses no more than `from`, charges summed, and if no less, is worth as much or more
 */
export function neighbourhoodSearch(
  highs: Highs,
  stage: Stage,
  restrictions: Restrictions,
  from: StageAssignment,
  guide: Float64Array,
  charges: MissCharges,
  rounds: number,
  random: Random,
  checkpoint: Checkpoint,
  leads: CompositionLeads | null = null,
): StageAssignment {
  if (rounds === 0 || stage.loans.length < 2) return from;
  const standing = new MutableStanding(stage, restrictions, charges, from);
  const choice = new NeighbourhoodChoice(stage, restrictions, guide, random, leads);
  const mean = stage.amount.reduce((sum, a) => sum + a, 0) / stage.amount.length;
  const reach = Math.max(REACH_SHARE * mean, REACH_OVER_LOSS * meanLoss(stage, restrictions, from, guide));
  let round = 0;
  const mip = new NeighbourhoodMip(highs, stage, restrictions, charges, () => checkpoint(round / rounds));
  let missed = standing.missed();
  let objective = standing.objective();
  let size = SIZE;
  for (; round < rounds; round++) {
    const neighbourhood = choice.draw(standing, size, reach);
    if (neighbourhood.loans.length < 2) continue;
    const answer = mip.solve(neighbourhood, standing, MIP_BUDGET);
    size = answer?.proven === true ? Math.min(size * GROWTH, MOST_SIZE) : Math.max(size * SHRINKAGE, LEAST_SIZE);
    if (answer === null) continue;
    const before = neighbourhood.loans.map((s) => standing.option[s]!);
    neighbourhood.loans.forEach((s, n) => standing.assign(s, answer.option[n]!));
    const missedNow = standing.missed();
    const objectiveNow = standing.objective();
    if (missedNow > missed || (missedNow === missed && objectiveNow < objective))
      neighbourhood.loans.forEach((s, n) => standing.assign(s, before[n]!));
    else {
      missed = missedNow;
      objective = objectiveNow;
    }
  }
  return standing.snapshot();
}

/** What a loan that is not at its best by the guide loses, cents: the mean over those loans. */
function meanLoss(stage: Stage, { mustPlace }: Restrictions, { option }: StageAssignment, guide: Float64Array): number {
  let lost = 0;
  let losers = 0;
  option.forEach((own, s) => {
    let best = mustPlace[s] === 1 ? -Infinity : 0;
    for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) best = Math.max(best, guide[o]!);
    const loss = best - (own < 0 ? 0 : guide[own]!);
    if (loss <= 0) return;
    lost += loss;
    losers++;
  });
  return losers === 0 ? 0 : lost / losers;
}
