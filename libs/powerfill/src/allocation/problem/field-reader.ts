import { ProblemError } from '../errors';
import { MAX_CENTS, MAX_RATE, parseDecimal } from './exact-arithmetic';

/** Places of scores, rates, bounds and attributes: integers of 1e-8. */
export const RATE_PLACES = 8;
/** Places of money: integer cents. */
const MONEY_PLACES = 2;

/** One object of the problem file with its JSON path: every reader throws `ProblemError` naming the field. */
export class FieldReader {
  private readonly fields: Record<string, unknown>;

  /** @param known the allowed keys; any other is a fault, so that a misspelt field is not silently ignored */
  constructor(
    value: unknown,
    readonly path: string,
    known?: ReadonlySet<string>,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ProblemError(path, 'must be an object');
    this.fields = value as Record<string, unknown>;
    if (known !== undefined)
      for (const key of Object.keys(value))
        if (!known.has(key)) throw new ProblemError(`${path}.${key}`, 'is no known field');
  }

  at(key: string): string {
    return this.path === '$' ? key : `${this.path}.${key}`;
  }

  fail(key: string, fault: string): never {
    throw new ProblemError(this.at(key), fault);
  }

  /** The raw value; undefined when absent or null. */
  raw(key: string): unknown {
    return Object.hasOwn(this.fields, key) ? (this.fields[key] ?? undefined) : undefined;
  }

  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value === '') this.fail(key, 'must be a non-empty string');
    return value;
  }

  requiredText(key: string): string {
    return this.text(key) ?? this.fail(key, 'is required');
  }

  flag(key: string): boolean {
    const value = this.raw(key) ?? false;
    if (typeof value !== 'boolean') this.fail(key, 'must be true or false');
    return value;
  }

  choice<T extends string>(key: string, values: readonly T[], otherwise: T): T {
    const value = this.raw(key) ?? otherwise;
    return values.find((known) => known === value) ?? this.fail(key, `must be one of ${values.join(', ')}`);
  }

  list(key: string, required: boolean): readonly unknown[] {
    const value = this.raw(key);
    if (value === undefined && !required) return [];
    if (!Array.isArray(value)) this.fail(key, 'must be a list');
    return value;
  }

  /** Dollars as integer cents. */
  cents(key: string): number | undefined {
    const value = this.raw(key);
    return value === undefined
      ? undefined
      : scaledDecimal(value, this.at(key), MONEY_PLACES, MAX_CENTS, 'dollars with at most 2 places');
  }

  /** Points as integers of 1e-8, rounded half away from zero. */
  rate(key: string): number | undefined {
    const value = this.raw(key);
    return value === undefined
      ? undefined
      : scaledDecimal(value, this.at(key), RATE_PLACES, MAX_RATE, 'a decimal of points', 'round');
  }

  /** Any decimal as an integer of `10^-places`. */
  decimal(key: string, places: number, wanted: string): bigint | undefined {
    const value = this.raw(key);
    return value === undefined ? undefined : exactDecimal(value, this.at(key), places, wanted);
  }
}

function exactDecimal(
  value: unknown,
  path: string,
  places: number,
  wanted: string,
  excess: 'refuse' | 'round' = 'refuse',
): bigint {
  const exact = typeof value === 'string' || typeof value === 'number' ? parseDecimal(value, places, excess) : null;
  if (exact === null) throw new ProblemError(path, `must be ${wanted}`);
  return exact;
}

/** Reads one decimal as an integer of `10^-places`, at most `limit` in size, or throws `ProblemError` at `path`. */
export function scaledDecimal(
  value: unknown,
  path: string,
  places: number,
  limit: number,
  wanted: string,
  excess: 'refuse' | 'round' = 'refuse',
): number {
  const number = Number(exactDecimal(value, path, places, wanted, excess));
  if (number > limit || number < -limit) throw new ProblemError(path, 'is too large');
  return number;
}
