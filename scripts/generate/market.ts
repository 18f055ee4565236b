import type { MarketPriceRow, PayupRow } from '@powerfill/core/entities';
import {
  AS_OF,
  SETTLEMENT_MONTHS,
  settlementDate,
  type SettlementClass,
  type SettlementMonth,
} from './sample-calendar';
import { EIGHTH, MILLI_POINT, percent, points, roundTo, thirtySeconds } from './units';

interface SecurityMarket {
  readonly instrument: string;
  readonly settlementClass: SettlementClass;
  /** Coupon in percent and December price in points. */
  readonly prices: readonly (readonly [number, number])[];
}

/** Today's market for December: UMBS 30 of market.md section 3 to the nearest 32nd or 64th, the others by its spreads. */
const SECURITIES: readonly SecurityMarket[] = [
  {
    instrument: 'UMBS30',
    settlementClass: 'a',
    prices: [[4.5, 98.09375], [5, 100.0625], [5.5, 101.40625], [6, 102.34375], [6.5, 102.953125], [7, 103.4375]],
  },
  {
    instrument: 'UMBS15',
    settlementClass: 'b',
    prices: [[4, 98.875], [4.5, 100.09375], [5, 101.125], [5.5, 101.90625], [6, 102.46875]],
  },
  {
    instrument: 'GNII30',
    settlementClass: 'c',
    prices: [[4.5, 98.71875], [5, 100.5], [5.5, 101.71875], [6, 102.53125], [6.5, 103.109375], [7, 103.59375]],
  },
]; // prettier-ignore

/** Price lost by settling later: 5/32 December to January, 4/32 January to February; 6.5 is inverted and 7.0 flat. */
function rollDrop(coupon: number, month: SettlementMonth): number {
  if (month === '2026-12' || coupon >= percent(7)) return 0;
  const inverted = coupon === percent(6.5);
  const toJanuary = thirtySeconds(inverted ? -1 : 5);
  return month === '2027-01' ? toJanuary : toJanuary + thirtySeconds(inverted ? 0 : 4);
}

/** Today's price of a security in 1e-8 point; throws RangeError for a coupon without a market. */
export function securityPrice(instrument: string, coupon: number, month: SettlementMonth): number {
  const price = SECURITIES.find((security) => security.instrument === instrument)?.prices.find(
    ([at]) => percent(at) === coupon,
  )?.[1];
  if (price === undefined) throw new RangeError(`${instrument} ${coupon} has no market.`);
  return points(price) - rollDrop(coupon, month);
}

/** Whole-loan market: what the window pays for a note rate, by the term family it buys. */
export interface WholeLoanMarket {
  readonly instrument: string;
  readonly family: 'thirty' | 'fifteen';
  /** Points over the agency window's price. */
  readonly premium: number;
  readonly servicing: 'retained' | 'released';
}

/** Value of servicing sold with the loan: 0.25 % at five times. */
const SERVICING_RELEASED_PREMIUM = 1.25;

export const WHOLE_LOAN_MARKETS: readonly WholeLoanMarket[] = [
  { instrument: 'FNMA30-CASH', family: 'thirty', premium: -0.06, servicing: 'retained' },
  { instrument: 'FNMA30-HB-CASH', family: 'thirty', premium: -0.04, servicing: 'retained' },
  { instrument: 'FHLMC30-CASH', family: 'thirty', premium: -0.05, servicing: 'retained' },
  { instrument: 'FHLMC30-SC-CASH', family: 'thirty', premium: -0.04, servicing: 'retained' },
  { instrument: 'FNMA15-CASH', family: 'fifteen', premium: -0.06, servicing: 'retained' },
  { instrument: 'FHLMC15-CASH', family: 'fifteen', premium: -0.05, servicing: 'retained' },
  { instrument: 'SUMMIT30-BULK', family: 'thirty', premium: SERVICING_RELEASED_PREMIUM - 0.08, servicing: 'released' },
];

/** Note rates quoted today, percent; one quote an eighth, and the quotes of a month are one grid. */
const QUOTED_RATES: Readonly<Record<'thirty' | 'fifteen', readonly [number, number]>> = {
  thirty: [5.25, 7.5],
  fifteen: [4.5, 6.75],
};

