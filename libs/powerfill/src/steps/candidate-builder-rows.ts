import type { CandidateRow, LoanConstraintPoolRow } from '../entities';
import { type RowSource, rowsMadeBy } from './run-step';
import type { Candidate, ConstraintRef, EligibleLoan } from './step-results';

type Row<T> = Omit<T, 'run_id' | 'attempt'>;

/** Characters `warning_codes` holds. */
const WARNING_LENGTH = 400;

/** The rows of step 3: the best candidates of each loan, and the constraints that open trades to it. */
export class CandidateRows {
  private readonly loans: EligibleLoan[] = [];
  private candidateCount = 0;
  private constraintCount = 0;

  /**
   * @param kept candidates a loan keeps in the table, besides the one of its trade today, against which a switch is
   *   held; 0 = all
   */
  constructor(private readonly kept: number) {}

  add(eligible: EligibleLoan): void {
    this.loans.push(eligible);
    for (let index = 0; index < eligible.candidates.length; index += 1)
      if (this.isKept(eligible, index)) this.candidateCount += 1;
    this.constraintCount += new Set(eligible.candidates.map(({ constraint }) => constraint)).size;
  }

  get candidates(): RowSource<Row<CandidateRow>> {
    return rowsMadeBy(this.candidateCount, () => this.makeCandidates());
  }

  get constraintPools(): RowSource<Row<LoanConstraintPoolRow>> {
    return rowsMadeBy(this.constraintCount, () => this.makeConstraintPools());
  }

  private isKept({ candidates, currentTradeId }: EligibleLoan, index: number): boolean {
    return this.kept === 0 || index < this.kept || candidates[index]?.tradeId === currentTradeId;
  }

  private *makeCandidates(): Generator<Row<CandidateRow>> {
    for (const eligible of this.loans) {
      for (const [index, candidate] of eligible.candidates.entries())
        if (this.isKept(eligible, index)) yield candidateRow(eligible, candidate, index + 1);
    }
  }

  private *makeConstraintPools(): Generator<Row<LoanConstraintPoolRow>> {
    for (const eligible of this.loans) yield* constraintPoolRows(eligible);
  }
}

/** A row for each constraint of a loan's candidates, in the order of its best candidate. */
function constraintPoolRows({ loan, candidates }: EligibleLoan): Iterable<Row<LoanConstraintPoolRow>> {
  const byConstraint = new Map<ConstraintRef, Row<LoanConstraintPoolRow>>();
  for (const { constraint, tradeId, price } of candidates) {
    const known = byConstraint.get(constraint);
    if (known !== undefined) {
      known.candidate_count += 1;
      continue;
    }
    byConstraint.set(constraint, {
      loan_id: loan.loan_id,
      ...constraintColumns(constraint),
      pool_name: loan.pool_name,
      candidate_count: 1,
      best_trade_id: tradeId,
      best_score: price.score,
    });
  }
  return byConstraint.values();
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
