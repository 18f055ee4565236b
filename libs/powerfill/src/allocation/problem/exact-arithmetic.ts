/** Integers of 1e-8 point of 100 par in one unit of price: `amount * rate / RATE_SCALE` is cents for cents. */
const RATE_SCALE = 1e10;

/** No amount of a problem may pass this many cents ($100 bn): below it the split products here are exact. */
export const MAX_CENTS = 1e13;

/** No score or rate may pass this many 1e-8 points (1,000 points). */
export const MAX_RATE = 1e11;

const SPLIT = 1e5;

/**
 * `roundHalfAway(amount * rate / 10^10)`, exact. Both factors are cut in two five-digit halves, so that every product
 * and sum stays below 2^53.
 *
 * @param amount integer, |amount| <= MAX_CENTS
 * @param rate integer, |rate| <= MAX_RATE
 */
export function mulRate(amount: number, rate: number): number {
  const negative = amount < 0 !== rate < 0;
  const a = amount < 0 ? -amount : amount;
  const b = rate < 0 ? -rate : rate;
  const product = a * b;
  let rounded: number;
  if (product < 9e15) {
    const whole = Math.floor(product / RATE_SCALE);
    rounded = product - whole * RATE_SCALE >= RATE_SCALE / 2 ? whole + 1 : whole;
  } else {
    const aHigh = Math.floor(a / SPLIT);
    const aLow = a - aHigh * SPLIT;
    const bHigh = Math.floor(b / SPLIT);
    const bLow = b - bHigh * SPLIT;
    const middle = aHigh * bLow + aLow * bHigh;
    const middleHigh = Math.floor(middle / SPLIT);
    const rest = (middle - middleHigh * SPLIT) * SPLIT + aLow * bLow;
    rounded = aHigh * bHigh + middleHigh + Math.floor((rest + RATE_SCALE / 2) / RATE_SCALE);
  }
  return negative && rounded !== 0 ? -rounded : rounded;
}

/** Rounds a quotient of integers half away from zero. */
export function divideHalfAway(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}

/** Quotient of integers rounded down. */
export function divideFloor(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator !== 0n && numerator < 0n !== denominator < 0n ? quotient - 1n : quotient;
}

/** Quotient rounded up. */
export function divideCeil(numerator: bigint, denominator: bigint): bigint {
  return -divideFloor(-numerator, denominator);
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads a decimal as an integer of `10^-places`; a number stands for its shortest decimal form.
 *
 * @param excess what to do with more than `places` places: refuse, or round half away from zero
 * @returns the integer, or null when the text is no decimal or is refused
 */
export function parseDecimal(
  input: string | number,
  places: number,
  excess: 'refuse' | 'round' = 'refuse',
): bigint | null {
  const match = DECIMAL.exec(String(input));
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const shift = places + Number(exponent) - fraction.length;
  let digits = BigInt(whole + fraction);
  if (shift >= 0) digits *= 10n ** BigInt(shift);
  else {
    const divisor = 10n ** BigInt(-shift);
    if (excess === 'refuse' && digits % divisor !== 0n) return null;
    digits = divideHalfAway(digits, divisor);
  }
  return sign === '-' ? -digits : digits;
}

/** Writes an integer of `10^-places` as a decimal with at least `keep` places, e.g. `(12550, 2, 2)` -> `125.50`. */
export function formatDecimal(value: number | bigint, places: number, keep: number): string {
  const big = BigInt(value);
  const digits = (big < 0n ? -big : big).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  let fraction = digits.slice(digits.length - places);
  while (fraction.length > keep && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  return (big < 0n ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`);
}
