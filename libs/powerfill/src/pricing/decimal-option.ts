/** Decimal text of a resolved run option as an integer of 10^-scale; null for null. Its places never exceed `scale`. */
export function scaledDecimal(text: string | null, scale: number): number | null {
  if (text === null) return null;
  const [whole = '0', decimals = ''] = text.split('.');
  return Number(whole + decimals.padEnd(scale, '0'));
}
