import { ColumnValueError } from '../errors';

const ZERO = 48;
const NINE = 57;

/**
 * Exact decimal text of a scaled integer: `formatScaled(-5, 2)` is `-0.05`.
 * @param value safe integer, the decimal times 10^scale
 */
export function formatScaled(value: number, scale: number): string {
  if (!Number.isSafeInteger(value)) throw new ColumnValueError(`${value} is not a safe integer`);
  if (scale === 0) return String(value);
  const unit = 10 ** scale;
  const magnitude = Math.abs(value);
  const fraction = magnitude % unit;
  // Both operations are exact on integers; the leading 1 keeps the fraction's zeros.
  return `${value < 0 ? '-' : ''}${(magnitude - fraction) / unit}.${String(unit + fraction).slice(1)}`;
}

/**
 * Scaled integer of decimal text, exactly; digits past the scale are accepted only when they are zeros.
 * @throws ColumnValueError when the text is no plain decimal, has more decimals or does not fit a safe integer
 */
export function parseScaled(text: string, scale: number): number {
  const negative = text.charCodeAt(0) === 45;
  let value = 0;
  let decimals = -1;
  let digits = 0;
  for (let at = negative ? 1 : 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char >= ZERO && char <= NINE) {
      digits += 1;
      if (decimals < scale) {
        value = value * 10 + (char - ZERO);
        if (decimals >= 0) decimals += 1;
      } else if (char !== ZERO) {
        throw new ColumnValueError(`"${text}" has more than ${scale} decimals`);
      }
    } else if (char === 46 && decimals < 0) {
      decimals = 0;
    } else {
      throw new ColumnValueError(`"${text}" is not a decimal number`);
    }
  }
  if (digits === 0) throw new ColumnValueError(`"${text}" is not a decimal number`);
  for (let have = Math.max(decimals, 0); have < scale; have += 1) value *= 10;
  if (value > Number.MAX_SAFE_INTEGER) throw new ColumnValueError(`"${text}" is too large to be held exactly`);
  // `-0` would not equal `0` under Object.is and prints as "-0" nowhere but in tests.
  return negative && value !== 0 ? -value : value;
}
