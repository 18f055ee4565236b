import { addDays } from '@powerfill/core/domain/calendar';
import type { CashGridRow, TradeRow } from '@powerfill/core/entities';
import { noteRateSlots, payupPoints, securityPrice, wholeLoanPrice, windowPrice } from './market';
import type { SeededRandom } from './random';
import {
  AS_OF,
  businessDayFromAsOf,
  businessDayOnOrAfter,
  businessDayOnOrBefore,
  settlementDate,
  type SettlementClass,
} from './sample-calendar';
import { scaledTemplates, type ScaledTemplate, type TradeGroup } from './trade-templates';
import { MILLI_POINT, SIXTY_FOURTH, dollars, percent, points, roundTo } from './units';

/** A trade of the sample with the template it came from. */
export interface SampleTrade {
  readonly row: TradeRow;
  readonly template: ScaledTemplate;
  /** How far the market has moved since the trade date, in 1e-8 point: trade price less today's market. */
  readonly move: number;
  readonly grid: readonly CashGridRow[];
}

const DEALERS = [
  'Alder Securities',
  'Birchmont Capital',
  'Copper Ridge Securities',
  'Dunmore & Hale',
  'Eastlake Markets',
];

const INVESTORS: Readonly<Record<string, string>> = {
  'FNMA30-CASH': 'FNMA', 'FNMA30-HB-CASH': 'FNMA', 'FNMA15-CASH': 'FNMA',
  'FHLMC30-CASH': 'FHLMC', 'FHLMC30-SC-CASH': 'FHLMC', 'FHLMC15-CASH': 'FHLMC',
  'SUMMIT30-BULK': 'SUMMIT', 'HARBOR30-BE': 'HARBOR', 'LAKESIDE30-BE': 'LAKESIDE', 'PIONEER30-BE': 'PIONEER',
  UMBS30: 'UMBS', UMBS15: 'UMBS', GNII30: 'GNMA',
}; // prettier-ignore

const WHOLE_LOAN_COUNTERPARTIES: Readonly<Record<string, string>> = {
  FNMA: 'Fannie Mae',
  FHLMC: 'Freddie Mac',
  SUMMIT: 'Summit Aggregation',
  HARBOR: 'Harbor Home Lending',
  LAKESIDE: 'Lakeside Correspondent',
  PIONEER: 'Pioneer Residential',
};

interface GroupTerms {
  readonly prefix: string;
  readonly tradeType: 'mbs' | 'wl' | 'be';
  readonly deliveryType: 'tba' | 'stip' | 'cash' | 'bulk';
  readonly tolerance: number;
  readonly leadDays: number;
  readonly turnDays: number | null;
}

const TERMS: Readonly<Record<TradeGroup, GroupTerms>> = {
  umbs30_tba: { prefix: 'TBA', tradeType: 'mbs', deliveryType: 'tba', tolerance: 0.01, leadDays: 1, turnDays: null },
  umbs15_tba: { prefix: 'TBA', tradeType: 'mbs', deliveryType: 'tba', tolerance: 0.01, leadDays: 1, turnDays: null },
  gnii30_tba: { prefix: 'GNM', tradeType: 'mbs', deliveryType: 'tba', tolerance: 0.01, leadDays: 1, turnDays: null },
  stip: { prefix: 'STP', tradeType: 'mbs', deliveryType: 'stip', tolerance: 2.5, leadDays: 1, turnDays: null },
  agency_cash: { prefix: 'CSH', tradeType: 'wl', deliveryType: 'cash', tolerance: 2.5, leadDays: 2, turnDays: 3 },
  bulk: { prefix: 'BLK', tradeType: 'wl', deliveryType: 'bulk', tolerance: 2, leadDays: 4, turnDays: 5 },
  best_efforts: { prefix: 'BEF', tradeType: 'be', deliveryType: 'cash', tolerance: 5, leadDays: 2, turnDays: 5 },
};

const SETTLEMENT_CLASSES: Readonly<Record<string, SettlementClass>> = { UMBS30: 'a', UMBS15: 'b', GNII30: 'c' };

/** Mean and standard deviation of the market's move since the trade dates: about 55 % of the trades are in the money. */
const MOVE_MEAN = points(0.06);
const MOVE_SD = points(0.45);

/** How much better than front months back months were sold, in points: desks sell them into strength. */
const BACK_MONTH_STRENGTH = 0.4;

/** Trades and the grids of those that price by note rate; best-efforts amounts are set once their loans are known. */
export function generateTrades(random: SeededRandom, count: number, loans: number): SampleTrade[] {
  const templates = scaledTemplates(count, loans);
  const days = templates.map(({ group }) => (group === 'bulk' ? random.int(1, 6) : random.int(1, 45)));
  const moves = marketMoves(random, templates, days);
  const counters = new Map<string, number>();
  return templates.map((template, index) => {
    const { prefix } = TERMS[template.group];
    const number = (counters.get(prefix) ?? 0) + 1;
    counters.set(prefix, number);
    const date = businessDayOnOrAfter(addDays(AS_OF, -(days[index] ?? 1)));
    const traded = date < AS_OF ? date : businessDayOnOrBefore(addDays(AS_OF, -1));
    return trade(random, template, `${prefix}-${String(1000 + number)}`, traded, moves[index] ?? 0);
  });
}

