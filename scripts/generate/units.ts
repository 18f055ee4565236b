/** Cents of whole dollars. */
export const dollars = (amount: number): number => Math.round(amount * 100);
/** Cents of millions of dollars. */
export const millions = (amount: number): number => Math.round(amount * 1_000_000) * 100;
/** Rate in 1e-6 percent of a rate written in percent. */
export const percent = (value: number): number => Math.round(value * 1_000_000);
/** Price or points in 1e-8 point of a price written in points of 100 par. */
export const points = (value: number): number => Math.round(value * 100_000_000);
/** Price or points in 1e-8 point of 32nds of a point. */
export const thirtySeconds = (ticks: number): number => Math.round(ticks * 3_125_000);
/** Multiple of the buy-up and servicing tables, in 1e-4. */
export const multiple = (value: number): number => Math.round(value * 10_000);

/** Nearest multiple of `step`, halves up. */
export const roundTo = (value: number, step: number): number => Math.floor(value / step + 0.5) * step;

/** One eighth of a percent in 1e-6 percent. */
export const EIGHTH = 125_000;
/** One 64th of a point in 1e-8 point, the finest quote of an agency security. */
export const SIXTY_FOURTH = 1_562_500;
/** A thousandth of a point in 1e-8 point, the step of posted cash prices. */
export const MILLI_POINT = 100_000;
/** Limit of a pool rule as its column holds it: integers of 1e-4. */
export const ruleLimit = (value: number): number => Math.round(value * 10_000);
