import { type Highs } from 'highs';
import { type Checkpoint } from './checkpoint';
import { type CompositionLeads } from './composition-leads';
import { type SubProblems } from './effort';
import { NeighbourhoodChoice } from './neighbourhood-choice';
import { NeighbourhoodMip } from './neighbourhood-mip';
import { type MissCharges } from './neighbourhood-model';
import { type Random } from './random';
import { type Restrictions } from './restrictions';
import { meanAmount, type Stage } from './stage';
import { type MutableStanding } from './standing';

/** Options a sub-problem starts with, and how far its size adapts to what is solved to the end. */
const SIZE = 80;
const LEAST_SIZE = 40;
const GROWTH = 1.03;
const SHRINKAGE = 0.95;
/** Dollars a sub-problem may leave. */
const GAP = 0.5;
/** Options that lose more than this share of the mean loan by the guide are not tried... */
const REACH_SHARE = 5e-4;
/** ... unless it is less than this many times what the loans lose that are not at their best. */
const REACH_OVER_LOSS = 4;

/**
 * Large-neighbourhood search: the loans of a few related trades are freed, all else stays, and the sub-problem is solved
 * by branch and bound. A sub-problem is never left worse than it was, and as good for as good is taken, so that the
 * search drifts along what is equal. Works with and without restrictions (`noRestrictions`).
 */
export class NeighbourhoodSearch {
  private readonly choice: NeighbourhoodChoice;
  private readonly mip: NeighbourhoodMip;
  private readonly reach: number;
  private size = SIZE;
  private checkpoint: () => void = () => undefined;

  /**
   * @param guide reduced value of each stage option at the multipliers of a relaxation, cents
   * @param charges of what may stay missed
   * @param meanLoss what a loan that is not at its best by the guide loses on average, cents
   * @param leads what the trades would choose, to start neighbourhoods from; null = not known
   * @param subProblems how large they grow, and what each may cost
   */
  constructor(
    highs: Highs,
    stage: Stage,
    restrictions: Restrictions,
    guide: Float64Array,
    charges: MissCharges,
    meanLoss: number,
    random: Random,
    leads: CompositionLeads | null,
    private readonly subProblems: SubProblems,
  ) {
    const mean = meanAmount(stage);
    this.reach = Math.max(REACH_SHARE * mean, REACH_OVER_LOSS * meanLoss);
    this.choice = new NeighbourhoodChoice(stage, restrictions, guide, random, leads);
    this.mip = new NeighbourhoodMip(highs, stage, restrictions, charges, () => this.checkpoint());
  }

  /**
   * Improves a standing; it misses no more than before, charges summed, and if no less, is worth as much or more.
   *
   * @param rounds sub-problems solved: the budget
   */
  improve(standing: MutableStanding, rounds: number, checkpoint: Checkpoint): void {
    const { mostOptions, ...cost } = this.subProblems;
    let missed = standing.missed();
    let objective = standing.objective();
    for (let round = 0; round < rounds; round++) {
      this.checkpoint = () => checkpoint(round / rounds);
      const neighbourhood = this.choice.draw(standing, this.size, this.reach);
      if (neighbourhood.loans.length < 2) continue;
      const answer = this.mip.solve(neighbourhood, standing, { ...cost, gap: GAP });
      this.size =
        answer?.proven === true
          ? Math.min(this.size * GROWTH, mostOptions)
          : Math.max(this.size * SHRINKAGE, LEAST_SIZE);
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
  }
}