/**
 * One random walk of the market back from today, read at each trade date, so that old trades have moved more than new
 * ones, and a little beside it for each trade; then scaled to the wanted spread, and drifted with age to the wanted mean.
 */
function marketMoves(random: SeededRandom, templates: readonly ScaledTemplate[], days: readonly number[]): number[] {
  const walk = [0];
  for (let day = 1; day <= 45; day += 1) walk.push((walk[day - 1] ?? 0) + random.normal() * 0.08);
  const raw = templates.map(({ group, month }, index) => {
    const noise = random.normal() * (group === 'bulk' ? 0.04 : 0.25);
    const strength = month === '2026-12' ? 0 : BACK_MONTH_STRENGTH;
    return (walk[days[index] ?? 0] ?? 0) + noise + strength;
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const center = mean(raw);
  const spread = Math.sqrt(mean(raw.map((move) => (move - center) * (move - center))));
  const scale = spread > 0 ? MOVE_SD / spread : 0;
  const drift = (MOVE_MEAN - center * scale) / mean(days);
  return raw.map((move, index) => roundTo(move * scale + drift * (days[index] ?? 0), SIXTY_FOURTH));
}

function trade(random: SeededRandom, template: ScaledTemplate, id: string, date: string, move: number): SampleTrade {
  const terms = TERMS[template.group];
  const coupon = percent(template.coupon);
  const investor = INVESTORS[template.instrument] ?? template.instrument;
  const amount = dollars(template.amount);
  const isSecurity = terms.tradeType === 'mbs';
  const released = template.group === 'bulk' || template.group === 'best_efforts';
  const row: TradeRow = {
    trade_id: id,
    trade_type: terms.tradeType,
    delivery_type: terms.deliveryType,
    investor_id: investor,
    counterparty: isSecurity ? random.pick(DEALERS) : (WHOLE_LOAN_COUNTERPARTIES[investor] ?? null),
    investor_instrument_name: template.instrument,
    coupon,
    story: template.story ?? null,
    contract_payup: template.story === undefined ? null : contractPayup(random, template, coupon),
    pays_loan_payups: template.instrument === 'FHLMC30-CASH' && template.story === undefined,
    servicing: released ? 'released' : 'retained',
    price_includes_srp: released ? template.premiumByLoan !== true : null,
    interpolate: template.group === 'bulk',
    trade_amount: amount,
    paired_off_amount: template.pairedOff === undefined ? null : share(amount, template.pairedOff),
    delivered_amount: template.delivered === undefined ? null : share(amount, template.delivered),
    tolerance: percent(template.tolerance ?? terms.tolerance),
    tolerance_down: null,
    tolerance_min_amount: template.group === 'agency_cash' ? dollars(10_000) : null,
    tail_max: null,
    must_reach_amount: null,
    price: isSecurity ? securityPrice(template.instrument, coupon, template.month) + move : null,
    pair_off_kind: terms.tradeType === 'be' ? 'none' : null,
    pair_off_points: null,
    trade_date: date,
    settlement_date: isSecurity
      ? settlementDate(SETTLEMENT_CLASSES[template.instrument] ?? 'a', template.month)
      : businessDayFromAsOf(random, terms.tradeType === 'be' ? 24 : 17, 29),
    lead_days: terms.leadDays,
    turn_days: terms.turnDays,
    status: 'open',
  };
  return { row, template, move, grid: isSecurity ? [] : grid(template, id, move) };
}

/** Shares of an amount are whole thousands of dollars, as deliveries and pair-offs are agreed in round lots. */
const share = (amount: number, permille: number): number => roundTo((amount * permille) / 1000, dollars(1000));

/** Today's pay-up of the story or a 32nd beside it. */
function contractPayup(random: SeededRandom, template: ScaledTemplate, coupon: number): number {
  const today = payupPoints(template.instrument, coupon, template.story ?? '');
  return Math.max(SIXTY_FOURTH, today + random.int(-1, 2) * SIXTY_FOURTH);
}

/** Percent range posted and eighths between slots: the window's commitments cover a run of eighths, bulk quotes quarters. */
function gridRange({ group, instrument, coupon, story }: ScaledTemplate): readonly [readonly [number, number], number] {
  if (group === 'bulk') return [[5.25, 7.5], 2];
  if (group === 'best_efforts') return [[5, 7.5], 1];
  if (story !== undefined || instrument.includes('15')) return [[coupon - 0.75, coupon + 0.75], 1];
  if (instrument.includes('-HB-') || instrument.includes('-SC-')) return [[5.5, 7.25], 1];
  return [[coupon - 0.25, coupon + 0.25], 1];
}

function grid(template: ScaledTemplate, id: string, move: number): CashGridRow[] {
  const [range, eighths] = gridRange(template);
  const bestEfforts = template.group === 'best_efforts';
  return noteRateSlots(range, eighths).map((rate) => {
    const today = bestEfforts
      ? windowPrice('thirty', rate) + points(1.25)
      : wholeLoanPrice(template.instrument, rate, template.month);
    return { trade_id: id, note_rate: rate, price: roundTo(today + move, MILLI_POINT) };
  });
}
