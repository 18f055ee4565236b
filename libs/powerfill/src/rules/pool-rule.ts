import { type ColumnCatalogue, type ColumnType, nearestNames } from './column-catalogue';
import { type Fraction, parseFraction, scaledInteger } from './decimal';
import { type ParsedRule, parseRule } from './parse-rule';
import { positionAt, RuleError, type RuleErrorCode } from './rule-error';

/** A `pscat_securitization_rules` row of kind `pool`; text columns may be blank-padded, decimals come as text. */
export interface PoolRuleRow {
  readonly function: string;
  readonly column_name: string | null;
  readonly limit_value: string | number;
  readonly limit_sense: string;
  readonly limit_scope: string | null;
  readonly condition_text: string | null;
}

/** Bounds of a limit, either may be null; the unit is the limit's. */
export interface PoolBounds {
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * A pool rule as a limit of the allocation model (engine.md, section 2 "Limits"). S is the loans placed in the trade,
 * or trades when `scope` is `together`; M those of S for which `condition` is TRUE, all of them when it is null.
 */
export type PoolLimit = {
  readonly scope: 'each' | 'together';
  readonly condition: ParsedRule | null;
} & (
  | {
      /** Amount of M over amount of S (`share`) or their counts (`count_share`); bounds are integers of 10^-8. */
      readonly kind: 'share' | 'count_share';
      readonly bounds: PoolBounds;
    }
  | {
      /** Average of a numeric column over M weighted by amount; bounds are integers of 10^-8 of the column's unit. */
      readonly kind: 'weighted_average';
      readonly attribute: string;
      readonly attributeType: ColumnType;
      readonly bounds: PoolBounds;
    }
  | {
      /** Amount of M; bounds are cents. */
      readonly kind: 'total';
      readonly bounds: PoolBounds;
    }
  | {
      /** Number of loans of M. */
      readonly kind: 'count';
      readonly bounds: PoolBounds;
    }
);

const BOUND_SCALE = 8;
const CENTS_SCALE = 2;

/**
 * Reads a pool rule: `percent(loan_amount)` a share, `percent(*)` a count share, `average` a weighted average,
 * `sum(loan_amount)` a total, `count` a count (data.md); anything else is refused. Percentages are given in percent
 * and become exact fractions. Throws RuleError; errors of `condition_text` carry its positions.
 */
export function parsePoolRule(row: PoolRuleRow, columns: ColumnCatalogue): PoolLimit {
  const shape = poolFunction(normal(row.function), normal(row.column_name ?? ''), columns);
  const condition = (row.condition_text ?? '').trim() === '' ? null : parseRule(row.condition_text ?? '', columns);
  const common = { scope: poolScope(normal(row.limit_scope ?? '')), condition };
  const value = limitValue(String(row.limit_value).trim());
  const sense = normal(row.limit_sense);
  switch (shape.kind) {
    case 'share':
    case 'count_share': {
      if (value.n > 100n * value.d)
        throw refuse('POOL_RULE_BAD_LIMIT', 'A percentage is at most 100; correct limit_value.');
      const fraction = { n: value.n, d: value.d * 100n };
      return {
        ...common,
        kind: shape.kind,
        bounds: poolBounds(sense, nonNegative(fraction), BOUND_SCALE, 'percent with at most 6 decimals'),
      };
    }
    case 'weighted_average':
      return { ...common, ...shape, bounds: poolBounds(sense, value, BOUND_SCALE, 'a number with at most 8 decimals') };
    case 'total':
      return {
        ...common,
        kind: 'total',
        bounds: poolBounds(sense, nonNegative(value), CENTS_SCALE, 'dollars with at most 2 decimals'),
      };
    case 'count':
      return { ...common, kind: 'count', bounds: poolBounds(sense, nonNegative(value), 0, 'a whole number of loans') };
  }
}

type Shape =
  | { readonly kind: 'share' | 'count_share' | 'total' | 'count' }
  | { readonly kind: 'weighted_average'; readonly attribute: string; readonly attributeType: ColumnType };

function poolFunction(name: string, column: string, columns: ColumnCatalogue): Shape {
  switch (name) {
    case 'percent':
      if (column === 'loan_amount') return { kind: 'share' };
      if (column === '*') return { kind: 'count_share' };
      throw refuse(
        'POOL_RULE_NOT_SUPPORTED',
        `percent(${column}) is not supported; write percent(loan_amount) for dollars or percent(*) for loans.`,
      );
    case 'sum':
      if (column === 'loan_amount') return { kind: 'total' };
      throw refuse('POOL_RULE_NOT_SUPPORTED', `sum(${column}) is not supported; only sum(loan_amount) is.`);
    case 'count':
      if (column === '' || column === '*') return { kind: 'count' };
      throw refuse(
        'POOL_RULE_NOT_SUPPORTED',
        `count(${column}) is not supported; leave column_name empty or write "*".`,
      );
    case 'average':
      return { kind: 'weighted_average', attribute: column, attributeType: averagedColumn(column, columns) };
    default: {
      const message = `There is no pool function "${name.slice(0, 40)}"; use percent, sum, count or average.`;
      throw refuse('POOL_RULE_NOT_SUPPORTED', message);
    }
  }
}

function averagedColumn(column: string, columns: ColumnCatalogue): ColumnType {
  const type = columns.get(column);
  if (type?.kind === 'money' || type?.kind === 'number') return type;
  if (type !== undefined)
    throw refuse('RULE_TYPE_MISMATCH', `average(${column}) needs a numeric column; choose one such as fico.`);
  const near = nearestNames(column, columns.keys());
  throw refuse(
    'RULE_UNKNOWN_COLUMN',
    `There is no column "${column.slice(0, 60)}" to average. ${near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'Choose a numeric column such as fico.'}`,
  );
}

function poolScope(scope: string): 'each' | 'together' {
  if (scope === '' || scope === 'each') return 'each';
  if (scope === 'together') return 'together';
  throw refuse('POOL_RULE_BAD_LIMIT', `limit_scope "${scope.slice(0, 40)}" is unknown; use each or together.`);
}

function limitValue(text: string): Fraction {
  const value = parseFraction(text);
  if (value === null)
    throw refuse('POOL_RULE_BAD_LIMIT', `limit_value "${text.slice(0, 40)}" is not a number; write it as 10 or 0.5.`);
  return value;
}

function nonNegative(value: Fraction): Fraction {
  if (value.n < 0n)
    throw refuse('POOL_RULE_BAD_LIMIT', 'limit_value of a sum, count or percentage cannot be negative; correct it.');
  return value;
}

function poolBounds(sense: string, value: Fraction, scale: number, unit: string): PoolBounds {
  const scaled = scaledInteger(value, scale);
  if (scaled === null || !Number.isSafeInteger(Number(scaled))) {
    throw refuse('POOL_RULE_BAD_LIMIT', `limit_value must be ${unit} and not astronomically large; correct it.`);
  }
  const bound = Number(scaled);
  switch (sense) {
    case '<=':
    case 'max':
      return { min: null, max: bound };
    case '>=':
    case 'min':
      return { min: bound, max: null };
    case '=':
      return { min: bound, max: bound };
    default:
      throw refuse('POOL_RULE_BAD_LIMIT', `limit_sense "${sense.slice(0, 40)}" is unknown; use <=, >= or =.`);
  }
}

const normal = (text: string): string => text.trim().toLowerCase();

/** Errors outside `condition_text` have no place in a text and point to its start. */
const refuse = (code: RuleErrorCode, message: string): RuleError => new RuleError(code, message, positionAt('', 0));
