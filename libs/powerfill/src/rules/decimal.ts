/** An exact fraction; `d` is positive. Not reduced: comparisons cross-multiply. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

const powers: bigint[] = Array.from({ length: 64 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10^exponent for exponents 0..63. */
export const pow10 = (exponent: number): bigint => powers[exponent] ?? 10n ** BigInt(exponent);

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Exact value of decimal text such as `-12.50` or `1e-7`; null when it is not a decimal or absurdly large or small. */
export function parseFraction(text: string): Fraction | null {
  if (text.length > 80) return null;
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', decimals = '', exponentText = '0'] = match;
  const exponent = Number(exponentText) - decimals.length;
  if (Math.abs(exponent) > 60) return null;
  const digits = BigInt(sign + whole + decimals);
  return exponent >= 0 ? { n: digits * pow10(exponent), d: 1n } : { n: digits, d: pow10(-exponent) };
}

/** Decimal text without needless zeros (`1.50` -> `1.5`) of a fraction whose denominator is a power of ten. */
export function decimalText({ n, d }: Fraction): string {
  const sign = n < 0n ? '-' : '';
  const digits = (n < 0n ? -n : n).toString();
  const places = d.toString().length - 1;
  const padded = digits.padStart(places + 1, '0');
  const whole = padded.slice(0, padded.length - places);
  const decimals = padded.slice(padded.length - places).replace(/0+$/, '');
  return sign + whole + (decimals === '' ? '' : `.${decimals}`);
}

/** -1, 0 or 1. */
export function compareFractions(a: Fraction, b: Fraction): -1 | 0 | 1 {
  const left = a.d === b.d ? a.n : a.n * b.d;
  const right = a.d === b.d ? b.n : b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Greatest integer not above a fraction. */
export function floorFraction({ n, d }: Fraction): bigint {
  const quotient = n / d;
  return n < 0n && quotient * d !== n ? quotient - 1n : quotient;
}

/** The fraction times 10^scale as an integer, or null when it has more decimals than that. */
export function scaledInteger({ n, d }: Fraction, scale: number): bigint | null {
  const scaled = n * pow10(scale);
  return scaled % d === 0n ? scaled / d : null;
}
