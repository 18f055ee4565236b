import { type Highs } from 'highs';
import { type Checkpoint } from '../checkpoint';
import { type DiveStart } from '../compositions/composition-dive';
import { type CompositionLeads } from '../compositions/composition-leads';
import { type Compositions } from '../compositions/compositions';
import { oneLevel } from '../stage/level-terms';
import { offeredStage } from '../stage/offered-stage';
import { optionWorths } from '../relaxation/option-worths';
import { type RelaxedStage } from './relaxed-stage';
import { solveRestrictedLp } from '../relaxation/restricted-lp';
import { type Restrictions } from '../stage/restrictions';
import { isSmallStage } from '../polish/small-stage';
import { type StageRules } from '../search/seeded-search';
import { type Stage } from '../stage/stage';
import { withTieBreaks } from '../stage/tie-breaks';

/** What a core offers. */
interface CoreWidth {
  /** Options that compositions take more rarely are left out... */
  readonly leastTaken: number;
  /** ... but for so many of each loan, its best by the guide. */
  readonly bestOfLoan: number;
}

/** The narrow one leads to the better assignments where loans are many, the whole where they are few. */
const NARROW: CoreWidth = { leastTaken: 0.02, bestOfLoan: 1 };
const WIDE: CoreWidth = { leastTaken: 0.001, bestOfLoan: 2 };
const WHOLE: CoreWidth = { leastTaken: -1, bestOfLoan: Infinity };
/** With so many moves a loan a search also finds its way through what a core leaves out. */
const PLENTY_OF_MOVES = 7_500;

/** A part of a stage that good assignments are made of. */
export interface Core extends RelaxedStage {
  readonly dive: DiveStart;
}

/**
 * The **cores** of a stage: the options that the optimum of its relaxation by compositions uses, a third of all or less, of
 * which good assignments are made. A search of the same moves tries each far more often, and sub-problems of the same size
 * span more trades. What is left out may be needed: a search that finds nothing here says nothing about the whole. Where loans
 * are few, the last core leaves nothing out.
 *
 * @param rules what is placed already, and under which conditions
 * @param movesOfLoan of one search
 * @returns each within the next; none where they are so small, or so poor, that their search would not pay
 */
export function coresOf(
  rules: StageRules,
  whole: RelaxedStage,
  compositions: Compositions,
  movesOfLoan: number,
  highs: Highs,
  checkpoint: Checkpoint,
): Core[] {
  const widths = movesOfLoan < PLENTY_OF_MOVES ? [NARROW, WIDE] : [WIDE, WHOLE];
  const ranks = ranksByGuide(whole);
  return widths
    .map((width) => coreOf(rules, whole, ranks, compositions, width, highs, checkpoint))
    .filter((core) => core !== null);
}

/** Per option how many of its loan's the guide prefers. */
function ranksByGuide({ stage, restrictions, lp }: RelaxedStage): Int32Array {
  const guide = optionWorths(stage, restrictions, oneLevel(stage), lp);
  const ranks = new Int32Array(guide.length);
  for (let s = 0; s < stage.loans.length; s++) {
    const options = Array.from({ length: stage.start[s + 1]! - stage.start[s]! }, (_, n) => stage.start[s]! + n);
    options.sort((a, b) => guide[b]! - guide[a]! || a - b);
    options.forEach((o, rank) => (ranks[o] = rank));
  }
  return ranks;
}

function coreOf(
  { problem, conditions, fixed }: StageRules,
  { stage, restrictions }: RelaxedStage,
  ranks: Int32Array,
  compositions: Compositions,
  { leastTaken, bestOfLoan }: CoreWidth,
  highs: Highs,
  checkpoint: Checkpoint,
): Core | null {
  const { taken, leads } = compositions;
  const offered = new Uint8Array(problem.candidates.count);
  ranks.forEach((rank, o) => {
    if (rank < bestOfLoan || taken[o]! > leastTaken) offered[stage.candidate[o]!] = 1;
  });
  const built = offeredStage(problem, conditions, stage.baseFill, fixed.candidate, offered);
  if (isSmallStage(built.stage)) return null;
  const core = { ...built, stage: withTieBreaks(problem, built.stage, null) };
  const coreLp = solveRestrictedLp(highs, core.stage, core.restrictions, checkpoint);
  if (coreLp === null) return null;
  const optionOf = new Map(Array.from(stage.candidate, (c, o) => [c, o]));
  const within = Int32Array.from(core.stage.candidate, (c) => optionOf.get(c)!);
  return {
    ...core,
    lp: coreLp,
    leads: leadsWithin(within, leads),
    dive: diveWithin(within, stage, restrictions, core, compositions),
  };
}

/**
 * What the trades would choose, as far as a core has it, in its options.
 *
 * @param within per option of the core, that of the whole
 */
function leadsWithin(within: Int32Array, { profit, compositions }: CompositionLeads): CompositionLeads {
  const inCore = new Map(Array.from(within, (whole, o) => [whole, o]));
  return {
    profit: Float64Array.from(within, (whole) => profit[whole]!),
    compositions: compositions.map(({ options, bound }) => ({
      options: options.map((o) => inCore.get(o) ?? -1).filter((o) => o >= 0),
      bound,
    })),
  };
}

/** What the relaxation of the whole ended with, in the loans, rows and options of a core. */
function diveWithin(
  within: Int32Array,
  whole: Stage,
  { source }: Restrictions,
  core: { readonly stage: Stage; readonly restrictions: Restrictions },
  { multipliers: { loanPrice, rowPrice }, taken, lead, budget: { nodes } }: Compositions,
): DiveStart {
  const loanPriceOf = new Map(Array.from(whole.loans, (loan, s) => [loan, loanPrice[s]!]));
  const rowPriceOf = new Map(source.map((row, r) => [row, rowPrice[r]!]));
  return {
    multipliers: {
      loanPrice: Float64Array.from(core.stage.loans, (loan) => loanPriceOf.get(loan)!),
      rowPrice: Float64Array.from(core.restrictions.source, (row) => rowPriceOf.get(row)!),
    },
    taken: Float64Array.from(within, (o) => taken[o]!),
    lead,
    nodes,
  };
}
