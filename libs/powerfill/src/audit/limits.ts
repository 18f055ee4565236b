import { CENTS, decimalText, divideHalfAway, FINE, readDecimal, UnreadableError } from './exact';
import { type Findings } from './finding';
import { type Placement } from './placement';
import { type AuditedLimit, type AuditedLoan, type AuditedProblem } from './problem';
import { type Fields, isAbsent } from './shape';

const ONE = 10n ** BigInt(FINE);
const FINE_PER_CENT = 10n ** BigInt(FINE - CENTS);

/**
 * A limit's value as an exact fraction in the unit of its bounds: the condition `value <= max` is
 * `above <= max * below`. `below` is 0 for a share or average over nothing, which satisfies every bound.
 */
export interface LimitValue {
  above: bigint;
  below: bigint;
}

/** The placed loans of each trade, by position. */
export type LoansByTrade = readonly (readonly number[])[];

/** Whether a loan's attributes meet a `where`: keys and-ed, a list means any of, a missing attribute fails. */
function matches(where: Fields, attributes: Fields): boolean {
  return Object.entries(where).every(([key, wanted]) => {
    if (!Object.hasOwn(attributes, key)) return false;
    const held = attributes[key];
    if (isAbsent(held)) return false;
    return Array.isArray(wanted) ? wanted.includes(held) : wanted === held;
  });
}

/** What one loan adds to a limit's fraction (formulas: engine.md, section 3, "Limits"). */
function contribution(limit: AuditedLimit, loan: AuditedLoan): LimitValue {
  const matching = matches(limit.where, loan.attributes);
  switch (limit.kind) {
    case 'total':
      return { above: matching ? loan.amount * FINE_PER_CENT : 0n, below: 0n };
    case 'count':
      return { above: matching ? ONE : 0n, below: 0n };
    case 'share':
      return { above: matching ? loan.amount * ONE : 0n, below: loan.amount };
    case 'count_share':
      return { above: matching ? ONE : 0n, below: 1n };
    case 'weighted_average': {
      if (!matching || limit.attribute === null) return { above: 0n, below: 0n };
      const path = `${loan.path}.attributes.${limit.attribute}`;
      const held = loan.attributes[limit.attribute];
      if (isAbsent(held)) throw new UnreadableError(path, `limit ${limit.id} averages it`);
      return { above: loan.amount * readDecimal(held, FINE, path, 'refuse'), below: loan.amount };
    }
  }
}

/** Totals and counts are no fractions: their denominator is 1, and their minimum holds at the end only. */
function isPlain(limit: AuditedLimit): boolean {
  return limit.kind === 'total' || limit.kind === 'count';
}

/** The limit's value with the locked loans alone, then after each class. */
function valuesByClass(
  problem: AuditedProblem,
  placement: Placement,
  byTrade: LoansByTrade,
  limit: AuditedLimit,
): { locked: LimitValue; after: LimitValue[] } {
  const unit = isPlain(limit) ? 1n : 0n;
  const locked = { above: 0n, below: unit };
  const added = placement.classes.map(() => ({ above: 0n, below: 0n }));
  for (const at of limit.trades) {
    for (const index of byTrade[at] ?? []) {
      const loan = problem.loans[index];
      const target = loan?.locked ? locked : added[placement.classOf[index] ?? -1];
      if (!loan || !target) continue;
      const part = contribution(limit, loan);
      target.above += part.above;
      target.below += part.below;
    }
  }
  const running = { ...locked };
  const after = added.map((part) => {
    running.above += part.above;
    running.below += part.below;
    return { ...running };
  });
  return { locked, after };
}

/** The bound as a fraction: as stated, or the locked loans' own value when they break it alone (engine.md, section 2). */
function effectiveBound(bound: bigint, locked: LimitValue, breaks: 'above' | 'below'): LimitValue {
  if (locked.below === 0n) return { above: bound, below: 1n };
  const limit = bound * locked.below;
  const broken = breaks === 'above' ? locked.above > limit : locked.above < limit;
  return broken ? locked : { above: bound, below: 1n };
}

/** Minus, zero or plus one as `value` lies below, at or above `bound`. A value over nothing lies at every bound. */
function compare(value: LimitValue, bound: LimitValue): number {
  if (value.below === 0n) return 0;
  const difference = value.above * bound.below - bound.above * value.below;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** A limit's value or bound in units of 1e-8, halves away from zero; null: a share or average over nothing. */
export function roundedValue(value: LimitValue): bigint | null {
  return value.below === 0n ? null : divideHalfAway(value.above, value.below);
}

function text(value: LimitValue): string {
  const rounded = roundedValue(value);
  return rounded === null ? 'nothing placed' : decimalText(rounded, FINE);
}

/** What the check of one limit leaves behind. */
export interface LimitOutcome {
  final: LimitValue;
  /** The locked loans alone break a bound, so that their value took its place. */
  lockedBreaks: boolean;
  /** A minimum of a total or count is missed, which only `relax` allows. */
  missed: boolean;
}

/**
 * Checks one limit. A maximum, and the minimum of a share or average, must hold after every class; the minimum of a
 * total or count at the end, and under `relax` not at all.
 */
export function checkLimit(
  problem: AuditedProblem,
  placement: Placement,
  byTrade: LoansByTrade,
  limit: AuditedLimit,
  findings: Findings,
): LimitOutcome {
  const { locked, after } = valuesByClass(problem, placement, byTrade, limit);
  const plain = isPlain(limit);
  const max = limit.max === null ? null : effectiveBound(limit.max, locked, 'above');
  const relaxedMin = limit.min === null || plain ? null : effectiveBound(limit.min, locked, 'below');
  after.forEach((value, step) => {
    const when = after.length === 1 ? '' : ` after class ${step + 1} of ${after.length}`;
    if (max && compare(value, max) > 0) {
      findings.add('LIMIT_BROKEN', limit.id, `${text(value)} is above ${text(max)}${when}`);
    }
    if (relaxedMin && compare(value, relaxedMin) < 0) {
      findings.add('LIMIT_BROKEN', limit.id, `${text(value)} is below ${text(relaxedMin)}${when}`);
    }
  });
  const final = after.at(-1) ?? locked;
  const least = limit.min === null || !plain ? null : { above: limit.min, below: 1n };
  const missed = least !== null && compare(final, least) < 0;
  if (missed && !problem.relax) {
    findings.add('LIMIT_BROKEN', limit.id, `${text(final)} is below ${text(least)}`);
  }
  return { final, missed, lockedBreaks: max === locked || relaxedMin === locked };
}
