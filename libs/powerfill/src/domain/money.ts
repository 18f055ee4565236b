/** Exact decimal text of scaled integers, as the wire wants it (runs.md, section 2). */

/** Decimal text of `value` / 10^scale, always with `scale` places: `decimalText(-5, 2)` is `-0.05`. */
export function decimalText(value: number | bigint, scale: number): string {
  const negative = value < 0;
  const digits = String(negative ? -value : value).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return negative ? `-${text}` : text;
}

/** Dollars and cents of integer cents. */
export const moneyText = (cents: number | bigint): string => decimalText(cents, 2);

/** Price or points of integers of 1e-8 point. */
export const pointsText = (points: number): string => decimalText(points, 8);

/** Rate of integers of 1e-6 percent. */
export const rateText = (rate: number): string => decimalText(rate, 6);

/** Quotient of two integers rounded half away from zero; exact. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}
