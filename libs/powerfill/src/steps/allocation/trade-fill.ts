import { divideRounded } from '../../domain/money';
import { WeightedAverage } from '../../domain/weighted-average';
import { custodyStanding } from '../../eligibility/loan-facts';
import { type TradeBaseRow } from '../../entities';
import { type Candidate, type EligibleLoan, type PricedTrade } from '../step-results';
import { type TradeLimit } from './trade-limits';
import { pairOffCost, tradeStatus } from './trade-status';

/** Columns of `pfill_trade_base` that step 4 fills. */
export const FILL_COLUMNS = [
  'fill_amount',
  'fill_count',
  'fill_closed_amount',
  'fill_locked_amount',
  'fill_pull_through_amount',
  'pool_locked_amount',
  'tail_amount',
  'wa_note_rate',
  'wa_fico',
  'wa_ltv',
  'wa_dti',
  'high_balance_amount',
  'top_state',
  'top_state_amount',
  'not_certified_amount',
  'status',
  'pair_off_cost',
  'shadow_price',
  'limits_json',
] as const satisfies readonly (keyof TradeBaseRow)[];

export type TradeFillColumns = Pick<TradeBaseRow, (typeof FILL_COLUMNS)[number]>;

/** `wa_fico` has four decimals, a score none. */
const FICO_SCALE = 10_000;
const PULL_THROUGH_ONE = 10_000n;

/** Adds up what the run places in one trade: amounts in cents, averages at the scale of their columns. */
export class TradeFill {
  private amount = 0;
  private count = 0;
  private closed = 0;
  private pullThrough = 0;
  private poolLocked = 0;
  private highBalance = 0;
  private notCertified = 0;
  private readonly noteRate = new WeightedAverage();
  private readonly fico = new WeightedAverage();
  private readonly ltv = new WeightedAverage();
  private readonly dti = new WeightedAverage();
  private readonly states = new Map<string, number>();

  constructor(private readonly priced: PricedTrade) {}

  add(eligible: EligibleLoan, candidate: Candidate): void {
    const { loan, amount } = eligible;
    this.amount += amount;
    this.count += 1;
    if (eligible.closed) this.closed += amount;
    this.pullThrough += eligible.closed ? amount : expected(amount, loan.pull_through);
    if (candidate.locked) this.poolLocked += amount;
    if (eligible.highBalance) this.highBalance += amount;
    if (custodyStanding(loan) !== 'certified') this.notCertified += amount;
    this.noteRate.add(amount, loan.note_rate);
    this.fico.add(amount, loan.fico);
    this.ltv.add(amount, loan.ltv);
    this.dti.add(amount, loan.dti);
    if (loan.property_state !== null)
      this.states.set(loan.property_state, (this.states.get(loan.property_state) ?? 0) + amount);
  }

  /** Fill so far, cents. */
  get fill(): number {
    return this.amount;
  }

  /**
   * @param shadowPrice 1e-8 point
   * @param limits the limits the trade is under
   */
  columns(shadowPrice: number, limits: readonly TradeLimit[]): TradeFillColumns {
    const top = this.topState();
    return {
      fill_amount: this.amount,
      fill_count: this.count,
      fill_closed_amount: this.closed,
      fill_locked_amount: this.amount - this.closed,
      fill_pull_through_amount: this.pullThrough,
      pool_locked_amount: this.poolLocked,
      tail_amount: Math.max(0, this.amount - this.priced.maxWithoutTail),
      wa_note_rate: this.noteRate.value(),
      wa_fico: this.fico.value(FICO_SCALE),
      wa_ltv: this.ltv.value(),
      wa_dti: this.dti.value(),
      high_balance_amount: this.highBalance,
      top_state: top?.state ?? null,
      top_state_amount: top?.amount ?? null,
      not_certified_amount: this.notCertified,
      status: tradeStatus(this.priced, this.amount),
      pair_off_cost: pairOffCost(this.priced, this.amount),
      shadow_price: shadowPrice,
      limits_json: JSON.stringify(limits),
    };
  }

  private topState(): { state: string; amount: number } | null {
    let top: { state: string; amount: number } | null = null;
    for (const [state, amount] of this.states) {
      if (top === null || amount > top.amount || (amount === top.amount && state < top.state)) top = { state, amount };
    }
    return top;
  }
}

/** Amount times the probability of closing (1e-4); a locked loan without one counts in full. */
function expected(amount: number, pullThrough: number | null): number {
  if (pullThrough === null) return amount;
  return Number(divideRounded(BigInt(amount) * BigInt(pullThrough), PULL_THROUGH_ONE));
}
