import type { InstrumentRow, MarketPriceRow } from '../entities';
import { decimalText } from '../domain/money';
import type { RunInput } from '../steps/run-input';
import type { SyntheticTrade } from '../steps/step-results';
import { isSecurityInstrument, servicingOf, type RateBand } from './sale-terms-factory';

/** Note rates a window takes at its last quoted one: five rates in steps of 0.125 % (market.md, 1.2). */
const LAST_BAND = 500_000;

/** Today's market by instrument, coupon, month and story. */
export class MarketBook {
  private readonly rows: ReadonlyMap<string, MarketPriceRow>;

  constructor(rows: readonly MarketPriceRow[]) {
    this.rows = new Map(rows.map((row) => [marketKey(row, row.story), row]));
  }

  /**
   * Market price to hold against a trade's own price. A quote of the trade's story pays for the story, so the trade's
   * contract pay-up comes off it; without one the plain quote counts.
   */
  priceOf(
    instrument: string,
    coupon: number | null,
    month: string,
    story: string | null,
    contractPayup: number,
  ): number | null {
    if (coupon === null) return null;
    const at = { investor_instrument_name: instrument, coupon, settlement_month: month };
    const quoted = story === null || story === '' ? undefined : this.rows.get(marketKey(at, story));
    if (quoted !== undefined) return quoted.price - contractPayup;
    return this.rows.get(marketKey(at, ''))?.price ?? null;
  }
}

/**
 * Synthetic trades (engine.md, step 2): one per quote of today's market that can still settle, net of the cost of
 * making it, sorted by id. Quotes of unknown instruments are counted, not used.
 */
export function syntheticTrades(
  input: Pick<RunInput, 'marketPrices' | 'asOf' | 'settings'>,
  instruments: ReadonlyMap<string, InstrumentRow>,
): { synthetics: SyntheticTrade[]; unknownInstruments: string[] } {
  const synthetics: SyntheticTrade[] = [];
  const unknown = new Set<string>();
  for (const row of input.marketPrices) {
    const instrument = instruments.get(row.investor_instrument_name);
    if (instrument === undefined) {
      unknown.add(row.investor_instrument_name);
      continue;
    }
    if (row.settlement_date < input.asOf) continue;
    synthetics.push({
      id: `${row.investor_instrument_name}|${couponText(row.coupon)}|${row.settlement_month}|${row.story}`,
      instrument,
      coupon: row.coupon,
      settlementMonth: row.settlement_month,
      settlementDate: row.settlement_date,
      story: row.story,
      servicing: servicingOf(row.servicing),
      marketPrice: row.price,
      price: row.price - input.settings.syntheticCostPoints,
      bidAsOf: row.bid_as_of,
    });
  }
  synthetics.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { synthetics, unknownInstruments: [...unknown].sort() };
}

/**
 * Note rates each synthetic cash trade takes. The quotes of an instrument, month and story are a grid, read like a
 * cash trade's: a loan gets the price of the quoted rate at or below its own, up to 0.50 past the last quote.
 */
export function syntheticRateBands(synthetics: readonly SyntheticTrade[]): ReadonlyMap<string, RateBand> {
  const grids = new Map<string, SyntheticTrade[]>();
  for (const synthetic of synthetics) {
    if (isSecurityInstrument(synthetic.instrument)) continue;
    const { instrument, settlementMonth, story } = synthetic;
    const key = `${instrument.investor_instrument_name}|${settlementMonth}|${story}`;
    grids.set(key, [...(grids.get(key) ?? []), synthetic]);
  }
  const bands = new Map<string, RateBand>();
  for (const grid of grids.values()) {
    grid.sort((a, b) => a.coupon - b.coupon);
    grid.forEach(({ id, coupon }, index) => {
      const next = grid[index + 1];
      bands.set(id, { lowest: coupon, highest: next === undefined ? coupon + LAST_BAND : next.coupon - 1 });
    });
  }
  return bands;
}

type MarketKey = Pick<MarketPriceRow, 'investor_instrument_name' | 'coupon' | 'settlement_month'>;

const marketKey = (row: MarketKey, story: string): string =>
  `${row.investor_instrument_name}|${row.coupon}|${row.settlement_month}|${story}`;

/** `5.5`, `6.0`, `6.125`: at least one decimal, no needless zeros. */
function couponText(coupon: number): string {
  return decimalText(coupon, 6).replace(/0{1,5}$/, '');
}
