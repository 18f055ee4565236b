import { type loanOrderingTable } from '../../entities';
import { type OutputRow, type StepControl } from '../run-step';
import { type LoanResult } from './loan-outcomes';

/**
 * One row per eligible loan, numbered by class, then value (largest first), then loan id; loans without a trade last.
 *
 * @param results sorted by loan id
 * @param values v of each result, cents; 0 for a loan without a trade
 * @returns rows sorted by loan id
 */
export async function orderingRows(
  results: readonly LoanResult[],
  values: readonly number[],
  control: StepControl,
): Promise<OutputRow<typeof loanOrderingTable>[]> {
  const number = orderingNumbers(Float64Array.from(results, priorityOf), values);
  const rows: OutputRow<typeof loanOrderingTable>[] = [];
  for (const [index, result] of results.entries()) {
    await control.breathe();
    const candidate = result.kind === 'placed' ? result.candidate : null;
    rows.push({
      ordering_no: number[index] ?? 0,
      loan_id: result.eligible.loan.loan_id,
      amount: result.eligible.amount,
      outcome: result.kind,
      trade_id: candidate?.tradeId ?? null,
      constraint_priority: candidate?.constraint.priority ?? null,
      constraint_name: candidate?.constraint.name ?? null,
    });
  }
  return rows;
}

const priorityOf = (result: LoanResult): number =>
  result.kind === 'placed' ? result.candidate.constraint.priority : Infinity;

/** Typed arrays, because a sort cannot give the event loop a turn. Loans come by id, so the index breaks ties. */
function orderingNumbers(priorities: Float64Array, values: readonly number[]): Uint32Array {
  const order = Uint32Array.from(priorities, (_, index) => index);
  order.sort((a, b) => {
    if (priorities[a] !== priorities[b]) return priorities[a]! < priorities[b]! ? -1 : 1;
    return (values[b] ?? 0) - (values[a] ?? 0) || a - b;
  });
  const number = new Uint32Array(order.length);
  order.forEach((index, place) => (number[index] = place + 1));
  return number;
}
