import { mulRate, parseDecimal } from '../../allocation/problem/exact-arithmetic';
import { daysBetween, type IsoDate } from '../../domain/calendar';
import { divideRounded } from '../../domain/money';
import { type guideTable, type LoanRow } from '../../entities';
import { type OutputRow } from '../run-step';
import { type Candidate, type EligibleLoan } from '../step-results';
import { scoreFor } from './problem-text';

/** What every guide row of a run shares. */
export interface GuideContext {
  readonly asOf: IsoDate;
  /** Option `switch_cost_bp` as an integer of 1e-4 bp. */
  readonly switchCost: number;
  /** By loan id, 1e-8 point. */
  readonly reservations: ReadonlyMap<string, number>;
}

/** Option `switch_cost_bp` (decimal text with four places) as an integer of 1e-4 bp. */
export const parseSwitchCost = (text: string): number => Number(parseDecimal(text, 4));

/** v of engine.md, section 2: what the pair is worth over the loan's reservation price, cents. */
export const pairValue = (eligible: EligibleLoan, candidate: Candidate, reservation: number): number =>
  mulRate(eligible.amount, scoreFor(candidate, reservation) - reservation);

/** Cost of moving a pooled loan to another trade, cents; 0 for a loan that stays or is in no trade's pool. */
export function switchCostOf(eligible: EligibleLoan, tradeId: string, switchCost: number): number {
  if (eligible.currentTradeId === null || eligible.currentTradeId === tradeId) return 0;
  return Number(divideRounded(BigInt(eligible.amount) * BigInt(switchCost), 100_000_000n));
}

/** The guide's row of a placed loan; steps 5 and 6 add pool and alternative. */
export function guideRow(
  eligible: EligibleLoan,
  candidate: Candidate,
  context: GuideContext,
): OutputRow<typeof guideTable> {
  const { loan } = eligible;
  const { price, constraint } = candidate;
  const reservation = context.reservations.get(loan.loan_id) ?? 0;
  // Candidates come best first, so the first other one is the second-best.
  const second = eligible.candidates.find((other) => other !== candidate);
  return {
    loan_id: loan.loan_id,
    trade_id: candidate.tradeId,
    investor_id: constraint.investorId,
    investor_instrument_name: constraint.instrumentName,
    constraint_name: constraint.name,
    constraint_priority: constraint.priority,
    amount: eligible.amount,
    note_rate: loan.note_rate,
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
    value_amount: pairValue(eligible, candidate, reservation),
    reservation_price: reservation,
    switch_cost_amount: switchCostOf(eligible, candidate.tradeId, context.switchCost),
    buy_up_bp: price.buyUpBp,
    retained_excess_bp: price.retainedExcessBp,
    days_on_line: daysOnLine(loan, context.asOf),
    lock_expiration_date: loan.lock_expiration_date,
    is_locked: candidate.locked,
    trade_rank: eligible.candidates.indexOf(candidate) + 1,
    second_trade_id: second?.tradeId ?? null,
    second_score: second?.price.score ?? null,
    pool_name: loan.pool_name,
    recommended_pool: null,
    pool_action: null,
    alternative_id: null,
    alternative_score: null,
    give_up: null,
  };
}

function daysOnLine(loan: LoanRow, asOf: IsoDate): number {
  const since = loan.funded_date ?? loan.close_date;
  return since === null ? 0 : Math.max(0, daysBetween(since, asOf));
}
