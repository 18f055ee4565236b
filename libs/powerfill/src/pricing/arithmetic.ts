/** Exact arithmetic on scaled integers: one division at the end, rounded half away from zero. */

/** `numerator / denominator` of safe integers (`denominator` > 0), rounded half away from zero. */
export function divideHalfAway(numerator: number, denominator: number): number {
  const remainder = numerator % denominator;
  const quotient = (numerator - remainder) / denominator;
  if (2 * Math.abs(remainder) < denominator) return quotient;
  return numerator < 0 ? quotient - 1 : quotient + 1;
}

/** As `divideHalfAway`, for numerators past 2^53. Throws RangeError when the quotient is no safe integer. */
export function divideBigHalfAway(numerator: bigint, denominator: bigint): number {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  const quotient = Number(numerator < 0n ? -rounded : rounded);
  if (!Number.isSafeInteger(quotient)) throw new RangeError(`Quotient ${quotient} exceeds the exact integers.`);
  return quotient === 0 ? 0 : quotient;
}

/** `a * b / denominator` rounded half away from zero once, exact for all safe `a` and `b`. */
export function multiplyDivide(a: number, b: number, denominator: number): number {
  const product = a * b;
  if (Number.isSafeInteger(product)) return divideHalfAway(product, denominator);
  return divideBigHalfAway(BigInt(a) * BigInt(b), BigInt(denominator));
}
