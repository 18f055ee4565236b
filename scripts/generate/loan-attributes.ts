import type { LoanRow } from '@powerfill/core/entities';
import { areaLimit, baseLimit, drawHighCostPlace, drawPlace, drawPlaceIn, type Place } from './geography';
import { exponential, type SeededRandom, type Weighted } from './random';
import { EIGHTH, dollars, percent, roundTo } from './units';

export type Product = 'conv30' | 'conv20' | 'conv15' | 'conv10' | 'fha30' | 'va30' | 'usda30';

/** Product families in 1/1000 of the loans (sample-data.md). */
export const PRODUCT_MIX: Weighted<'conv30' | 'short' | 'fha30' | 'va30' | 'usda30'> = [
  ['conv30', 620],
  ['short', 70],
  ['fha30', 200],
  ['va30', 90],
  ['usda30', 20],
];

/** Terms of the 15- and 20-year family (market.md: 180 6.8 %, 240 1.6 %, 120 0.6 %). */
export const SHORT_PRODUCTS: Weighted<Product> = [
  ['conv15', 80],
  ['conv20', 14],
  ['conv10', 6],
];

interface ProductShape {
  readonly term: number;
  readonly agencyType: 'conventional' | 'fha' | 'va' | 'usda';
  /** Mean and standard deviation of the log of the amount. */
  readonly logAmount: readonly [number, number];
  /** Mean and standard deviation of the note rate, percent. */
  readonly noteRate: readonly [number, number];
  /** Added to the conventional score. */
  readonly ficoShift: number;
}

const conventional = (term: number, logMean: number, rate: number): ProductShape => ({
  term,
  agencyType: 'conventional',
  logAmount: [logMean, 0.57],
  noteRate: [rate, 0.42],
  ficoShift: 0,
});

const government = (agencyType: 'fha' | 'va' | 'usda', logMean: number, ficoShift: number): ProductShape => ({
  term: 360,
  agencyType,
  logAmount: [logMean, 0.5],
  noteRate: [6.25, 0.38],
  ficoShift,
});

export const PRODUCTS: Readonly<Record<Product, ProductShape>> = {
  conv30: conventional(360, 12.6, 6.6),
  conv20: conventional(240, 12.45, 6.3),
  conv15: conventional(180, 12.65, 6),
  conv10: conventional(120, 12.3, 5.8),
  fha30: government('fha', 12.55, -62),
  va30: government('va', 12.72, -22),
  usda30: government('usda', 12.25, -38),
};

/** Smallest loan, in dollars. */
const MIN_AMOUNT = 40_000;

/** An amount before it is scaled to the size of the pipeline, in dollars. */
export function drawAmount(random: SeededRandom, product: Product): number {
  const [mean, deviation] = PRODUCTS[product].logAmount;
  for (;;) {
    const amount = exponential(mean + deviation * random.normal());
    if (amount >= MIN_AMOUNT && amount <= 1_240_000) return amount;
  }
}

/** Amounts are agreed in thousands or quarters of one; a seventh in dollars; one in a hundred has cents. In cents. */
export function roundAmount(random: SeededRandom, amount: number): number {
  const step = random.weighted([
    [dollars(1000), 600],
    [dollars(250), 250],
    [dollars(1), 140],
    [1, 10],
  ]);
  return Math.min(Math.max(roundTo(dollars(amount), step), dollars(MIN_AMOUNT)), dollars(1_249_125));
}

/** A note rate in 1e-6 percent: 76 % on eighths, the rest just under a round rate. */
export function drawNoteRate(random: SeededRandom, product: Product, shift: number): number {
  const [mean, deviation] = PRODUCTS[product].noteRate;
  const rate = percent(mean + shift + deviation * random.normal());
  const onEighth = roundTo(rate, EIGHTH);
  if (random.chance(760)) return onEighth;
  return onEighth - random.weighted([[percent(0.01), 60], [percent(0.001), 25], [percent(0.035), 15]]); // prettier-ignore
}

/** FICO percentiles of conventional loans (market.md: p1 635, p10 687, p50 757, p90 801, between 620 and 830). */
const FICO_KNOTS: readonly (readonly [number, number])[] = [
  [0, 620], [10, 635], [50, 668], [100, 687], [250, 723], [500, 757], [750, 784], [900, 801], [990, 816], [1000, 830],
]; // prettier-ignore

function drawFico(random: SeededRandom, shift: number): number {
  const permille = random.int(0, 999);
  for (let at = 1; at < FICO_KNOTS.length; at += 1) {
    const [low, lowFico] = FICO_KNOTS[at - 1] ?? [0, 0];
    const [high, highFico] = FICO_KNOTS[at] ?? [0, 0];
    if (permille >= high) continue;
    const fico = lowFico + Math.floor(((permille - low) * (highFico - lowFico)) / (high - low)) + shift;
    return Math.max(fico, 575);
  }
  throw new RangeError('No FICO for the permille.');
}

