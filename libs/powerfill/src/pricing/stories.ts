import { ALWAYS, type ConditionSet } from '../eligibility/condition-set';
import { HIGH_BALANCE_COLUMN, type RuleSubject } from '../eligibility/rule-columns';
import type { IsoDate } from '../domain/calendar';
import type { PayupRow } from '../entities';
import { divideHalfAway } from './arithmetic';
import { inForce } from './in-force';
import type { PayupTerms, StoryTerms } from './sale-terms';

/** Quotes are scaled by 1e8 already, so points = quote / div_by (engine.md, step 2). Throws RangeError for div_by <= 0. */
export function quotePoints(quote: number, divBy: number): number {
  if (divBy <= 0) throw new RangeError(`div_by must be positive, it is ${divBy}.`);
  return divideHalfAway(quote, divBy);
}

/** The pay-ups in force at as-of, one per instrument, coupon and story, sorted by these. */
export function payupsInForce(rows: readonly PayupRow[], asOf: IsoDate): PayupRow[] {
  const key = (row: PayupRow): string => `${row.investor_instrument_name}|${row.coupon}|${row.story}`;
  return [...inForce(rows, key, asOf).values()].sort(
    (a, b) =>
      byText(a.investor_instrument_name, b.investor_instrument_name) || a.coupon - b.coupon || byText(a.story, b.story),
  );
}

/**
 * Stories and pay-ups of a run. A story means what its pay-up row says for the trade's instrument and coupon, else
 * for the instrument at another coupon, else for another instrument: one name has one meaning on a desk.
 */
export class StoryBook {
  private readonly byCoupon = new Map<string, PayupTerms[]>();
  private readonly byInstrument = new Map<string, StoryTerms>();
  private readonly byName = new Map<string, StoryTerms>();

  constructor(rows: readonly PayupRow[], asOf: IsoDate, conditions: ConditionSet) {
    for (const row of payupsInForce(rows, asOf)) {
      const { investor_instrument_name: instrument, coupon, story: name } = row;
      const condition = conditions.add(row.condition_text, 'story', `Pay-up ${name} of ${instrument}`);
      const highBalance = condition !== ALWAYS && conditions.reads(condition, HIGH_BALANCE_COLUMN);
      const terms = { name, condition, highBalance, points: quotePoints(row.quote, row.div_by) };
      const key = couponKey(instrument, coupon);
      this.byCoupon.set(key, [...(this.byCoupon.get(key) ?? []), terms]);
      const instrumentKey = `${instrument}|${name}`;
      if (!this.byInstrument.has(instrumentKey)) this.byInstrument.set(instrumentKey, terms);
      if (!this.byName.has(name)) this.byName.set(name, terms);
    }
    for (const terms of this.byCoupon.values()) terms.sort(bestFirst);
  }

  /** Null for a story no pay-up row describes. */
  story(instrument: string, coupon: number | null, name: string): StoryTerms | null {
    const exact = coupon === null ? undefined : this.payups(instrument, coupon).find((terms) => terms.name === name);
    return exact ?? this.byInstrument.get(`${instrument}|${name}`) ?? this.byName.get(name) ?? null;
  }

  /** Pay-ups of an instrument's coupon, highest first. */
  payups(instrument: string, coupon: number): readonly PayupTerms[] {
    return this.byCoupon.get(couponKey(instrument, coupon)) ?? [];
  }
}

/** Whether a loan meets a story; a high-balance loan meets only stories made for it (engine.md, step 3 "Price"). */
export function meetsStory(story: StoryTerms, loan: RuleSubject, conditions: ConditionSet): boolean {
  return (!loan.highBalance || story.highBalance) && conditions.holds(story.condition, loan);
}

/** The best single pay-up a loan earns; null when it earns none, or none above 0. */
export function bestPayup(
  payups: readonly PayupTerms[],
  loan: RuleSubject,
  conditions: ConditionSet,
): PayupTerms | null {
  for (const payup of payups) {
    if (payup.points <= 0) return null;
    if (meetsStory(payup, loan, conditions)) return payup;
  }
  return null;
}

const couponKey = (instrument: string, coupon: number): string => `${instrument}|${coupon}`;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const bestFirst = (a: PayupTerms, b: PayupTerms): number => b.points - a.points || byText(a.name, b.name);
