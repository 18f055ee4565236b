import { type LoanRow } from '../entities';
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
}

/** Every loan that is in a pool or gets a trade, sorted by loan id; the others have no part in the pools. */
export function pooledLoans(
  { loans, outOfScope }: CandidateSet,
  outcomes: ReadonlyMap<string, LoanOutcome>,
): PooledLoan[] {
  const all: PooledLoan[] = [];
  for (const { loan, amount } of loans) {
    const fate = outcomes.get(loan.loan_id);
    if (fate !== undefined) all.push({ loan, amount, poolName: poolNameOf(loan), fate });
  }
  for (const { loan, amount, code } of outOfScope)
    all.push({ loan, amount, poolName: poolNameOf(loan), fate: { kind: 'out_of_scope', code } });
  return all
    .filter(({ poolName, fate }) => poolName !== null || fate.kind === 'placed')
    .sort((a, b) => (a.loan.loan_id < b.loan.loan_id ? -1 : 1));
}

const poolNameOf = ({ pool_name: name }: LoanRow): string | null => (name === '' ? null : name);
