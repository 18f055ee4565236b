import {
  type Alternative,
  alternativeOf,
  chosenCandidate,
  syntheticGuideRows,
  syntheticRankRow,
} from '../alternatives/loan-alternatives';
import { type RankedBy, RANKINGS, rankOptions } from '../alternatives/ranking';
import { UeLog } from '../alternatives/run-log';
import { SuggestedTrades, syntheticTradeRows } from '../alternatives/suggested-trades';
import {
  guideTable,
  kickoutTable,
  runLogTable,
  syntheticGuideTable,
  syntheticRankTable,
  syntheticTradeTable,
} from '../entities';
import { type RunInput } from './run-input';
import {
  insertRows,
  rowsMadeBy,
  type RunStep,
  type StepControl,
  StepError,
  type StepOutcome,
  updateRows,
} from './run-step';
import {
  type AllocationResult,
  type Candidate,
  type CandidateSet,
  type EligibleLoan,
  type StepResults,
} from './step-results';

/** Loans between two reports of progress. */
const PROGRESS_EVERY = 500;

/**
 * Step 6 (engine.md): ranks what today's market would pay for each loan, says what the run left on the table, and
 * suggests trades the desk could make. Without a market grid it is skipped and changes nothing the run found.
 */
export class UeStep implements RunStep {
  readonly name = 'ue';

  async run(input: RunInput, results: StepResults, control: StepControl): Promise<StepOutcome> {
    const { synthetics, candidates, allocation } = results;
    if (synthetics === undefined || candidates === undefined || allocation === undefined)
      throw new StepError('step_order', 'The alternatives need the allocation of the earlier step.');
    const log = new UeLog();
    if (synthetics.length === 0) {
      const message = 'No market grid: no alternatives were ranked.';
      log.warning('no_market_grid', message);
      return { status: 'skipped', note: message, writes: [insertRows(runLogTable, log.rows)], warnings: [] };
    }
    const ranked = await rankAll(candidates, allocation, input.options.price_mode, control);
    const suggested = ranked.suggestions.result();
    const trades = syntheticTradeRows(synthetics, input.settings.syntheticCostPoints, suggested);
    const note =
      `${ranked.optionCount} alternatives of ${ranked.loans.length} loans at ${synthetics.length} synthetic trades, ` +
      `${suggested.size} suggested trades`;
    log.info('alternatives_ranked', note);
    if (ranked.without > 0)
      log.info('no_alternative', `${ranked.without} loans fit no synthetic trade of today's market.`);
    for (const [, trade] of [...suggested].sort(([a], [b]) => (a < b ? -1 : 1))) log.suggested(trade);
    return {
      status: 'done',
      note,
      writes: [
        insertRows(syntheticTradeTable, trades),
        insertRows(syntheticGuideTable, guideRows(ranked)),
        insertRows(syntheticRankTable, rankRows(ranked)),
        insertRows(runLogTable, log.rows),
        updateRows(guideTable, ['loan_id'], ['alternative_id', 'alternative_score', 'give_up'], ranked.placed),
        updateRows(kickoutTable, ['loan_id'], ['alternative_id', 'alternative_score'], ranked.kickedOut),
      ],
      warnings: [],
    };
  }
}

interface AlternativeColumns {
  readonly loan_id: string;
  readonly alternative_id: string;
  readonly alternative_score: number;
}

interface Ranked {
  /** Loans that have an alternative, with the pair the run chose. */
  readonly loans: { readonly eligible: EligibleLoan; readonly chosen: Candidate | undefined }[];
  /** Options of these loans. */
  optionCount: number;
  readonly placed: (AlternativeColumns & { readonly give_up: number | null })[];
  readonly kickedOut: AlternativeColumns[];
  readonly suggestions: SuggestedTrades;
  /** Loans without an alternative. */
  without: number;
}

async function rankAll(
  { loans }: CandidateSet,
  { outcomes, reservations }: AllocationResult,
  scoredBy: RankedBy,
  control: StepControl,
): Promise<Ranked> {
  const all: Ranked = {
    loans: [],
    optionCount: 0,
    placed: [],
    kickedOut: [],
    suggestions: new SuggestedTrades(),
    without: 0,
  };
  let done = 0;
  for (const eligible of loans) {
    const { loan_id: loanId } = eligible.loan;
    const outcome = outcomes.get(loanId);
    const chosen = chosenCandidate(eligible, outcome);
    const ranked = rankOptions(eligible);
    const alternative = alternativeOf(ranked, scoredBy, chosen);
    if (outcome === undefined || alternative === null) {
      all.without += 1;
    } else {
      all.loans.push({ eligible, chosen });
      all.optionCount += ranked.length;
      const columns = alternativeColumns(loanId, alternative);
      if (outcome.kind === 'placed') all.placed.push({ ...columns, give_up: alternative.giveUp });
      if (outcome.kind === 'kicked_out') all.kickedOut.push(columns);
      all.suggestions.add(eligible, outcome, alternative, reservations.get(loanId) ?? 0);
    }
    done += 1;
    if (done % PROGRESS_EVERY === 0) control.progress(done / loans.length);
    await control.breathe();
  }
  return all;
}

/** Two rows per loan. Ranking a loan again is cheaper than keeping its rows until they are written. */
const guideRows = ({ loans }: Ranked) =>
  rowsMadeBy(RANKINGS.length * loans.length, function* () {
    for (const { eligible, chosen } of loans) yield* syntheticGuideRows(eligible, rankOptions(eligible), chosen);
  });

const rankRows = ({ loans, optionCount }: Ranked) =>
  rowsMadeBy(optionCount, function* () {
    for (const { eligible } of loans) {
      for (const option of rankOptions(eligible)) yield syntheticRankRow(eligible.loan.loan_id, option);
    }
  });

const alternativeColumns = (loanId: string, { option, figure }: Alternative): AlternativeColumns => ({
  loan_id: loanId,
  alternative_id: option.synthetic.id,
  alternative_score: figure,
});
