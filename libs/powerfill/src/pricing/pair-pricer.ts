import type { ConditionSet } from '../eligibility/condition-set';
import type { LoanFacts } from '../eligibility/loan-facts';
import type { RunOptions } from '../domain/run-options';
import type { PairPrice } from '../steps/step-results';
import { buyUpDown, ginnieExcess, servicingValue, type BuyUpDown } from './buy-up-down';
import { gridPrice } from './cash-grid';
import type { DayCalendar } from './day-calendar';
import type { AdjustmentTerms, InstrumentTerms, SaleTerms } from './sale-terms';
import { bestPayup } from './stories';

const NOTHING_BOUGHT: BuyUpDown = { points: 0, bought: 0, retainedExcess: 0 };

/**
 * The price function of a run (engine.md, step 3 "Price" and "Carry"), the same for trades and synthetic trades.
 * Stateless but for sums remembered per loan; call `begin` before each loan.
 */
export class PairPricer {
  private adjustmentSums: (number | undefined)[] = [];
  private premiumSums: (number | undefined)[] = [];

  constructor(
    private readonly conditions: ConditionSet,
    private readonly days: DayCalendar,
    private readonly asOfDay: number,
    private readonly priceMode: RunOptions['price_mode'],
  ) {}

  /** Turns to the next loan. */
  begin(): void {
    this.adjustmentSums = [];
    this.premiumSums = [];
  }

  /** Trade price, registered price or grid price; null without one. */
  basePrice({ loan }: LoanFacts, sale: SaleTerms): number | null {
    if (sale.flatPrice !== null) return sale.flatPrice;
    if (sale.tradeType === 'be' && loan.be_trade_id === sale.id && loan.be_price !== null) return loan.be_price;
    return sale.grid === null ? null : gridPrice(sale.grid, loan.note_rate, sale.interpolates);
  }

  /** Prices a pair; null when its base, or the buy-up grid row of its coupon, is missing. */
  price(facts: LoanFacts, sale: SaleTerms): PairPrice | null {
    const base = this.basePrice(facts, sale);
    const bought = this.bought(facts, sale);
    if (base === null || bought === null) return null;
    const payup = sale.story === null ? bestPayup(sale.loanPayups, facts, this.conditions) : null;
    const payUp = sale.story === null ? (payup?.points ?? 0) : sale.contractPayup;
    const servicing = this.servicing(facts, sale, bought.retainedExcess);
    const adjustments = this.adjustments(facts, sale.instrument) - breakPoints(facts, sale);
    const price = base + payUp + bought.points + servicing + adjustments;
    const deliveryDay = this.deliveryDay(facts, sale);
    const days = Math.max(0, deliveryDay - (facts.readyDay ?? this.asOfDay));
    const carry = sale.curve?.carry(facts.loan.note_rate, days) ?? 0;
    const prxPlusCarry = price + carry;
    return {
      base,
      payUp,
      payUpStory: (sale.story ?? payup)?.name ?? null,
      buyUpDown: bought.points,
      servicingValue: servicing,
      adjustments,
      price,
      carry,
      prxPlusCarry,
      score: this.priceMode === 'price' ? price : prxPlusCarry,
      interestEarningDays: days,
      deliveryDate: this.days.date(deliveryDay),
      buyUpBp: bought.bought,
      retainedExcessBp: bought.retainedExcess,
    };
  }

  /** Settlement for securities; a cash sale is delivered once the loan is ready and the investor has turned it round. */
  private deliveryDay(facts: LoanFacts, sale: SaleTerms): number {
    if (sale.tradeType === 'mbs') return sale.settlementDay;
    const ready = facts.readyDay ?? this.asOfDay;
    return Math.min(sale.settlementDay, this.days.addBusinessDays(ready, sale.leadDays + sale.turnDays));
  }

  private bought({ loan }: LoanFacts, sale: SaleTerms): BuyUpDown | null {
    if (sale.tradeType !== 'mbs') return NOTHING_BOUGHT;
    if (sale.coupon === null) return null;
    const { row, ginnie } = sale.instrument;
    const baseServicing = row.base_servicing ?? 0;
    const terms = sale.buyUpDown;
    if (ginnie) {
      return ginnieExcess(loan.note_rate, sale.coupon, terms?.guaranteeFee ?? 0, baseServicing, row.max_servicing);
    }
    return terms === null ? null : buyUpDown(loan.note_rate, sale.coupon, terms, baseServicing, row.max_servicing);
  }

  private servicing(facts: LoanFacts, sale: SaleTerms, retainedExcess: number): number {
    const { instrument } = sale;
    if (sale.servicing === 'retained') {
      return servicingValue((instrument.row.base_servicing ?? 0) + retainedExcess, instrument.row.msr_multiple ?? 0);
    }
    if (sale.priceIncludesPremium) return 0;
    return (this.premiumSums[instrument.index] ??= this.sum(instrument.premiums, facts));
  }

  private adjustments(facts: LoanFacts, instrument: InstrumentTerms): number {
    return (this.adjustmentSums[instrument.index] ??= this.sum(instrument.adjustments, facts));
  }

  private sum(terms: readonly AdjustmentTerms[], facts: LoanFacts): number {
    let sum = 0;
    for (const { condition, points } of terms) if (this.conditions.holds(condition, facts)) sum += points;
    return sum;
  }
}

/** A closed loan registered to a best-efforts trade pays to break that lock when it goes anywhere else. */
function breakPoints({ loan, closed }: LoanFacts, sale: SaleTerms): number {
  if (!closed || loan.be_trade_id === null || loan.be_trade_id === '' || loan.be_trade_id === sale.id) return 0;
  return loan.be_break_points ?? 0;
}