/** Window price of a retained loan by note rate: the security it would go into, less its buy-down, in points. */
const WINDOW_PRICES: Readonly<Record<'thirty' | 'fifteen', readonly (readonly [number, number])[]>> = {
  thirty: [[4.75, 95.9], [5.25, 98.1], [5.75, 100.06], [6.25, 101.41], [6.75, 102.34], [7.25, 102.95], [7.75, 103.42]],
  fifteen: [[4.25, 97], [4.75, 98.87], [5.25, 100.09], [5.75, 101.12], [6.25, 101.9], [6.75, 102.45]],
}; // prettier-ignore

/** The agency window's price of a note rate in 1e-8 point, linear between its knots, to a thousandth of a point. */
export function windowPrice(family: 'thirty' | 'fifteen', noteRate: number): number {
  const knots = WINDOW_PRICES[family];
  for (let at = 1; at < knots.length; at += 1) {
    const [lowRate, lowPrice] = knots[at - 1] ?? [0, 0];
    const [highRate, highPrice] = knots[at] ?? [0, 0];
    if (noteRate > percent(highRate) && at < knots.length - 1) continue;
    const share = (noteRate - percent(lowRate)) / (percent(highRate) - percent(lowRate));
    return roundTo(points(lowPrice) + (points(highPrice) - points(lowPrice)) * share, MILLI_POINT);
  }
  throw new RangeError('The window has no prices.');
}

/** Today's price of a whole-loan instrument at a note rate; later months lose the same roll as the 5.5 coupon. */
export function wholeLoanPrice(instrument: string, noteRate: number, month: SettlementMonth): number {
  const market = WHOLE_LOAN_MARKETS.find((one) => one.instrument === instrument);
  if (market === undefined) throw new RangeError(`${instrument} has no market.`);
  return windowPrice(market.family, noteRate) + points(market.premium) - rollDrop(percent(5.5), month);
}

/** Note rates from `low` to `high` percent, one every `eighths` eighths. */
export function noteRateSlots([low, high]: readonly [number, number], eighths: number): number[] {
  const slots: number[] = [];
  for (let rate = percent(low); rate <= percent(high); rate += eighths * EIGHTH) slots.push(rate);
  return slots;
}

interface Story {
  readonly name: string;
  readonly condition: string;
  /** 32nds at 5.0, 5.5 and 6.0 (sample-data.md, "Pay-ups"). */
  readonly ticks: readonly [number, number, number];
}

const lowBalance = (thousands: number, ticks: readonly [number, number, number]): Story => ({
  name: `LLB${thousands}`,
  condition: `orig_loan_amount <= ${thousands * 1000}`,
  ticks,
});

export const STORIES: readonly Story[] = [
  lowBalance(85, [12, 24, 44]),
  lowBalance(110, [10, 20, 38]),
  lowBalance(125, [9, 18, 33]),
  lowBalance(150, [8, 15, 28]),
  lowBalance(175, [6, 12, 21]),
  lowBalance(200, [5, 9, 17]),
  lowBalance(225, [3, 6, 12]),
  lowBalance(250, [2, 4, 8]),
  lowBalance(275, [1.5, 3, 6]),
  lowBalance(300, [1, 2, 4]),
  { name: 'NY', condition: "property_state = 'NY'", ticks: [4, 9, 17] },
  { name: 'FL', condition: "property_state = 'FL'", ticks: [1, 2, 4] },
  { name: 'TX', condition: "property_state = 'TX'", ticks: [1, 2, 4] },
  { name: 'FICO<700', condition: 'fico < 700', ticks: [1, 3, 6] },
  { name: 'INVESTOR', condition: "occupancy = 'investor'", ticks: [3, 7, 15] },
  { name: 'SECOND', condition: "occupancy = 'second'", ticks: [1, 2, 4] },
];

/** Affordable-income loans, a story of Fannie's cash window only; the share of area income is a lender's own column. */
const AFFORDABLE: Story = { name: 'AFFORDABLE', condition: 'custom_data.ami_percent <= 80', ticks: [2, 4, 7] };

