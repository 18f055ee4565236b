import { type Checkpoint } from '../checkpoint';
import { type CompositionLeads } from '../compositions/composition-leads';
import { type CrewJob } from '../crew';
import { type SubProblems } from '../effort';
import { NeighbourhoodChoice } from './neighbourhood-choice';
import { type MipAnswer } from './neighbourhood-mip';
import { type Neighbourhood } from './neighbourhood-model';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { meanAmount, type Stage } from '../stage/stage';
import { type MutableStanding } from './standing';

/** Options a sub-problem starts with, and how far its size adapts to what is solved to the end. */
const SIZE = 80;
const LEAST_SIZE = 40;
const GROWTH = 1.03;
const SHRINKAGE = 0.95;
/** Sub-problems drawn from one standing and solved side by side: most bring nothing, so few come too late. */
const BATCH = 8;
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
  private readonly reach: number;
  private size = SIZE;
  private lpIterations = 0;

  /**
   * @param work solves the sub-problems, and knows what may stay missed at which charge
   * @param guide reduced value of each stage option at the multipliers of a relaxation, cents
   * @param meanLoss what a loan that is not at its best by the guide loses on average, cents
   * @param leads what the trades would choose, to start neighbourhoods from; null = not known
   * @param subProblems how large they grow, and what each may cost
   */
  constructor(
    private readonly work: CrewJob<'neighbourhood'>,
    stage: Stage,
    restrictions: Restrictions,
    guide: Float64Array,
    meanLoss: number,
    random: Random,
    leads: CompositionLeads | null,
    private readonly subProblems: SubProblems,
  ) {
    const mean = meanAmount(stage);
    this.reach = Math.max(REACH_SHARE * mean, REACH_OVER_LOSS * meanLoss);
    this.choice = new NeighbourhoodChoice(stage, restrictions, guide, random, leads);
  }

  /** Whether what the sub-problems may cost in all is used up. */
  get spent(): boolean {
    return this.lpIterations >= this.subProblems.lpIterationsInAll;
  }

  /**
   * Improves a standing; it misses no more than before, charges summed, and if no less, is worth as much or more.
   *
   * @param rounds sub-problems solved: the budget
   */
  improve(standing: MutableStanding, rounds: number, checkpoint: Checkpoint): void {
    const { nodes, lpIterations } = this.subProblems;
    const budget = { nodes, lpIterations, gap: GAP };
    for (let done = 0; done < rounds && !this.spent; done += BATCH) {
      const count = Math.min(BATCH, rounds - done);
      const from = standing.books();
      const tasks = Array.from({ length: count }, () => this.choice.draw(from, this.size, this.reach))
        .filter(({ loans }) => loans.length > 1)
        .map((neighbourhood) => ({ neighbourhood, from, budget }));
      const answers = this.work.run(tasks, (share) => checkpoint((done + share * count) / rounds));
      answers.forEach((answer, n) => this.take(standing, tasks[n]!.neighbourhood, answer));
    }
  }

  /** Puts an answer in place, unless it is worse by now: another one of its batch may have changed what it stood on. */
  private take(standing: MutableStanding, { loans }: Neighbourhood, { option, proven, lpIterations }: MipAnswer): void {
    this.lpIterations += lpIterations;
    this.size = proven
      ? Math.min(this.size * GROWTH, this.subProblems.mostOptions)
      : Math.max(this.size * SHRINKAGE, LEAST_SIZE);
    if (option === null) return;
    const missed = standing.missed();
    const objective = standing.objective();
    const before = loans.map((s) => standing.option[s]!);
    loans.forEach((s, n) => standing.assign(s, option[n]!));
    const missedNow = standing.missed();
    if (missedNow > missed || (missedNow === missed && standing.objective() < objective))
      loans.forEach((s, n) => standing.assign(s, before[n]!));
  }
}
