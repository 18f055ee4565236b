import { type Checkpoint } from '../checkpoint';
import { type Core } from './core-stage';
import { type DiveBudget } from '../effort';
import { bestFound, polishedFrom, type RestrictedPolish, SEARCH_SHARE, type StageSearch } from './restricted-stage';
import { divingSetting } from './search-setting';
import { type StageRules } from '../search/seeded-search';
import { type Stage, type StageAssignment } from '../stage/stage';

/**
 * Searches the cores of a stage from dives, and polishes the best assignment met on the last core.
 *
 * @param cores each within the next
 * @param rules what is placed already, and what an assignment is judged by
 */
export function searchCores(
  cores: readonly Core[],
  rules: StageRules,
  { dives, moves }: DiveBudget,
  seed: number,
  checkpoint: Checkpoint,
  polish: RestrictedPolish,
): StageSearch {
  const last = cores.at(-1);
  if (last === undefined) return { assignment: null, moves: 0 };
  const settings = cores.map((core) => divingSetting(core, rules, moves));
  // The last core takes longest, and what takes longest comes first.
  const tasks = settings
    .flatMap((_, of) => Array.from({ length: dives }, (_, n) => ({ of, seed: seed + n })))
    .reverse();
  const progress: Checkpoint = (done) => checkpoint(SEARCH_SHARE * done);
  const found = polish.crew
    .take('search', settings, polish.highs)
    .run(tasks, progress)
    .map((assignment, n) => assignment && onStage(last.stage, cores[tasks[n]!.of]!.stage, assignment));
  const best = bestFound(rules, last.stage, found);
  return {
    assignment: best && polishedFrom(settings.at(-1)!, last, best, seed, checkpoint, polish),
    moves: tasks.length * moves,
  };
}

/** An assignment of a stage on one that offers the same loans and more. */
function onStage(wider: Stage, stage: Stage, { option, fill }: StageAssignment): StageAssignment {
  const of = new Map(Array.from(wider.candidate, (c, o) => [c, o]));
  return { option: option.map((o) => (o < 0 ? -1 : of.get(stage.candidate[o]!)!)), fill };
}
