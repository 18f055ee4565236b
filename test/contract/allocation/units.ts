/** A decimal of a problem file as an integer of `10^-places`. Cases written for the enumeration have no exponent. */
export function units(value: unknown, places: number): bigint {
  const text = String(value);
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  if (!/^\d*$/.test(whole) || !/^\d*$/.test(fraction) || fraction.length > places) {
    throw new Error(`the enumeration reads no ${text}`);
  }
  const magnitude = BigInt(whole + fraction.padEnd(places, '0'));
  return negative ? -magnitude : magnitude;
}

/** `value / 10^digits`, halves away from zero. */
export function roundHalfAway(value: bigint, digits: number): bigint {
  const divisor = 10n ** BigInt(digits);
  const half = divisor / 2n;
  return value < 0n ? (value - half) / divisor : (value + half) / divisor;
}
