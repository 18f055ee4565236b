import { type Highs } from 'highs';
import { type Checkpoint } from './checkpoint';
import { type CompositionLeads } from './composition-leads';
import { type Compositions } from './compositions';
import { type Conditions } from './conditions';
import { oneLevel } from './level-terms';
import { offeredStage } from './offered-stage';
import { optionWorths } from './option-worths';
import { type Problem } from './problem';
import { type RestrictedLp, solveRestrictedLp } from './restricted-lp';
import { type Restrictions } from './restrictions';
import { isSmallStage } from './small-stage';
import { type Stage } from './stage';
import { withTieBreaks } from './tie-breaks';

/** What a core offers. */
export interface CoreWidth {
  /** Options that compositions take more rarely are left out... */
  readonly leastTaken: number;
  /** ... but for so many of each loan, its best by the guide. */
  readonly bestOfLoan: number;
}

/**
 * The cores that are searched, each within the next. The narrow one leads to the better assignments by 0.1 bp of UPB and
 * more, where what it leaves out is not needed; which that is, only searching both tells.
 */
export const CORES: readonly CoreWidth[] = [
  { leastTaken: 0.02, bestOfLoan: 1 },
  { leastTaken: 0.001, bestOfLoan: 2 },
];

/** A stage with what its relaxations say of it. */
export interface RelaxedStage {
  readonly stage: Stage;
  readonly restrictions: Restrictions;
  readonly lp: RestrictedLp;
  /** What the trades would choose; null = not known. */
  readonly leads: CompositionLeads | null;
}

/**
 * The **core** of a stage: the options that the optimum of its relaxation by compositions uses, a third of all or less, of
 * which good assignments are made. A search of the same moves tries each far more often, and sub-problems of the same size
 * span more trades. What is left out may be needed: a search that finds nothing here says nothing about the whole.
 *
 * @param fixed candidate of each loan that is placed already, -1 = none
 * @returns null: the core is so small, or so poor, that its search would not pay
 */
export function coreStage(
  problem: Problem,
  conditions: Conditions,
  { stage, restrictions, lp }: RelaxedStage,
  fixed: Int32Array,
  { taken, leads }: Compositions,
  { leastTaken, bestOfLoan }: CoreWidth,
  highs: Highs,
  checkpoint: Checkpoint,
): RelaxedStage | null {
  const offered = new Uint8Array(problem.candidates.count);
  const guide = optionWorths(stage, restrictions, oneLevel(stage), lp);
  for (let s = 0; s < stage.loans.length; s++) {
    const options = Array.from({ length: stage.start[s + 1]! - stage.start[s]! }, (_, n) => stage.start[s]! + n);
    options.sort((a, b) => guide[b]! - guide[a]! || a - b);
    options.forEach((o, rank) => {
      if (rank < bestOfLoan || taken[o]! > leastTaken) offered[stage.candidate[o]!] = 1;
    });
  }
  const built = offeredStage(problem, conditions, stage.baseFill, fixed, offered);
  if (isSmallStage(built.stage)) return null;
  const core = { ...built, stage: withTieBreaks(problem, built.stage, null) };
  const coreLp = solveRestrictedLp(highs, core.stage, core.restrictions, checkpoint);
  return coreLp && { ...core, lp: coreLp, leads: leadsOn(core.stage, stage, leads, problem) };
}

/** What the trades would choose, as far as a stage has it, in its options. */
function leadsOn(
  core: Stage,
  stage: Stage,
  { profit, compositions }: CompositionLeads,
  problem: Problem,
): CompositionLeads {
  const inCore = new Int32Array(problem.candidates.count).fill(-1);
  core.candidate.forEach((c, o) => (inCore[c] = o));
  const profitOn = new Float64Array(core.candidate.length);
  stage.candidate.forEach((c, o) => {
    if (inCore[c]! >= 0) profitOn[inCore[c]!] = profit[o]!;
  });
  return {
    profit: profitOn,
    compositions: compositions.map(({ options, bound }) => ({
      options: options.map((o) => inCore[stage.candidate[o]!]!).filter((o) => o >= 0),
      bound,
    })),
  };
}
