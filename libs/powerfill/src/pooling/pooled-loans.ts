import { type LoanRow } from '../entities';
import { type StepControl } from '../steps/run-step';
import { type CandidateSet, type LoanOutcome } from '../steps/step-results';

/** What the run says about a loan of the pipeline, out-of-scope ones included. */
export type LoanFate = LoanOutcome | { readonly kind: 'out_of_scope'; readonly code: string };

/** A loan of the pipeline with the pool it is in today and its fate. */
export interface PooledLoan {
  readonly loan: LoanRow;
  /** Cents. */
  readonly amount: number;
  /** Null = in no pool. */
  readonly poolName: string | null;
  readonly fate: LoanFate;
  /** By the loan limits; null for a loan out of scope, whose limits the run does not look up. */
  readonly highBalance: boolean | null;
}

/** Every loan that is in a pool or gets a trade, sorted by loan id; the others have no part in the pools. */
export async function pooledLoans(
  { loans, outOfScope }: CandidateSet,
  outcomes: ReadonlyMap<string, LoanOutcome>,
  control: StepControl,
): Promise<PooledLoan[]> {
  const all: PooledLoan[] = [];
  const add = (loan: LoanRow, amount: number, highBalance: boolean | null, fate: LoanFate | undefined): void => {
    const poolName = loan.pool_name === '' ? null : loan.pool_name;
    if (fate !== undefined && (poolName !== null || fate.kind === 'placed'))
      all.push({ loan, amount, poolName, fate, highBalance });
  };
  for (const { loan, amount, highBalance } of loans) {
    add(loan, amount, highBalance, outcomes.get(loan.loan_id));
    await control.breathe();
  }
  for (const { loan, amount, code } of outOfScope) {
    add(loan, amount, null, { kind: 'out_of_scope', code });
    await control.breathe();
  }
  return all.sort((a, b) => (a.loan.loan_id < b.loan.loan_id ? -1 : 1));
}
