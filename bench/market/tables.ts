/**
 * The market the generated problems come from: distributions measured on agency production, prices and pay-ups of a
 * real market day, as tables of whole numbers. Prices in 1e-5 point of 100 par, rates in 1e-3 percent.
 */

/** Quantiles stand at equal steps of probability, 5 % each, the two ends a little inside the tails. */
export const STANDARD_NORMAL = [
  -2652, -1645, -1282, -1036, -842, -674, -524, -385, -253, -126, 0, 126, 253, 385, 524, 674, 842, 1036, 1282, 1645,
  2652,
];

/** Dollars: lognormal, median 287,794, mean 332,442. */
export const BALANCE = [
  72_470, 122_354, 147_797, 167_888, 185_787, 202_656, 219_106, 235_539, 252_271, 269_590, 287_794, 307_228, 328_319,
  351_641, 378_015, 408_699, 445_808, 493_336, 560_400, 676_930, 1_142_896,
];

export const FICO = [
  620, 638, 687, 701, 712, 722, 730, 738, 745, 751, 757, 763, 769, 774, 780, 785, 790, 795, 801, 807, 830,
];

export const DTI = [10, 18, 24, 27, 30, 32, 34, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 48, 49, 50];

/** Loan to value: spikes at the pricing steps, the rest spread out. Weights per thousand. */
export const LTV_SPIKES: readonly (readonly [ltv: number | 'spread', weight: number])[] = [
  [80, 193],
  [95, 133],
  [75, 70],
  [97, 69],
  [90, 67],
  [70, 40],
  [60, 34],
  [85, 25],
  ['spread', 369],
];

export const STATES: readonly (readonly [state: string, weight: number])[] = [
  ['CA', 110],
  ['TX', 104],
  ['FL', 92],
  ['NC', 42],
  ['IL', 40],
  ['GA', 40],
  ['AZ', 36],
  ['PA', 33],
  ['OH', 31],
  ['NJ', 31],
  ['MI', 31],
  ['NY', 31],
  ['CO', 29],
  ['VA', 26],
  ['WA', 25],
  ['TN', 25],
  ['MD', 24],
  ['MA', 23],
  ['MN', 22],
  ['SC', 22],
  ['IN', 21],
  ['WI', 20],
  ['MO', 20],
  ['UT', 19],
  ['OR', 18],
  ['NV', 17],
  ['AL', 14],
  ['LA', 13],
  ['KY', 13],
  ['OK', 12],
];

export const OCCUPANCY: readonly (readonly [occupancy: string, weight: number])[] = [
  ['primary', 904],
  ['investor', 66],
  ['second home', 30],
];

export type Program = 'conv30' | 'conv15' | 'gov30';

export const PROGRAMS: readonly (readonly [program: Program, weight: number])[] = [
  ['conv30', 62],
  ['conv15', 7],
  ['gov30', 31],
];

/** Mean note rate of the pipeline. */
export const MEAN_RATE: Readonly<Record<Program, number>> = { conv30: 6_190, conv15: 5_560, gov30: 6_060 };

/** Servicing multiple, in hundredths. */
export const SERVICING_MULTIPLE: Readonly<Record<Program, number>> = { conv30: 500, conv15: 450, gov30: 425 };

/** Highest balance without the high-balance mark, dollars (2026, one unit). */
export const CONFORMING_LIMIT = 832_750;

/** One coupon of the to-be-announced market. Buy-up and buy-down multiples in hundredths. */
export interface Coupon {
  program: Program;
  /** 1e-3 percent. */
  coupon: number;
  /** Price of the front month today, 1e-5 point. */
  price: number;
  /** The months further out cost this much less each, 1e-5 point. */
  drop: number;
  buyUp: number;
  buyDown: number;
  /** How much of the desk's sales are in it. */
  weight: number;
}

const THIRTY_SECOND = 3_125;

export const COUPONS: readonly Coupon[] = [
  { program: 'conv30', coupon: 4_500, price: 9_810_000, drop: 6 * THIRTY_SECOND, buyUp: 330, buyDown: 450, weight: 0 },
  { program: 'conv30', coupon: 5_000, price: 10_006_000, drop: 5 * THIRTY_SECOND, buyUp: 290, buyDown: 400, weight: 4 },
  { program: 'conv30', coupon: 5_500, price: 10_141_000, drop: 4 * THIRTY_SECOND, buyUp: 200, buyDown: 290, weight: 9 },
  { program: 'conv30', coupon: 6_000, price: 10_234_000, drop: 2 * THIRTY_SECOND, buyUp: 140, buyDown: 220, weight: 8 },
  { program: 'conv30', coupon: 6_500, price: 10_305_000, drop: -THIRTY_SECOND, buyUp: 100, buyDown: 160, weight: 2 },
  { program: 'conv15', coupon: 4_500, price: 9_912_000, drop: 4 * THIRTY_SECOND, buyUp: 300, buyDown: 420, weight: 2 },
  { program: 'conv15', coupon: 5_000, price: 10_058_000, drop: 3 * THIRTY_SECOND, buyUp: 240, buyDown: 330, weight: 3 },
  { program: 'conv15', coupon: 5_500, price: 10_150_000, drop: 2 * THIRTY_SECOND, buyUp: 180, buyDown: 260, weight: 2 },
  { program: 'gov30', coupon: 5_000, price: 10_031_000, drop: 5 * THIRTY_SECOND, buyUp: 0, buyDown: 0, weight: 2 },
  { program: 'gov30', coupon: 5_500, price: 10_172_000, drop: 4 * THIRTY_SECOND, buyUp: 0, buyDown: 0, weight: 5 },
  { program: 'gov30', coupon: 6_000, price: 10_259_000, drop: 2 * THIRTY_SECOND, buyUp: 0, buyDown: 0, weight: 4 },
  { program: 'gov30', coupon: 6_500, price: 10_318_000, drop: 0, buyUp: 0, buyDown: 0, weight: 1 },
];

/** A story a specified pool is sold with, and its pay-up over the coupon in 32nds at 5.0, 5.5 and 6.0. */
export interface Story {
  name: string;
  maxBalance?: number;
  state?: string;
  maxFico?: number;
  occupancy?: string;
  payUp: readonly [number, number, number];
}

export const STORIES: readonly Story[] = [
  { name: 'LLB150', maxBalance: 150_000, payUp: [8, 15, 28] },
  { name: 'LLB200', maxBalance: 200_000, payUp: [5, 9, 17] },
  { name: 'LLB275', maxBalance: 275_000, payUp: [1.5, 3, 6] },
  { name: 'FICO<700', maxFico: 699, payUp: [1, 3, 6] },
  { name: 'LLB175', maxBalance: 175_000, payUp: [6, 12, 21] },
  { name: 'NY', state: 'NY', payUp: [4, 9, 17] },
  { name: 'LLB225', maxBalance: 225_000, payUp: [3, 6, 12] },
  { name: 'investor', occupancy: 'investor', payUp: [3, 7, 15] },
];
