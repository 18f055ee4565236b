import { parseScaled } from '@powerfill/database';
import { gridPrice } from '../pricing/cash-grid';
import { inForce } from '../pricing/in-force';
import { MarketBook } from '../pricing/market-book';
import { NOTIFICATION_DAYS } from '../pricing/sale-terms-factory';
import { payupsInForce } from '../pricing/stories';
import { tradeRoom } from '../pricing/trade-room';
import { isCashTrade } from '../pricing/trades-in-run';
import { foldString } from '../rules';
import { isOpenTo, tradeFound, type PreflightContext } from './context';
import { finding, wholeFinding, type Finding } from './finding';

const isBlank = (text: string | null): boolean => text === null || text.trim() === '';

/** What is wrong with the trades of a run. */
export function tradeChecks(context: PreflightContext): Finding[] {
  const { input, trades, instruments } = context;
  if (trades.length === 0) {
    const message = `No open trade settles from ${input.asOf} within ${input.options.max_trade_settle_days} days.`;
    return wholeFinding('no_open_trade', message);
  }
  const priced = new Set(input.cashGrid.map(({ trade_id: id }) => id));
  return [
    ...finding(
      'amount_zero',
      'Trades have no amount; correct or close them.',
      trades.filter(({ trade_amount: amount }) => amount <= 0).map(tradeFound),
    ),
    ...finding(
      'instrument_missing',
      'Trades name an instrument that is not in pscat_instruments; load it.',
      trades.filter((trade) => !instruments.has(trade.investor_instrument_name)).map(tradeFound),
    ),
    ...finding(
      'grid_missing',
      'Cash trades have no note-rate grid in pscat_trade_cash_grid; load it.',
      trades.filter((trade) => trade.trade_type === 'wl' && !priced.has(trade.trade_id)).map(tradeFound),
    ),
    ...finding('buy_up_grid_missing', BUY_UP, tradesWithoutBuyUpGrid(context).map(tradeFound)),
    ...storyChecks(context),
    ...carryChecks(context),
    ...finding('past_notification', 'The notification day of trades is past; their pools are named already.', [
      ...trades.filter((trade) => isPastNotification(context, trade)).map(tradeFound),
    ]),
    ...finding('trade_without_constraint', 'No constraint lets a loan into these trades; add one or close them.', [
      ...trades.filter((trade) => !hasConstraint(context, trade)).map(tradeFound),
    ]),
    ...distanceChecks(context),
    ...roomChecks(context),
  ];
}

const BUY_UP =
  'Security trades have no buy-up and buy-down grid for their instrument and coupon in pscat_bubd_grid; load it.';

const isGinnie = (program: string, agency: string | null): boolean =>
  foldString(program).startsWith('gn') || foldString(agency ?? '').includes('gnma');

function tradesWithoutBuyUpGrid({ input, trades, instruments }: PreflightContext) {
  const key = (instrument: string, coupon: number): string => `${instrument}|${coupon}`;
  const grid = inForce(input.buyUpDownGrid, (row) => key(row.investor_instrument_name, row.coupon), input.asOf);
  return trades.filter(({ trade_type: type, investor_instrument_name: name, coupon }) => {
    const instrument = instruments.get(name);
    if (type !== 'mbs' || instrument === undefined || coupon === null) return false;
    return !isGinnie(instrument.program, instrument.agency) && !grid.has(key(name, coupon));
  });
}

function storyChecks({ input, trades }: PreflightContext): Finding[] {
  if (input.payups === null) return [];
  const known = new Set(payupsInForce(input.payups, input.asOf).map(({ story }) => story));
  return finding(
    'story_unknown',
    'Trades name a story that no pay-up in force describes; load it into rmusr_payups.',
    trades.filter(({ story }) => !isBlank(story) && !known.has(story ?? '')).map(tradeFound),
  );
}

function carryChecks({ input, trades }: PreflightContext): Finding[] {
  if (input.options.price_mode !== 'price_plus_carry') return [];
  const curves = new Set(input.carryCost.map((row) => row.investor_instrument_name));
  return finding(
    'carry_curve_missing',
    'Neither the instrument of these trades nor * has a carry curve; add one or run with price_mode "price".',
    curves.has('*') ? [] : trades.filter((trade) => !curves.has(trade.investor_instrument_name)).map(tradeFound),
  );
}

const isPastNotification = ({ input }: PreflightContext, trade: PreflightContext['trades'][number]): boolean =>
  trade.trade_type === 'mbs' && input.calendar.addBusinessDays(trade.settlement_date, -NOTIFICATION_DAYS) < input.asOf;

const hasConstraint = ({ input }: PreflightContext, trade: PreflightContext['trades'][number]): boolean =>
  input.constraints.some((row) => isOpenTo(row, trade));

/** Prices further from the market than the setting says. */
function distanceChecks({ input, settings, trades, instruments }: PreflightContext): Finding[] {
  const market = new MarketBook(input.marketPrices);
  const most = parseScaled(settings.market_distance_points, 8);
  const grids = new Map<string, { rates: number[]; prices: number[] }>();
  for (const { trade_id: id, note_rate: rate, price } of input.cashGrid) {
    const grid = grids.get(id) ?? { rates: [], prices: [] };
    grids.set(id, grid);
    grid.rates.push(rate);
    grid.prices.push(price);
  }
  const far = trades.filter((trade) => {
    if (!instruments.has(trade.investor_instrument_name) || trade.coupon === null) return false;
    const grid = grids.get(trade.trade_id);
    const price = isCashTrade(trade)
      ? grid === undefined
        ? null
        : gridPrice({ tradeId: trade.trade_id, posted: [], ...grid }, trade.coupon, trade.interpolate ?? false)
      : trade.price;
    const { investor_instrument_name: name, coupon, settlement_date: date, story, contract_payup: payup } = trade;
    const now = market.priceOf(name, coupon, date.slice(0, 7), story, payup ?? 0);
    return price !== null && now !== null && Math.abs(price - now) > most;
  });
  const message = `Trade prices are more than ${settings.market_distance_points} points from today's market; check them.`;
  return finding('trade_far_from_market', message, far.map(tradeFound));
}

/** Room of the trades against the pipeline. */
function roomChecks({ settings, trades, loans }: PreflightContext): Finding[] {
  const pipeline = loans.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  if (pipeline === 0n) return [];
  const room = trades.reduce((sum, trade) => sum + BigInt(tradeRoom(trade).max), 0n);
  const [least, most] = [settings.room_min_percent, settings.room_max_percent].map((text) =>
    BigInt(parseScaled(text, 2)),
  );
  const share = room * 10_000n;
  if (share >= (least ?? 0n) * pipeline && share <= (most ?? 0n) * pipeline) return [];
  const percent = Number((share * 10n) / pipeline) / 1_000;
  const range = `${settings.room_min_percent} to ${settings.room_max_percent} %`;
  const message = `Open trades have room for ${percent.toFixed(2)} % of the pipeline, outside ${range}.`;
  return finding('room_out_of_range', message, [{ id: 'all trades', amount: Number(room) }]);
}
