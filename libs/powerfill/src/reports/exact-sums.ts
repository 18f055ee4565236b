import { divideRounded } from '../domain/money';

/** Sums that may pass 2^53: dollars times points over a whole pipeline. */

/** The integer behind decimal text: `bigScaled('-1.5', 4)` is `-15000n`. More decimals than `scale` must be zeros. */
export function bigScaled(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) throw new RangeError(`"${text}" is not a decimal number`);
  const [, sign, whole = '0', decimals = ''] = match;
  if (/[1-9]/.test(decimals.slice(scale))) throw new RangeError(`"${text}" has more than ${scale} decimals`);
  const value = BigInt(whole + decimals.slice(0, scale).padEnd(scale, '0'));
  return sign === '-' ? -value : value;
}

/** Percent of two amounts, two places; null without a whole. */
export const percentOf = (part: bigint, whole: bigint): bigint | null =>
  whole === 0n ? null : divideRounded(part * 10_000n, whole);

/**
 * Rounds parts so that they add up to the rounded total: each goes to the integer below, then the units left over
 * go to the largest remainders (the first of equal ones).
 * @param parts numerators over `denominator` (> 0)
 */
export function roundParts(parts: readonly bigint[], denominator: bigint): { total: bigint; rounded: bigint[] } {
  const total = divideRounded(
    parts.reduce((sum, part) => sum + part, 0n),
    denominator,
  );
  const floors = parts.map((part) => floorDivide(part, denominator));
  const remainders = parts.map((part, index) => part - (floors[index] ?? 0n) * denominator);
  const left = Number(total - floors.reduce((sum, floor) => sum + floor, 0n));
  const order = remainders
    .map((remainder, index) => ({ remainder, index }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const raised = new Set(order.slice(0, left).map(({ index }) => index));
  return { total, rounded: floors.map((floor, index) => (raised.has(index) ? floor + 1n : floor)) };
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}
