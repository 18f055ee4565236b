import { type Highs } from 'highs';
import { type Checkpoint } from '../checkpoint';
import { NeighbourhoodMip } from './neighbourhood-mip';
import { type MissCharges } from './neighbourhood-model';
import { type Restrictions } from '../stage/restrictions';
import { type Stage, type StageAssignment } from '../stage/stage';
import { MutableStanding } from './standing';

/** Stages with no more options are also solved as one program. */
const MOST_OPTIONS = 240;
/** What that may cost. */
const BUDGET = { nodes: 2_000, lpIterations: 100_000, gap: 0.005 };

/** Whether a stage is solved as one program after its search. */
export function isSmallStage(stage: Stage): boolean {
  return stage.trade.length > 0 && stage.trade.length <= MOST_OPTIONS;
}

/**
 * Solves a small stage as one mixed-integer program: where a handful of loans make up a trade, near ties at the prices of
 * the relaxation say little, and the search may stop short.
 *
 * @param from where to start; what it misses may stay missed, at the charges
 * @returns an assignment that misses no more than `from`, charges summed, and if no less, is worth as much or more
 */
export function solveSmallStage(
  highs: Highs,
  stage: Stage,
  restrictions: Restrictions,
  charges: MissCharges,
  from: StageAssignment,
  checkpoint: Checkpoint,
): StageAssignment {
  const standing = new MutableStanding(stage, restrictions, charges, from);
  const missed = standing.missed();
  const objective = standing.objective();
  const loans = Array.from(stage.loans.keys());
  const options = loans.map((s) =>
    Array.from({ length: stage.start[s + 1]! - stage.start[s]! }, (_, n) => stage.start[s]! + n),
  );
  const answer = new NeighbourhoodMip(highs, stage, restrictions, charges).solve(
    { loans, options },
    standing,
    BUDGET,
    checkpoint,
  );
  if (answer.option === null) return from;
  answer.option.forEach((o, s) => standing.assign(s, o));
  const missedNow = standing.missed();
  if (missedNow > missed || (missedNow === missed && standing.objective() < objective)) return from;
  return standing.snapshot();
}
