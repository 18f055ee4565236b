import { addDays } from '../domain/calendar';
import type { TradeRow } from '../entities';
import { foldString } from '../rules';
import type { RunInput } from '../steps/run-input';
import type { TradeType } from './pair-off';

type TradeInput = Pick<RunInput, 'trades' | 'options' | 'asOf'>;

/** The trades of a run (engine.md, step 2): open, chosen by the options, settling from as-of within `max_trade_settle_days`. */
export function tradesInRun({ trades, options, asOf }: TradeInput): TradeRow[] {
  const last = addDays(asOf, options.max_trade_settle_days);
  const wanted = options.trade_ids === null ? null : new Set(options.trade_ids);
  return trades
    .filter(
      (trade) =>
        foldString(trade.status) === 'open' &&
        trade.settlement_date >= asOf &&
        trade.settlement_date <= last &&
        (wanted === null || wanted.has(trade.trade_id)),
    )
    .sort((a, b) => (a.trade_id < b.trade_id ? -1 : 1));
}

/** Whether a trade prices by note rate. */
export const isCashTrade = ({ trade_type }: TradeRow): boolean => trade_type === 'wl' || trade_type === 'be';

/** Whether a trade type is one the engine knows. */
export const isTradeType = (text: string): text is TradeType => text === 'mbs' || text === 'wl' || text === 'be';
