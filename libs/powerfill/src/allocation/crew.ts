import { type Highs } from 'highs';
import { type Checkpoint } from './checkpoint';
import { type MipAnswer, type MipBudget, NeighbourhoodMip } from './polish/neighbourhood-mip';
import { type MissCharges, type Neighbourhood, type Standing } from './polish/neighbourhood-model';
import { searchStart, type StartSetting } from './polish/stage-start';
import { type Restrictions } from './stage/restrictions';
import { searchFrom, type SearchSetting } from './search/seeded-search';
import { type Stage, type StageAssignment } from './stage/stage';

/** A sub-problem of one standing. Those of one batch share it. */
export interface NeighbourhoodTask {
  readonly neighbourhood: Neighbourhood;
  readonly from: Standing;
  readonly budget: MipBudget;
}

/** One search: in which of the settings, and its seed. */
export interface SearchTask {
  readonly of: number;
  readonly seed: number;
}

/** One start of a stage without restrictions. */
export interface StartTask {
  readonly seed: number;
}

/** Kinds of work whose tasks may be done side by side: what they share, a task, its answer. Plain data throughout. */
export interface CrewWork {
  search: { setting: readonly SearchSetting[]; task: SearchTask; answer: StageAssignment | null };
  start: { setting: StartSetting; task: StartTask; answer: StageAssignment };
  neighbourhood: {
    setting: { readonly stage: Stage; readonly restrictions: Restrictions; readonly charges: MissCharges };
    task: NeighbourhoodTask;
    answer: MipAnswer;
  };
}

export type CrewKind = keyof CrewWork;
export type Setting<K extends CrewKind> = CrewWork[K]['setting'];
export type Task<K extends CrewKind> = CrewWork[K]['task'];
export type Answer<K extends CrewKind> = CrewWork[K]['answer'];

/** Does one task; the answer depends on it and the setting alone. */
export type Performer<K extends CrewKind> = (task: Task<K>, checkpoint: Checkpoint) => Answer<K>;

/** Work taken up. */
export interface CrewJob<K extends CrewKind> {
  /** @returns the answers, in the order of the tasks */
  run(tasks: readonly Task<K>[], checkpoint: Checkpoint): Answer<K>[];
}

/**
 * Does tasks, perhaps several at a time (`ThreadCrew`). Who does which never shows in the answers, so that a solve gives
 * the same result with any crew (ADR 018).
 */
export interface Crew {
  take<K extends CrewKind>(kind: K, setting: Setting<K>, highs: Highs): CrewJob<K>;
}

/** What solves the parts of a problem. */
export interface Engines {
  readonly highs: Highs;
  readonly crew: Crew;
}

const PERFORMERS: { readonly [K in CrewKind]: (setting: Setting<K>, highs: Highs) => Performer<K> } = {
  search:
    (settings) =>
    ({ of, seed }, checkpoint) =>
      searchFrom(settings[of]!, seed, checkpoint),
  start:
    (setting) =>
    ({ seed }, checkpoint) =>
      searchStart(setting, seed, checkpoint),
  neighbourhood: ({ stage, restrictions, charges }, highs) => {
    const mip = new NeighbourhoodMip(highs, stage, restrictions, charges);
    return ({ neighbourhood, from, budget }, checkpoint) => mip.solve(neighbourhood, from, budget, checkpoint);
  },
};

export function performerOf<K extends CrewKind>(kind: K, setting: Setting<K>, highs: Highs): Performer<K> {
  return PERFORMERS[kind](setting, highs);
}

/** Does everything on the caller's own thread. */
export const SOLO: Crew = {
  take(kind, setting, highs) {
    const perform = performerOf(kind, setting, highs);
    return {
      run: (tasks, checkpoint) =>
        tasks.map((task, n) => perform(task, (done) => checkpoint((n + done) / tasks.length))),
    };
  },
};
