import type { CandidateRow, LoanConstraintPoolRow } from '../entities';
import type { Candidate, ConstraintRef, EligibleLoan } from './step-results';

type Row<T> = Omit<T, 'run_id' | 'attempt'>;

/** Characters `warning_codes` holds. */
const WARNING_LENGTH = 400;

/** Collects the rows of step 3: the best candidates of each loan, and the constraints that open trades to it. */
export class CandidateRowWriter {
  readonly candidates: Row<CandidateRow>[] = [];
  readonly constraintPools: Row<LoanConstraintPoolRow>[] = [];

  /**
   * @param kept candidates a loan keeps in the table, besides the one of its trade today, against which a switch is
   *   held; 0 = all
   */
  constructor(private readonly kept: number) {}

  add(eligible: EligibleLoan): void {
    const { loan, candidates } = eligible;
    const byConstraint = new Map<ConstraintRef, Row<LoanConstraintPoolRow>>();
    candidates.forEach((candidate, index) => {
      const isKept = this.kept === 0 || index < this.kept || candidate.tradeId === eligible.currentTradeId;
      if (isKept) this.candidates.push(candidateRow(eligible, candidate, index + 1));
      const known = byConstraint.get(candidate.constraint);
      if (known !== undefined) {
        known.candidate_count += 1;
        return;
      }
      byConstraint.set(candidate.constraint, {
        loan_id: loan.loan_id,
        ...constraintColumns(candidate.constraint),
        pool_name: loan.pool_name,
        candidate_count: 1,
        best_trade_id: candidate.tradeId,
        best_score: candidate.price.score,
      });
    });
    for (const row of byConstraint.values()) this.constraintPools.push(row);
  }
}

function candidateRow({ loan, amount }: EligibleLoan, candidate: Candidate, rank: number): Row<CandidateRow> {
  const { price, constraint, tradeId, locked, warnings } = candidate;
  return {
    loan_id: loan.loan_id,
    trade_id: tradeId,
    rank_no: rank,
    ...constraintColumns(constraint),
    amount,
    base_price: price.base,
    pay_up: price.payUp,
    pay_up_story: price.payUpStory,
    buy_up_down: price.buyUpDown,
    servicing_value: price.servicingValue,
    adjustments: price.adjustments,
    price: price.price,
    carry: price.carry,
    prx_plus_carry: price.prxPlusCarry,
    score: price.score,
    interest_earning_days: price.interestEarningDays,
    delivery_date: price.deliveryDate,
    is_locked: locked,
    warning_codes: warnings.length === 0 ? null : joined(warnings),
  };
}

const constraintColumns = ({ investorId, instrumentName, name, priority }: ConstraintRef) => ({
  investor_id: investorId,
  investor_instrument_name: instrumentName,
  constraint_name: name,
  constraint_priority: priority,
});

/** Codes joined by commas, as many whole ones as the column holds. */
function joined(codes: readonly string[]): string {
  let text = '';
  for (const code of codes) {
    const longer = text === '' ? code : `${text},${code}`;
    if (longer.length > WARNING_LENGTH) return text;
    text = longer;
  }
  return text;
}
