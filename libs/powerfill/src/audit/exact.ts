/**
 * Exact decimals for the audit. Everything is a BigInt in a fixed unit, so no figure the audit accepts
 * or refuses depends on floating point.
 */

/** Decimal places of the fixed units: dollars are read as cents, every other decimal as 1e-8. */
export const CENTS = 2;
export const FINE = 8;

/** A value of the problem or of the claim that cannot be read; `path` is its JSON path. */
export class UnreadableError extends Error {
  readonly code = 'AUDIT_UNREADABLE';

  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
    this.name = 'UnreadableError';
  }
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** `numerator / denominator`, to the nearest integer, halves away from zero (engine.md, "Units"). `denominator > 0`. */
export function divideHalfAway(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/**
 * A decimal number or decimal string in units of `10^-places`.
 *
 * @param excess what to do with further digits: `refuse` them, or `round` half away from zero
 * @throws UnreadableError when `value` is no decimal, or has more digits than the unit holds and they are refused
 */
export function readDecimal(value: unknown, places: number, path: string, excess: 'refuse' | 'round'): bigint {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const match = DECIMAL.exec(text);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (!match || whole.length + fraction.length === 0) throw new UnreadableError(path, 'expected a decimal number');
  const digits = BigInt(whole + fraction);
  const shift = places + Number(match[4] ?? '0') - fraction.length;
  let scaled: bigint;
  if (shift >= 0) {
    scaled = digits * 10n ** BigInt(shift);
  } else {
    const divisor = 10n ** BigInt(-shift);
    if (excess === 'refuse' && digits % divisor !== 0n) {
      throw new UnreadableError(path, `expected at most ${places} decimal places`);
    }
    scaled = divideHalfAway(digits, divisor);
  }
  return match[1] === '-' ? -scaled : scaled;
}

/** An integer of `10^-places` as a decimal, for a message. */
export function decimalText(value: bigint, places: number): string {
  const magnitude = value < 0n ? -value : value;
  const text = magnitude.toString().padStart(places + 1, '0');
  return `${value < 0n ? '-' : ''}${text.slice(0, -places)}.${text.slice(-places)}`;
}

/** Cents as a dollar amount, for example `-1250.05`. */
export function dollars(cents: bigint): string {
  return decimalText(cents, CENTS);
}

/** The larger of two integers. */
export function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
