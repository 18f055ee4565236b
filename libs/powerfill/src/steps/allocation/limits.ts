import { formatDecimal } from '../../allocation/problem/exact-arithmetic';
import { type AttributeValue, type LimitInput } from '../../allocation/problem/problem-file';
import { poolLimit } from '../../eligibility/constraint-terms';
import { readLoan } from '../../eligibility/rule-columns';
import { type SecuritizationRuleRow } from '../../entities';
import { type ColumnType, compileRule, type PoolBounds, type PoolLimit, Truth } from '../../rules';
import { type EligibleLoan, type PoolRuleUse } from '../step-results';

/** The pool rules of a run as limits of its problem, and what they need to know of each loan. */
export interface RunLimits {
  readonly limits: readonly LimitInput[];
  /** Attributes the limits look at; undefined when there are none. */
  readonly attributesOf: (loan: EligibleLoan) => Readonly<Record<string, AttributeValue>> | undefined;
}

type Attribute = readonly [name: string, read: (loan: EligibleLoan) => AttributeValue | undefined];

/**
 * Turns pool rules into limits (engine.md, section 2): one per trade of the rule's constraints (`each`) or one over
 * all of them (`together`). Which loans a rule counts is decided here, once per loan, and travels as an attribute
 * named after the rule. A loan without the averaged attribute is not counted: only members of locked pools can be so.
 */
export function limitsOf(rules: readonly SecuritizationRuleRow[], uses: readonly PoolRuleUse[]): RunLimits {
  const attributes: Attribute[] = [];
  const limits = uses.map(({ ruleName, tradeIds }) => {
    const row = rules.find((rule) => rule.rule_name === ruleName);
    if (row === undefined) throw new Error(`Pool rule ${ruleName} is not in the input`);
    const limit = poolLimit(row);
    const averaged = limit.kind === 'weighted_average' ? averagedAttribute(limit) : null;
    const counts = countedBy(limit, averaged);
    if (counts !== null) attributes.push([ruleName, counts]);
    if (averaged !== null) attributes.push(averaged);
    return {
      id: ruleName,
      trades: [...tradeIds],
      kind: limit.kind,
      ...(counts === null ? {} : { where: { [ruleName]: true } }),
      ...(averaged === null ? {} : { attribute: averaged[0] }),
      ...boundsOf(limit.kind, limit.bounds),
      ...(limit.scope === 'each' ? { per_trade: true } : {}),
    } satisfies LimitInput;
  });
  return { limits, attributesOf: attributeReader(attributes) };
}

function attributeReader(attributes: readonly Attribute[]): RunLimits['attributesOf'] {
  return (loan) => {
    const found: Record<string, AttributeValue> = {};
    for (const [name, read] of attributes) {
      const value = read(loan);
      if (value !== undefined) found[name] = value;
    }
    return Object.keys(found).length === 0 ? undefined : found;
  };
}

/** Tells which loans are in M; null when all are. */
function countedBy(limit: PoolLimit, averaged: Attribute | null): Attribute[1] | null {
  if (limit.condition === null && averaged === null) return null;
  const test = limit.condition === null ? null : compileRule(limit.condition, readLoan);
  return (loan) => {
    const isCounted = test === null || test(loan) === Truth.True;
    return isCounted && (averaged === null || averaged[1](loan) !== undefined) ? true : undefined;
  };
}

/** The averaged column as a decimal attribute, in the unit the rule's bound is written in. */
function averagedAttribute({ attribute, attributeType }: Extract<PoolLimit, { kind: 'weighted_average' }>): Attribute {
  const read = readLoan(attribute);
  const scale = scaleOf(attributeType);
  return [
    `${attribute} value`,
    (loan) => {
      const value = read(loan);
      return typeof value === 'number' ? formatDecimal(value, scale, 0) : undefined;
    },
  ];
}

const scaleOf = (type: ColumnType): number => (type.kind === 'money' ? 2 : type.kind === 'number' ? type.scale : 0);

const BOUND_SCALES: Readonly<Record<PoolLimit['kind'], number>> = {
  share: 8,
  count_share: 8,
  weighted_average: 8,
  total: 2,
  count: 0,
};

function boundsOf(kind: PoolLimit['kind'], { min, max }: PoolBounds): Pick<LimitInput, 'min' | 'max'> {
  const text = (bound: number): string => formatDecimal(bound, BOUND_SCALES[kind], 0);
  return { ...(min === null ? {} : { min: text(min) }), ...(max === null ? {} : { max: text(max) }) };
}
