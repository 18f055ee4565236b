import { mulRate } from '../allocation/problem/exact-arithmetic';
import { type syntheticTradeTable } from '../entities';
import { type OutputRow } from '../steps/run-step';
import { type EligibleLoan, type LoanOutcome, type SyntheticTrade } from '../steps/step-results';
import { type Alternative } from './loan-alternatives';

/** Suggested trades come in whole millions: $1 MM in cents. */
const LOT = 100_000_000;

/** The loans of one instrument, coupon and month that a new trade would serve better; amounts in cents. */
export interface SuggestedTrade {
  readonly instrumentName: string;
  /** 1e-6 percent. */
  readonly coupon: number;
  readonly settlementMonth: string;
  /** Sum of the group, rounded down to whole $1 MM. */
  readonly amount: number;
  /** Gain on every loan of the group, also on the odd part below $1 MM that the suggested amount leaves out. */
  readonly gain: number;
  readonly kickoutAmount: number;
  readonly giveUpAmount: number;
  readonly loanCount: number;
}

interface Group {
  readonly synthetic: SyntheticTrade;
  gain: number;
  kickoutAmount: number;
  giveUpAmount: number;
  loanCount: number;
}

export const groupKey = ({ instrument, coupon, settlementMonth }: SyntheticTrade): string =>
  `${instrument.investor_instrument_name}|${coupon}|${settlementMonth}`;

/**
 * Collects kickouts and give-ups by the instrument, coupon and month of their best alternative (engine.md, step 6). A
 * kickout gains its alternative less its reservation price, what the objective reckons it at unplaced; a placed loan
 * its give-up. Left out: kickouts the desk itself keeps back, members of locked pools, and loans with nothing to gain.
 */
export class SuggestedTrades {
  private readonly groups = new Map<string, Group>();

  /**
   * @param alternative the loan's best alternative by the run's own score
   * @param reservation 1e-8 point
   */
  add(eligible: EligibleLoan, outcome: LoanOutcome, alternative: Alternative, reservation: number): void {
    if (outcome.kind === 'kicked_out' && eligible.excludedCode === null) {
      const points = alternative.figure - reservation;
      if (points < 0) return;
      const group = this.groupOf(alternative);
      group.kickoutAmount += eligible.amount;
      this.gain(group, eligible, points);
    } else if (outcome.kind === 'placed' && alternative.giveUp !== null && alternative.giveUp > 0) {
      if (eligible.candidates.some(({ locked }) => locked)) return;
      const group = this.groupOf(alternative);
      group.giveUpAmount += eligible.amount;
      this.gain(group, eligible, alternative.giveUp);
    }
  }

  /** By group key; groups below $1 MM suggest nothing. */
  result(): ReadonlyMap<string, SuggestedTrade> {
    const suggested = new Map<string, SuggestedTrade>();
    for (const [key, { synthetic, gain, kickoutAmount, giveUpAmount, loanCount }] of this.groups) {
      const amount = Math.floor((kickoutAmount + giveUpAmount) / LOT) * LOT;
      if (amount === 0) continue;
      const { instrument, coupon, settlementMonth } = synthetic;
      const instrumentName = instrument.investor_instrument_name;
      suggested.set(key, {
        instrumentName,
        coupon,
        settlementMonth,
        amount,
        gain,
        kickoutAmount,
        giveUpAmount,
        loanCount,
      });
    }
    return suggested;
  }

  private groupOf({ option: { synthetic } }: Alternative): Group {
    const key = groupKey(synthetic);
    const group = this.groups.get(key) ?? { synthetic, gain: 0, kickoutAmount: 0, giveUpAmount: 0, loanCount: 0 };
    this.groups.set(key, group);
    return group;
  }

  private gain(group: Group, { amount }: EligibleLoan, points: number): void {
    group.gain += mulRate(amount, points);
    group.loanCount += 1;
  }
}

/**
 * Rows of `pfill_syn_trade_base`; the first story of a group carries its suggested trade.
 *
 * @param synthetics sorted by id
 * @param costPoints 1e-8 point
 */
export function syntheticTradeRows(
  synthetics: readonly SyntheticTrade[],
  costPoints: number,
  suggested: ReadonlyMap<string, SuggestedTrade>,
): OutputRow<typeof syntheticTradeTable>[] {
  const carried = new Set<string>();
  return synthetics.map((synthetic) => {
    const key = groupKey(synthetic);
    const suggestion = carried.has(key) ? undefined : suggested.get(key);
    carried.add(key);
    return {
      syn_trade_id: synthetic.id,
      investor_instrument_name: synthetic.instrument.investor_instrument_name,
      coupon: synthetic.coupon,
      settlement_month: synthetic.settlementMonth,
      settlement_date: synthetic.settlementDate,
      story: synthetic.story,
      servicing: synthetic.servicing,
      market_price: synthetic.marketPrice,
      cost_points: costPoints,
      price: synthetic.price,
      bid_as_of: synthetic.bidAsOf,
      suggested_amount: suggestion?.amount ?? null,
      suggested_gain: suggestion?.gain ?? null,
      suggested_kickout_amount: suggestion?.kickoutAmount ?? null,
      suggested_give_up_amount: suggestion?.giveUpAmount ?? null,
      suggested_loan_count: suggestion?.loanCount ?? null,
    };
  });
}