const LTV_SPIKES: Weighted<number | null> = [
  [80, 193], [95, 133], [75, 70], [97, 69], [90, 67], [70, 40], [60, 34], [85, 25], [null, 369],
]; // prettier-ignore

function drawLtv(random: SeededRandom, agencyType: ProductShape['agencyType'], purpose: string): number {
  if (agencyType === 'va' || agencyType === 'usda')
    return purpose === 'cashout'
      ? 90
      : random.weighted([
          [100, 70],
          [95, 15],
          [85, 15],
        ]);
  if (agencyType === 'fha')
    return purpose === 'cashout'
      ? 80
      : random.weighted([
          [96.5, 75],
          [95, 10],
          [90, 15],
        ]);
  if (purpose === 'cashout') return random.pick([60, 65, 70, 75, 80]);
  return random.weighted(LTV_SPIKES) ?? Math.max(random.int(20, 97), random.int(20, 97));
}

/** What a loan is, apart from where it stands in the pipeline. */
export type LoanAttributes = Pick<
  LoanRow,
  | 'product' | 'term_months' | 'agency_type' | 'lien' | 'amort_type' | 'aus_eligible' | 'note_rate' | 'mi_percent'
  | 'case_number' | 'property_state' | 'property_county' | 'property_type' | 'occupancy' | 'purpose' | 'units' | 'ltv'
  | 'cltv' | 'dti' | 'fico' | 'high_balance_indicator' | 'custom_data' | 'servicing_restriction'
>; // prettier-ignore

/** Draws a loan of the product with the given original amount in cents. */
export function drawAttributes(random: SeededRandom, product: Product, amount: number): LoanAttributes {
  const { term, agencyType, ficoShift } = PRODUCTS[product];
  const isConventional = agencyType === 'conventional';
  const propertyType = random.weighted([['sf', 573], ['pud', 300], ['condo', 98], ['mh', 9], ['coop', 5], ['2-4 unit', 15]]); // prettier-ignore
  const units = propertyType === '2-4 unit' ? random.weighted([[2, 80], [3, 12], [4, 8]]) : 1; // prettier-ignore
  const occupancy = isConventional ? random.weighted([['primary', 904], ['investor', 66], ['second', 30]]) : 'primary'; // prettier-ignore
  const purpose = random.weighted([
    ['purchase', 70],
    ['cashout', 18],
    ['rateterm', 12],
  ]);
  const ltv = drawLtv(random, agencyType, purpose);
  const place = drawPlaceFor(random, amount, units, propertyType === 'coop');
  const dti = Math.min(
    Math.max(percent(38) + roundTo(percent(8.5) * random.normal(), percent(0.1)), percent(10)),
    percent(50),
  );
  return {
    product,
    term_months: term,
    agency_type: agencyType,
    lien: 1,
    amort_type: 'fixed',
    aus_eligible: 'both',
    note_rate: drawNoteRate(random, product, occupancy === 'investor' ? 0.15 : 0),
    mi_percent: isConventional && ltv > 80 ? percent(ltv > 95 ? 35 : ltv > 90 ? 30 : ltv > 85 ? 25 : 12) : null,
    case_number: isConventional ? null : `${random.int(100, 999)}-${random.int(1_000_000, 9_999_999)}`,
    property_state: place.state,
    property_county: place.county,
    property_type: propertyType,
    occupancy,
    purpose,
    units,
    ltv: percent(ltv),
    cltv: percent(Math.min(ltv + (random.chance(60) ? 5 : 0), 105)),
    dti,
    fico: drawFico(random, ficoShift),
    high_balance_indicator: amount > baseLimit(place, units) ? 'Y' : 'N',
    custom_data: drawCustomData(random, isConventional && occupancy === 'primary'),
    servicing_restriction: random.chance(6) ? 'released' : null,
  };
}

/** Loans above the national limit are made where the area allows them; one in ten is not, and no agency takes it. */
function drawPlaceFor(random: SeededRandom, amount: number, units: number, isCoop: boolean): Place {
  if (isCoop) return drawPlaceIn(random, 'NY');
  const place = drawPlace(random);
  return amount > areaLimit(place, units) && !random.chance(100) ? drawHighCostPlace(random) : place;
}

/** Columns of this lender alone: the channel, and the borrower's income in percent of the area's median. */
function drawCustomData(random: SeededRandom, hasIncome: boolean): string | null {
  const channel = random.weighted([['retail', 55], ['broker', 25], ['correspondent', 20]]); // prettier-ignore
  const income = random.int(45, 240);
  return hasIncome && random.chance(400) ? JSON.stringify({ ami_percent: income, channel }) : null;
}
