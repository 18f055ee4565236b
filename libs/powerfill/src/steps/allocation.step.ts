import { type AllocationRunner, type AllocationSolution } from '../allocation-worker';
import { moneyText } from '../domain/money';
import { type RunCertificate } from '../domain/run-response';
import { guideTable, kickoutTable, loanOrderingTable, tradeBaseTable } from '../entities';
import { checkAccounting, type OutcomeTotals } from './allocation/accounting';
import { runCertificate } from './allocation/certificate';
import { guideRow, pairValue, parseSwitchCost } from './allocation/guide-rows';
import { kickoutRow } from './allocation/kickout-rows';
import { checkSameLoans, type LoanResult, loanResult, outcomeOf } from './allocation/loan-outcomes';
import { limitsOf } from './allocation/limits';
import { orderingRows } from './allocation/ordering-rows';
import { compressDocument, type ProblemDocument } from './allocation/problem-document';
import { problemText } from './allocation/problem-text';
import { type Reservations, reservationsOf } from './allocation/reservations';
import { FILL_COLUMNS, TradeFill, type TradeFillColumns } from './allocation/trade-fill';
import { tradeLimits } from './allocation/trade-limits';
import { allocationWarnings } from './allocation/warnings';
import { type RunInput } from './run-input';
import {
  insertRows,
  type OutputRow,
  type RunStep,
  type StepControl,
  StepError,
  type StepOutcome,
  updateRows,
} from './run-step';
import { type CandidateSet, type PricedTrade, type StepResults } from './step-results';

/** Share of the step's progress that is the solver's. */
const SOLVER_FROM = 0.1;
const SOLVER_TO = 0.9;

/**
 * Step 4 (engine.md, sections 1 and 2): writes the problem of the run as a problem file, has it solved and audited off
 * the event loop, and turns the assignment into the guides, the kickouts, the ordering and the fills of the trades.
 */
export class AllocationStep implements RunStep {
  readonly name = 'allocation';

  constructor(private readonly runner: AllocationRunner) {}

  /** @throws StepError of the runner, or `invariant_broken` when the outcomes do not add up */
  async run(input: RunInput, results: StepResults, control: StepControl): Promise<StepOutcome> {
    const { trades, candidates } = results;
    if (trades === undefined || candidates === undefined)
      throw new StepError('step_order', 'The allocation needs the trades and candidates of the earlier steps.');
    const reservations = await reservationsOf(candidates.loans, input.options, input.settings, control);
    const problem = await this.problemOf(input, trades, candidates, reservations, control);
    control.progress(SOLVER_FROM);
    const solution = await this.solve(problem, control);
    const outputs = await outputsOf(input, trades, candidates, reservations, solution, control);
    const certificate = runCertificate(solution, input.options.effort);
    results.allocation = {
      outcomes: outputs.outcomes,
      tradeRows: outputs.tradeColumns,
      reservations: reservations.byLoan,
      certificate,
    };
    return {
      status: 'done',
      note: noteOf(outputs.totals, certificate),
      writes: [
        insertRows(guideTable, outputs.guide),
        insertRows(kickoutTable, outputs.kickouts),
        insertRows(loanOrderingTable, outputs.ordering),
        updateRows(
          tradeBaseTable,
          ['trade_id'],
          FILL_COLUMNS,
          [...outputs.tradeColumns].map(([trade_id, columns]) => ({ trade_id, ...columns })),
        ),
      ],
      warnings: allocationWarnings(reservations, solution.warnings),
      problem,
    };
  }

  private problemOf(
    { options, rules }: RunInput,
    trades: readonly PricedTrade[],
    { loans, poolRules }: CandidateSet,
    reservations: Reservations,
    control: StepControl,
  ): Promise<ProblemDocument> {
    const limits = limitsOf(rules, poolRules);
    const text = problemText({ loans, trades, reservations: reservations.byLoan, limits, options });
    return compressDocument(text, control);
  }

  private solve({ gzip }: ProblemDocument, control: StepControl): Promise<AllocationSolution> {
    return this.runner.solve({
      problem: gzip,
      signal: control.signal,
      onProgress: (fraction) => control.progress(SOLVER_FROM + (SOLVER_TO - SOLVER_FROM) * fraction),
    });
  }
}

interface Outputs {
  readonly outcomes: ReadonlyMap<string, ReturnType<typeof outcomeOf>>;
  readonly totals: OutcomeTotals;
  readonly guide: OutputRow<typeof guideTable>[];
  readonly kickouts: OutputRow<typeof kickoutTable>[];
  readonly ordering: OutputRow<typeof loanOrderingTable>[];
  /** By trade id. */
  readonly tradeColumns: ReadonlyMap<string, TradeFillColumns>;
}

async function outputsOf(
  { options, asOf }: RunInput,
  trades: readonly PricedTrade[],
  { loans }: CandidateSet,
  reservations: Reservations,
  solution: AllocationSolution,
  control: StepControl,
): Promise<Outputs> {
  checkSameLoans(loans, solution);
  const context = {
    asOf,
    loans,
    reservations: reservations.byLoan,
    switchCost: parseSwitchCost(options.switch_cost_bp),
  };
  const fills = new Map(trades.map((priced) => [priced.trade.trade_id, new TradeFill(priced)]));
  const outcomes = new Map<string, ReturnType<typeof outcomeOf>>();
  const values: number[] = [];
  const guide: OutputRow<typeof guideTable>[] = [];
  const kickouts: OutputRow<typeof kickoutTable>[] = [];
  const solved: LoanResult[] = [];
  for (const [index, eligible] of loans.entries()) {
    const result = loanResult(eligible, index, solution);
    solved.push(result);
    const { loan_id: loanId } = result.eligible.loan;
    outcomes.set(loanId, outcomeOf(result));
    values.push(valueOf(result, reservations));
    if (result.kind === 'placed') {
      fills.get(result.candidate.tradeId)?.add(result.eligible, result.candidate);
      guide.push(guideRow(result.eligible, result.candidate, context));
    } else if (result.kind === 'kicked_out') {
      kickouts.push(kickoutRow(result, context));
    }
    await control.breathe();
  }
  const totals = checkAccounting(
    loans,
    outcomes,
    [...fills.values()].map((fill) => fill.fill),
  );
  await control.breathe();
  const ordering = await orderingRows(solved, values, control);
  await control.breathe();
  const shadowPrices = new Map(solution.tradeIds.map((id, index) => [id, solution.trades[index]?.shadowPrice ?? 0]));
  const limits = tradeLimits(solution);
  const tradeColumns = new Map(
    [...fills].map(([id, fill]) => [id, fill.columns(shadowPrices.get(id) ?? 0, limits.get(id) ?? [])]),
  );
  return { outcomes, totals, guide, kickouts, ordering, tradeColumns };
}

const valueOf = (result: LoanResult, { byLoan }: Reservations): number =>
  result.kind === 'placed'
    ? pairValue(result.eligible, result.candidate, byLoan.get(result.eligible.loan.loan_id) ?? 0)
    : 0;

function noteOf(totals: OutcomeTotals, certificate: RunCertificate): string {
  const { placed, held, kicked_out: kickedOut } = totals;
  return (
    `placed ${placed.count} loans ($${moneyText(placed.amount)}), held ${held.count}, kicked out ${kickedOut.count}; ` +
    `objective $${certificate.objective}, gap ${certificate.gap_bp_of_upb} bp of UPB`
  );
}
