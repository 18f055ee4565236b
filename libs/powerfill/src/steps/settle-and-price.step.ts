import { daysBetween } from '../domain/calendar';
import { runPayupTable, tradeBaseTable, type InstrumentRow, type TradeRow } from '../entities';
import { gridPrice } from '../pricing/cash-grid';
import { MarketBook, syntheticTrades } from '../pricing/market-book';
import { pairOff } from '../pricing/pair-off';
import { NOTIFICATION_DAYS } from '../pricing/sale-terms-factory';
import { payupsInForce, quotePoints } from '../pricing/stories';
import { tradeRoom } from '../pricing/trade-room';
import { isTradeType, tradesInRun } from '../pricing/trades-in-run';
import type { RunInput } from './run-input';
import { insertRows, StepError, type RunStep, type StepControl, type StepOutcome } from './run-step';
import type { RunWarning } from '../domain/run-response';
import { tradeBaseRow } from './settle-and-price-rows';
import type { CashGrid, PairOffKind, PricedTrade, StepResults } from './step-results';

const PAIR_OFF_KINDS: readonly string[] = ['two_way', 'one_way', 'fixed', 'none'] satisfies PairOffKind[];

/** Step 2 (engine.md): the run's trades with room, price and pair-off cost; pay-ups in points; synthetic trades. */
export class SettleAndPriceStep implements RunStep {
  readonly name = 'bx_settle_and_price' as const;

  async run(input: RunInput, results: StepResults, control: StepControl): Promise<StepOutcome> {
    const { payups } = input;
    if (payups === null) {
      throw new StepError(
        'PAYUP_TABLE_MISSING',
        'The tenant has no pay-up table (rmusr_payups): create it, empty if the desk pays none.',
      );
    }
    const instruments = new Map(input.instruments.map((row) => [row.investor_instrument_name, row]));
    const market = new MarketBook(input.marketPrices);
    const warnings: RunWarning[] = unknownTradeIds(input);
    const trades: PricedTrade[] = [];
    for (const trade of tradesInRun(input)) {
      await control.breathe();
      const grid = results.cashGrids?.get(trade.trade_id) ?? null;
      trades.push(priceTrade(input, trade, instruments, grid, market, warnings));
    }
    if (trades.length === 0) {
      warnings.push({ code: 'no_trades', message: 'No open trade settles in the window of this run.' });
    }
    const { synthetics, unknownInstruments } = syntheticTrades(input, instruments);
    if (unknownInstruments.length > 0) {
      warnings.push({
        code: 'market_instrument_unknown',
        message: `Market prices of unknown instruments are left out: ${unknownInstruments.join(', ')}.`,
        count: unknownInstruments.length,
      });
    }
    results.trades = trades;
    results.synthetics = synthetics;
    const payupRows = payupsInForce(payups, input.asOf).map(({ quote, div_by, ...row }) => ({
      ...row,
      points: quotePoints(quote, div_by),
    }));
    return {
      status: 'done',
      note: `${trades.length} trades, ${payupRows.length} pay-ups, ${synthetics.length} synthetic trades`,
      writes: [insertRows(tradeBaseTable, trades.map(tradeBaseRow)), insertRows(runPayupTable, payupRows)],
      warnings,
    };
  }
}

function priceTrade(
  input: RunInput,
  trade: TradeRow,
  instruments: ReadonlyMap<string, InstrumentRow>,
  grid: CashGrid | null,
  market: MarketBook,
  warnings: RunWarning[],
): PricedTrade {
  const { trade_id: id, trade_type: tradeType, coupon } = trade;
  if (!isTradeType(tradeType))
    throw new StepError('TRADE_TYPE_UNKNOWN', `Trade ${id} has type "${tradeType}"; known are mbs, wl and be.`);
  const instrument = instruments.get(trade.investor_instrument_name);
  if (instrument === undefined) {
    throw new StepError(
      'INSTRUMENT_MISSING',
      `Trade ${id} names instrument ${trade.investor_instrument_name}, which is not in pscat_instruments.`,
    );
  }
  const room = tradeRoom(trade);
  const gridPriceAtReference =
    grid === null || coupon === null ? null : gridPrice(grid, coupon, trade.interpolate ?? false);
  const price = tradeType === 'mbs' ? trade.price : gridPriceAtReference;
  const marketPrice = market.priceOf(
    instrument.investor_instrument_name,
    coupon,
    trade.settlement_date.slice(0, 7),
    trade.story,
    trade.contract_payup ?? 0,
  );
  const cost = pairOff({ tradeType, kind: pairOffKind(trade), points: trade.pair_off_points, price, marketPrice });
  if (tradeType === 'mbs' && (price === null || coupon === null)) {
    warnings.push({
      code: 'trade_price_missing',
      message: `Trade ${id} has no price or no coupon: no loan can be priced into it.`,
    });
  }
  const pastHorizon = daysBetween(input.asOf, trade.settlement_date) > input.settings.pairOffHorizonDays;
  if (cost.withoutMarket && !pastHorizon) {
    warnings.push({
      code: 'market_price_missing',
      message: `Trade ${id} has no market price to pair off at: its fixed fee counts.`,
    });
  }
  return {
    trade,
    instrument,
    obligation: room.obligation,
    toleranceDown: room.toleranceDown,
    toleranceUp: room.toleranceUp,
    target: room.target,
    min: pastHorizon ? 0 : room.min,
    minBeforeHorizon: room.min,
    max: room.max,
    maxWithoutTail: room.maxWithoutTail,
    mustReach: trade.must_reach_amount !== null && trade.must_reach_amount > 0 ? trade.must_reach_amount : null,
    pastHorizon,
    price,
    marketPrice,
    pairOffKind: cost.kind,
    pairOffPoints: pastHorizon ? 0 : cost.points,
    notificationDate:
      tradeType === 'mbs' ? input.calendar.addBusinessDays(trade.settlement_date, -NOTIFICATION_DAYS) : null,
  };
}

function pairOffKind({ trade_id: id, pair_off_kind: kind }: TradeRow): PairOffKind | null {
  if (kind === null || kind === '') return null;
  if (isPairOffKind(kind)) return kind;
  throw new StepError(
    'PAIR_OFF_KIND_UNKNOWN',
    `Trade ${id} has pair-off kind "${kind}"; known are ${PAIR_OFF_KINDS.join(', ')}.`,
  );
}

const isPairOffKind = (text: string): text is PairOffKind => PAIR_OFF_KINDS.includes(text);

function unknownTradeIds({ options, trades }: RunInput): RunWarning[] {
  const known = new Set(trades.map(({ trade_id }) => trade_id));
  const unknown = (options.trade_ids ?? []).filter((id) => !known.has(id));
  if (unknown.length === 0) return [];
  return [
    {
      code: 'unknown_trade_ids',
      message: `The options name trades that do not exist: ${unknown.slice(0, 10).join(', ')}.`,
      count: unknown.length,
    },
  ];
}