interface PayupBook {
  readonly instrument: string;
  /** Coupons, or reference note rates, of the three quotes; percent. */
  readonly at: readonly [number, number, number];
  readonly stories: readonly Story[];
}

const PAYUP_BOOKS: readonly PayupBook[] = [
  { instrument: 'UMBS30', at: [5, 5.5, 6], stories: STORIES },
  { instrument: 'FHLMC30-CASH', at: [5.75, 6.25, 6.75], stories: STORIES },
  { instrument: 'FNMA30-CASH', at: [5.75, 6.25, 6.75], stories: [...STORIES, AFFORDABLE] },
];

/** Quotes came down by a quarter in mid-November, so that the older rows show which ones are in force. */
const PAYUP_DATES = [
  ['2026-10-01', 1.25],
  ['2026-11-16', 1],
] as const;

/** `rmusr_payups`: quotes in 32nds, `div_by` 32. */
export function payupRows(): PayupRow[] {
  return PAYUP_BOOKS.flatMap(({ instrument, at, stories }) =>
    stories.flatMap(({ name, condition, ticks }) =>
      at.flatMap((coupon, index) =>
        PAYUP_DATES.map(([effectiveFrom, level]) => ({
          investor_instrument_name: instrument,
          coupon: percent(coupon),
          story: name,
          effective_from: effectiveFrom,
          condition_text: condition,
          quote: points((ticks[index] ?? 0) * level),
          div_by: 32,
        })),
      ),
    ),
  );
}

/** Pay-up in force of a story at a coupon or reference rate, in 1e-8 point. */
export function payupPoints(instrument: string, coupon: number, story: string): number {
  const book = PAYUP_BOOKS.find((one) => one.instrument === instrument);
  const ticks = book?.stories.find(({ name }) => name === story)?.ticks[
    book.at.findIndex((at) => percent(at) === coupon)
  ];
  if (ticks === undefined) throw new RangeError(`${instrument} ${coupon} quotes no ${story}.`);
  return thirtySeconds(ticks);
}

/** Specified pools with a bid today: story, and the coupons it is bid in. */
const STORY_BIDS: readonly (readonly [string, readonly number[]])[] = [
  ['LLB85', [5.5, 6]],
  ['LLB110', [5.5, 6]],
  ['LLB150', [5.5]],
  ['NY', [5.5]],
];

const MARKET_BASE = { bid_as_of: AS_OF } as const;

/** `rmusr_market_prices`: every coupon and month, whole-loan reference rates and the specified pools with a bid. */
export function marketPriceRows(): MarketPriceRow[] {
  const securities = SECURITIES.flatMap(({ instrument, settlementClass, prices }) =>
    prices.flatMap(([coupon]) =>
      SETTLEMENT_MONTHS.map((month) => ({
        ...MARKET_BASE,
        investor_instrument_name: instrument,
        coupon: percent(coupon),
        settlement_month: month,
        story: '',
        settlement_date: settlementDate(settlementClass, month),
        price: securityPrice(instrument, percent(coupon), month),
        servicing: 'retained',
      })),
    ),
  );
  const wholeLoans = WHOLE_LOAN_MARKETS.flatMap(({ instrument, family, servicing }) =>
    noteRateSlots(QUOTED_RATES[family], 1).flatMap((rate) =>
      SETTLEMENT_MONTHS.map((month) => ({
        ...MARKET_BASE,
        investor_instrument_name: instrument,
        coupon: rate,
        settlement_month: month,
        story: '',
        settlement_date: settlementDate('whole_loan', month),
        price: wholeLoanPrice(instrument, rate, month),
        servicing,
      })),
    ),
  );
  const specified = STORY_BIDS.flatMap(([story, coupons]) =>
    coupons.flatMap((coupon) =>
      (['2026-12', '2027-01'] as const).map((month) => ({
        ...MARKET_BASE,
        investor_instrument_name: 'UMBS30',
        coupon: percent(coupon),
        settlement_month: month,
        story,
        settlement_date: settlementDate('a', month),
        price: securityPrice('UMBS30', percent(coupon), month) + payupPoints('UMBS30', percent(coupon), story),
        servicing: 'retained',
      })),
    ),
  );
  return [...securities, ...wholeLoans, ...specified];
}
