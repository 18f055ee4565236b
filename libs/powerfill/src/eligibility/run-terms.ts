import type { IsoDate } from '../domain/calendar';
import type { RunWarning } from '../domain/run-response';
import { scaledDecimal } from '../pricing/decimal-option';
import { DayCalendar, dayNumber } from '../pricing/day-calendar';
import { syntheticRateBands } from '../pricing/market-book';
import { PairPricer } from '../pricing/pair-pricer';
import { SaleTermsFactory } from '../pricing/sale-terms-factory';
import { StoryBook } from '../pricing/stories';
import type { RunInput } from '../steps/run-input';
import { StepError } from '../steps/run-step';
import type { PoolRuleUse, StepResults } from '../steps/step-results';
import { ConditionSet, NEVER } from './condition-set';
import { ConstraintBook } from './constraint-terms';
import { LoanLimitBook } from './loan-limits';
import { PairEvaluator, type SyntheticTerms, type TradeTerms } from './pair-evaluator';

/** Everything step 3 looks up once: the run's trades and synthetic trades as terms, and the evaluator of pairs. */
export interface RunTerms {
  readonly asOf: IsoDate;
  readonly days: DayCalendar;
  readonly limits: LoanLimitBook;
  /** Sorted by trade id. */
  readonly trades: readonly TradeTerms[];
  /** Sorted by synthetic id. */
  readonly synthetics: readonly SyntheticTerms[];
  readonly evaluator: PairEvaluator;
  /** Names of the loan rules, which codes refer to. */
  readonly loanRuleNames: readonly string[];
  readonly poolRules: readonly PoolRuleUse[];
  readonly warnings: readonly RunWarning[];
  /** Day counts met outside the carry buckets; complete once all pairs are priced. */
  carryWarnings(): RunWarning[];
}

/**
 * Compiles the rules and looks up the terms of a run. Throws StepError for a rule that does not parse, a rule a
 * constraint names in vain, and, where carry counts, an instrument without a curve.
 */
export function runTerms(input: RunInput, results: StepResults): RunTerms {
  if (results.trades === undefined || results.synthetics === undefined || results.cashGrids === undefined) {
    throw new StepError('STEP_ORDER', 'Candidates are built from the results of steps 1 and 2, which are missing.');
  }
  const { cashGrids, trades: priced } = results;
  const conditions = new ConditionSet();
  const days = new DayCalendar(input.calendar);
  const book = new ConstraintBook(input, conditions);
  const stories = new StoryBook(input.payups ?? [], input.asOf, conditions);
  const factory = new SaleTermsFactory(input, days, stories, conditions);
  const trades = priced.map((one) => ({
    sale: factory.ofTrade(one, cashGrids.get(one.trade.trade_id) ?? null),
    constraints: book.constraintsOf(one.trade),
    averaged: book.averagedAttributes(one.trade),
  }));
  const bands = syntheticRateBands(results.synthetics);
  const synthetics = results.synthetics.map((synthetic) => ({
    synthetic,
    sale: factory.ofSynthetic(synthetic, bands.get(synthetic.id) ?? { lowest: Infinity, highest: -Infinity }),
  }));
  const asOfDay = dayNumber(input.asOf);
  const { options } = input;
  const context = {
    asOfDay,
    days,
    conditions,
    pricer: new PairPricer(conditions, days, asOfDay, options.price_mode),
    maxEligibleDays: options.max_eligible_days,
    priceFloor: scaledDecimal(options.bx_price_floor, 8),
  };
  return {
    asOf: input.asOf,
    days,
    limits: new LoanLimitBook(input.loanLimits, Number(input.asOf.slice(0, 4))),
    trades,
    synthetics,
    evaluator: new PairEvaluator(context, book.loanRuleNames, factory.instrumentCount),
    loanRuleNames: book.loanRuleNames,
    poolRules: book.poolRuleUses(priced.map(({ trade }) => trade)),
    warnings: [...tradeWarnings(trades), ...syntheticWarnings(synthetics), ...curveWarnings(factory)],
    carryWarnings: () => factory.carry.outsideWarnings(),
  };
}

function tradeWarnings(trades: readonly TradeTerms[]): RunWarning[] {
  return trades.flatMap(({ sale, constraints }) => {
    const warnings: RunWarning[] = [];
    if (constraints.length === 0) {
      warnings.push({
        code: 'trade_without_constraint',
        message: `Trade ${sale.id} is under no constraint: it takes no loan.`,
      });
    }
    if (sale.story?.condition === NEVER) {
      warnings.push({
        code: 'story_unknown',
        message: `Story ${sale.story.name} of trade ${sale.id} has no pay-up row: no loan meets it.`,
      });
    }
    if (sale.tradeType === 'mbs' && sale.coupon !== null && sale.buyUpDown === null && !sale.instrument.ginnie) {
      warnings.push({
        code: 'buy_up_grid_missing',
        message: `Trade ${sale.id} has no buy-up and buy-down grid at its coupon: no loan can be priced into it.`,
      });
    }
    return warnings;
  });
}

function syntheticWarnings(synthetics: readonly SyntheticTerms[]): RunWarning[] {
  const unpriced = synthetics.filter(
    ({ sale }) =>
      sale.story?.condition === NEVER ||
      (sale.tradeType === 'mbs' && sale.buyUpDown === null && !sale.instrument.ginnie),
  );
  if (unpriced.length === 0) return [];
  const ids = unpriced.slice(0, 5).map(({ synthetic }) => synthetic.id);
  return [
    {
      code: 'synthetic_without_terms',
      message: `Synthetic trades without a buy-up grid row or a known story take no loan: ${ids.join(', ')}.`,
      count: unpriced.length,
    },
  ];
}

function curveWarnings(factory: SaleTermsFactory): RunWarning[] {
  const missing = factory.carry.instrumentsWithoutCurve();
  if (missing.length === 0) return [];
  return [
    {
      code: 'carry_curve_missing',
      message: `No carry curve, so no carry, for ${missing.join(', ')}.`,
      count: missing.length,
    },
  ];
}
