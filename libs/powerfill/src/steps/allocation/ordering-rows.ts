import { type loanOrderingTable } from '../../entities';
import { type OutputRow } from '../run-step';
import { type LoanResult } from './loan-outcomes';

interface Ranked {
  readonly result: LoanResult;
  /** v of the pair, cents; 0 for a loan without a trade. */
  readonly value: number;
}

const loanId = ({ result }: Ranked): string => result.eligible.loan.loan_id;
const priority = ({ result }: Ranked): number =>
  result.kind === 'placed' ? result.candidate.constraint.priority : Infinity;

/** By class, then value (largest first), then loan id; loans without a trade come last. */
function inOrder(a: Ranked, b: Ranked): number {
  if (priority(a) !== priority(b)) return priority(a) < priority(b) ? -1 : 1;
  return b.value - a.value || (loanId(a) < loanId(b) ? -1 : 1);
}

/**
 * One row per eligible loan, numbered in the order of the desk's classes.
 *
 * @param results sorted by loan id
 * @param values v of each result, cents
 * @returns rows sorted by loan id
 */
export function orderingRows(
  results: readonly LoanResult[],
  values: readonly number[],
): OutputRow<typeof loanOrderingTable>[] {
  const ranked = results.map((result, index): Ranked => ({ result, value: values[index] ?? 0 }));
  const place = new Map([...ranked].sort(inOrder).map((each, index) => [each, index + 1]));
  return ranked.map((each) => {
    const { result } = each;
    const candidate = result.kind === 'placed' ? result.candidate : null;
    return {
      ordering_no: place.get(each) ?? 0,
      loan_id: result.eligible.loan.loan_id,
      amount: result.eligible.amount,
      outcome: result.kind,
      trade_id: candidate?.tradeId ?? null,
      constraint_priority: candidate?.constraint.priority ?? null,
      constraint_name: candidate?.constraint.name ?? null,
    };
  });
}
