import { decimalText } from './money';

/** What a decimal option may be; bounds in whole units of the option. */
export interface DecimalRule {
  readonly scale: number;
  readonly min: number;
  readonly max: number;
}

/** A decimal as the wire gave it: its text of fixed scale, or what is wrong with it. */
export type DecimalReading = { readonly text: string } | { readonly fault: string };

const PLAIN_DECIMAL = /^(-?)(0|[1-9]\d{0,11})(?:\.(\d{1,20}))?$/;

/**
 * Reads a decimal exactly, from a JSON number or from text; digits past the scale are refused, never rounded
 * (runs.md, section 2).
 */
export function readDecimal(value: unknown, { scale, min, max }: DecimalRule): DecimalReading {
  const expected = `must be a decimal number from ${min} to ${max} with at most ${scale} decimals`;
  if (typeof value !== 'string' && typeof value !== 'number') return { fault: expected };
  const scaled = typeof value === 'string' ? scaledText(value, scale) : scaledNumber(value, scale, max);
  if (scaled === 'excess') return { fault: `must have at most ${scale} decimals` };
  if (scaled === null) return { fault: expected };
  const unit = 10 ** scale;
  if (scaled < min * unit || scaled > max * unit) return { fault: `must be from ${min} to ${max}` };
  return { text: decimalText(scaled, scale) };
}

function scaledText(text: string, scale: number): number | 'excess' | null {
  const match = PLAIN_DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign, whole, decimals = ''] = match;
  if (decimals.length > scale) return 'excess';
  const scaled = Number(`${whole ?? ''}${decimals.padEnd(scale, '0')}`);
  return sign === '-' && scaled !== 0 ? -scaled : scaled;
}

/** A JSON number has at most `scale` decimals when writing it with that many gives the same number back. */
function scaledNumber(value: number, scale: number, max: number): number | 'excess' | null {
  if (!Number.isFinite(value)) return null;
  // Far outside: its digits do not matter, and need not fit an integer.
  if (Math.abs(value) > 10 * Math.max(max, 1)) return Math.sign(value) * Number.MAX_SAFE_INTEGER;
  const text = value.toFixed(scale);
  return Number(text) === value ? scaledText(text === `-${(0).toFixed(scale)}` ? '0' : text, scale) : 'excess';
}
