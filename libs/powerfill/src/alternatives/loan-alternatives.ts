import { type syntheticGuideTable, type syntheticRankTable } from '../entities';
import { type OutputRow } from '../steps/run-step';
import { type Candidate, type EligibleLoan, type LoanOutcome, type SyntheticOption } from '../steps/step-results';
import { bestOption, figureOf, type RankedBy, RANKINGS, type RankedOption } from './ranking';

/** A loan's best alternative in one ranking beside what the run chose for it. */
export interface Alternative {
  readonly option: SyntheticOption;
  /** 1e-8 point. */
  readonly figure: number;
  /** Null for a loan that got no trade. */
  readonly chosenTradeId: string | null;
  /** The chosen pair's figure of the same ranking; null also when that pair has no price. */
  readonly chosenFigure: number | null;
  /** Alternative less chosen, positive = left on the table; null without a chosen figure. */
  readonly giveUp: number | null;
}

/** The pair the run chose; undefined for a loan that got no trade. */
export const chosenCandidate = (eligible: EligibleLoan, outcome: LoanOutcome | undefined): Candidate | undefined =>
  outcome?.kind === 'placed'
    ? eligible.candidates.find((candidate) => candidate.tradeId === outcome.tradeId)
    : undefined;

/** The best alternative of a loan in one ranking; null when today's market offers it none. */
export function alternativeOf(
  ranked: readonly RankedOption[],
  ranking: RankedBy,
  chosen: Candidate | undefined,
): Alternative | null {
  const option = bestOption(ranked, ranking);
  if (option === null) return null;
  const figure = figureOf(option.price, ranking);
  const chosenFigure = chosen === undefined || chosen.unpriceable === true ? null : figureOf(chosen.price, ranking);
  return {
    option,
    figure,
    chosenTradeId: chosen?.tradeId ?? null,
    chosenFigure,
    giveUp: chosenFigure === null ? null : figure - chosenFigure,
  };
}

/** Rows of `pfill_syn_powerfill_guide`: the best alternative by either ranking. */
export function syntheticGuideRows(
  { loan, amount }: EligibleLoan,
  ranked: readonly RankedOption[],
  chosen: Candidate | undefined,
): OutputRow<typeof syntheticGuideTable>[] {
  return RANKINGS.flatMap((ranking) => {
    const alternative = alternativeOf(ranked, ranking, chosen);
    if (alternative === null) return [];
    const { option, chosenTradeId, chosenFigure, giveUp } = alternative;
    return {
      loan_id: loan.loan_id,
      ranked_by: ranking,
      syn_trade_id: option.synthetic.id,
      amount,
      price: option.price.price,
      carry: option.price.carry,
      prx_plus_carry: option.price.prxPlusCarry,
      chosen_trade_id: chosenTradeId,
      chosen_score: chosenFigure,
      give_up: giveUp,
    };
  });
}

/** Row of `pfill_syn_powerfill_guide_all_rank`. */
export const syntheticRankRow = (
  loanId: string,
  { option, rankByPrice, rankByCarry }: RankedOption,
): OutputRow<typeof syntheticRankTable> => ({
  loan_id: loanId,
  syn_trade_id: option.synthetic.id,
  price: option.price.price,
  carry: option.price.carry,
  prx_plus_carry: option.price.prxPlusCarry,
  rank_by_price: rankByPrice,
  rank_by_carry: rankByCarry,
});
