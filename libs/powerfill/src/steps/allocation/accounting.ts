import { moneyText } from '../../domain/money';
import { StepError } from '../run-step';
import { type EligibleLoan, type LoanOutcome } from '../step-results';

/** Cents and loans of one outcome. */
export interface OutcomeTotal {
  readonly amount: number;
  readonly count: number;
}

export type OutcomeTotals = Readonly<Record<LoanOutcome['kind'], OutcomeTotal>>;

/** Adds up the outcomes. */
export function outcomeTotals(
  loans: readonly EligibleLoan[],
  outcomes: ReadonlyMap<string, LoanOutcome>,
): OutcomeTotals {
  const totals = {
    placed: { amount: 0, count: 0 },
    held: { amount: 0, count: 0 },
    kicked_out: { amount: 0, count: 0 },
  };
  for (const { loan, amount } of loans) {
    const outcome = outcomes.get(loan.loan_id);
    if (outcome === undefined) continue;
    totals[outcome.kind].amount += amount;
    totals[outcome.kind].count += 1;
  }
  return totals;
}

/**
 * Checks that eligible = placed + held + kicked out to the cent, that every loan has one outcome, and that the fills of
 * the trades are what was placed (engine.md, step 5, "Invariants").
 *
 * @param fills cents per trade
 * @throws StepError `invariant_broken` with both figures
 */
export function checkAccounting(
  loans: readonly EligibleLoan[],
  outcomes: ReadonlyMap<string, LoanOutcome>,
  fills: Iterable<number>,
): OutcomeTotals {
  const totals = outcomeTotals(loans, outcomes);
  if (outcomes.size !== loans.length)
    throw broken(`${loans.length} loans are eligible, ${outcomes.size} have an outcome`);
  const eligible = loans.reduce((sum, { amount }) => sum + amount, 0);
  const accounted = totals.placed.amount + totals.held.amount + totals.kicked_out.amount;
  if (accounted !== eligible)
    throw broken(`eligible ${moneyText(eligible)} is not placed + held + kicked out = ${moneyText(accounted)}`);
  let filled = 0;
  for (const fill of fills) filled += fill;
  if (filled !== totals.placed.amount)
    throw broken(`the trades hold ${moneyText(filled)}, placed are ${moneyText(totals.placed.amount)}`);
  return totals;
}

const broken = (what: string): StepError => new StepError('invariant_broken', `The run does not add up: ${what}.`);
