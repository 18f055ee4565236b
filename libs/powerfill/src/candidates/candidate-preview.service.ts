import { setImmediate as nextTurn } from 'node:timers/promises';
import { RefusedError } from '../domain/errors';
import { moneyText, pointsText } from '../domain/money';
import type { RunOptions } from '../domain/run-options';
import type { RunWarning } from '../domain/run-response';
import { ScopeChecks } from '../eligibility/scope-checks';
import type { LoanRow } from '../entities';
import type { RunInputReader } from '../runs/run-input-reader';
import { SettingError } from '../runs/tenant-settings-reader';
import { CandidateBuilderStep } from '../steps/candidate-builder.step';
import { CashGridsStep } from '../steps/cash-grids.step';
import type { RunInput } from '../steps/run-input';
import { StepError, type StepControl } from '../steps/run-step';
import { SettleAndPriceStep } from '../steps/settle-and-price.step';
import type { Candidate, EligibleLoan, StepResults } from '../steps/step-results';

/** A candidate as it is shown; prices as text. */
export interface CandidateView {
  readonly trade_id: string;
  readonly rank: number;
  readonly constraint_name: string;
  readonly constraint_priority: number;
  readonly base_price: string;
  readonly pay_up: string;
  readonly pay_up_story: string | null;
  readonly buy_up_down: string;
  readonly servicing_value: string;
  readonly adjustments: string;
  readonly price: string;
  readonly carry: string;
  readonly score: string;
  readonly is_locked: boolean;
  readonly warning_codes: readonly string[];
}

/** A loan of the run with its candidates and why the other trades do not take it. */
export interface PreviewedLoan {
  readonly loan_id: string;
  readonly amount: string;
  readonly candidates: readonly CandidateView[];
  /** Code -> trades that fail the loan with it. */
  readonly rejected: Readonly<Record<string, number>>;
  /** The trade it got furthest at, and the code there. */
  readonly nearest: { readonly trade_id: string; readonly code: string } | null;
  /** Why it takes no part although it is in the run: `HELD`, `POOL_TRADE_NOT_IN_RUN`, `LOCKED`. */
  readonly held_code: string | null;
}

/** What a run would start from. */
export interface CandidatePreview {
  readonly as_of_date: string;
  readonly trade_count: number;
  readonly loan_count: number;
  readonly is_cut: boolean;
  readonly items: readonly PreviewedLoan[];
  readonly out_of_scope: readonly { readonly loan_id: string; readonly code: string }[];
  readonly warnings: readonly RunWarning[];
}

/** Loans shown at most; a desk asks about some loans, reports show all. */
const SHOWN_LOANS = 200;
const BREATH_MS = 15;

/** Runs the first three steps without storing anything (runs.md, `POST /candidates/preview`). */
export class CandidatePreviewService {
  constructor(private readonly reader: RunInputReader) {}

  /**
   * @param signal ends the work when the caller is gone
   * @throws {RefusedError} `preview_failed` with the message a run would fail with
   */
  async preview(options: RunOptions, signal: AbortSignal): Promise<CandidatePreview> {
    try {
      const { input: whole, warnings } = await this.reader.read(options, signal);
      const { loans: shown, inScope, isCut } = shownLoans(whole);
      const input = { ...whole, loans: shown };
      const results: StepResults = {};
      const control = controlOf(signal);
      const told = [...warnings];
      for (const step of [new CashGridsStep(), new SettleAndPriceStep(), new CandidateBuilderStep()]) {
        told.push(...(await step.run(input, results, control)).warnings);
      }
      const { loans = [], outOfScope = [] } = results.candidates ?? {};
      return {
        as_of_date: options.as_of_date,
        trade_count: results.trades?.length ?? 0,
        loan_count: inScope,
        is_cut: isCut,
        items: loans.map(loanView),
        out_of_scope: outOfScope.map(({ loan, code }) => ({ loan_id: loan.loan_id, code })),
        warnings: told,
      };
    } catch (error) {
      if (!(error instanceof StepError) && !(error instanceof SettingError)) throw error;
      throw new RefusedError('preview_failed', `A run would fail: ${error.message}`);
    }
  }
}

/** Only what is shown is built; the pairs of a whole pipeline are a worker's task. */
function shownLoans({ options, asOf, stages, loans }: RunInput): {
  readonly loans: readonly LoanRow[];
  readonly inScope: number;
  readonly isCut: boolean;
} {
  const scope = new ScopeChecks(options, asOf, stages);
  const wanted = options.loan_ids === null ? null : new Set(options.loan_ids);
  const asked = wanted === null ? loans : loans.filter(({ loan_id: id }) => wanted.has(id));
  const inside = asked.filter((loan) => scope.firstFailure(loan) === null);
  const outside = asked.filter((loan) => scope.firstFailure(loan) !== null);
  return {
    loans: [...inside.slice(0, SHOWN_LOANS), ...outside.slice(0, SHOWN_LOANS)],
    inScope: inside.length,
    isCut: inside.length > SHOWN_LOANS || outside.length > SHOWN_LOANS,
  };
}

function controlOf(signal: AbortSignal): StepControl {
  let since = performance.now();
  return {
    signal,
    progress: () => undefined,
    breathe: async () => {
      if (performance.now() - since < BREATH_MS) return;
      await nextTurn();
      signal.throwIfAborted();
      since = performance.now();
    },
  };
}

const loanView = ({
  loan,
  amount,
  candidates,
  codeCounts,
  furthest,
  held,
  excludedCode,
}: EligibleLoan): PreviewedLoan => ({
  loan_id: loan.loan_id,
  amount: moneyText(amount),
  candidates: candidates.map(candidateView),
  rejected: Object.fromEntries(codeCounts),
  nearest: furthest === null ? null : { trade_id: furthest.tradeId, code: furthest.code },
  held_code: held?.code ?? excludedCode,
});

const candidateView = ({ tradeId, constraint, price, locked, warnings }: Candidate, index: number): CandidateView => ({
  trade_id: tradeId,
  rank: index + 1,
  constraint_name: constraint.name,
  constraint_priority: constraint.priority,
  base_price: pointsText(price.base),
  pay_up: pointsText(price.payUp),
  pay_up_story: price.payUpStory,
  buy_up_down: pointsText(price.buyUpDown),
  servicing_value: pointsText(price.servicingValue),
  adjustments: pointsText(price.adjustments),
  price: pointsText(price.price),
  carry: pointsText(price.carry),
  score: pointsText(price.score),
  is_locked: locked,
  warning_codes: warnings,
});
