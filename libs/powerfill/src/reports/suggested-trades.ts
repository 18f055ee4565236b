import { decimalText, moneyText, pointsText } from '../domain/money';
import type { SyntheticTradeRow } from '../entities';

/** A trade the desk could make today for loans that lack a better one (engine.md, step 6). */
export interface SuggestedTrade {
  readonly investor_instrument_name: string;
  readonly coupon: string;
  readonly settlement_month: string;
  readonly settlement_date: string;
  readonly market_price: string;
  /** Whole $1 MM. */
  readonly amount: string;
  readonly gain_amount: string | null;
  readonly kickout_amount: string | null;
  readonly give_up_amount: string | null;
  readonly loans: number | null;
}

const money = (cents: number | null): string | null => (cents === null ? null : moneyText(cents));

/** The suggestions among the run's alternatives, largest gain first. */
export function suggestedTrades(alternatives: readonly SyntheticTradeRow[]): SuggestedTrade[] {
  return alternatives
    .filter((row) => (row.suggested_amount ?? 0) > 0)
    .sort((a, b) => {
      const byGain = (b.suggested_gain ?? 0) - (a.suggested_gain ?? 0);
      return byGain !== 0 ? byGain : a.syn_trade_id < b.syn_trade_id ? -1 : 1;
    })
    .map((row) => ({
      investor_instrument_name: row.investor_instrument_name,
      coupon: decimalText(row.coupon, 6),
      settlement_month: row.settlement_month,
      settlement_date: row.settlement_date,
      market_price: pointsText(row.market_price),
      amount: moneyText(row.suggested_amount ?? 0),
      gain_amount: money(row.suggested_gain),
      kickout_amount: money(row.suggested_kickout_amount),
      give_up_amount: money(row.suggested_give_up_amount),
      loans: row.suggested_loan_count,
    }));
}
