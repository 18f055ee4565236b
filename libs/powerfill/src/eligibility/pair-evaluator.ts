import type { SaleTerms, InstrumentTerms } from '../pricing/sale-terms';
import type { Candidate, ConstraintRef, PairPrice, SyntheticOption, SyntheticTrade } from '../steps/step-results';
import { checkRank, codeName, codeNumber, PASSED, type CodeNumber } from './check-codes';
import { chooseConstraint } from './constraint-selection';
import type { AveragedAttribute, ConstraintTerms } from './constraint-terms';
import type { LoanFacts } from './loan-facts';
import {
  DELIVERY_CHECKS,
  FLOOR_CHECK,
  INSTRUMENT_CHECKS,
  SALE_CHECKS,
  STORY_CHECKS,
  type CheckContext,
  type SaleCheck,
} from './pair-checks';

/** A trade of the run with everything its pairs are tested against. */
export interface TradeTerms {
  readonly sale: SaleTerms;
  readonly constraints: readonly ConstraintTerms[];
  readonly averaged: readonly AveragedAttribute[];
}

/** A synthetic trade with its terms. */
export interface SyntheticTerms {
  readonly synthetic: SyntheticTrade;
  readonly sale: SaleTerms;
}

/** Name and priority of the place a locked pair has when its trade is under no constraint: behind all others. */
export const WITHOUT_CONSTRAINT = { name: '(none)', priority: 2_147_483_647 } as const;

/** Price of a locked pair that cannot be priced; the candidate says so. */
const NO_TERMS = {
  base: 0,
  payUp: 0,
  payUpStory: null,
  buyUpDown: 0,
  servicingValue: 0,
  adjustments: 0,
  price: 0,
  carry: 0,
  prxPlusCarry: 0,
  score: 0,
  interestEarningDays: 0,
  buyUpBp: 0,
  retainedExcessBp: 0,
} as const;

const NO_WARNINGS: readonly string[] = [];
const NO_CONSTRAINT = codeNumber('NO_CONSTRAINT');
const MISSING_ATTRIBUTE = codeNumber('MISSING_ATTRIBUTE');
const NO_PRICE = codeNumber('NO_PRICE');
const INSTRUMENT_CODES = INSTRUMENT_CHECKS.map(({ code }) => codeNumber(code));
const codesOf = (checks: readonly SaleCheck[]): CodeNumber[] => checks.map(({ code }) => codeNumber(code));
const SALE_CODES = codesOf(SALE_CHECKS);
const STORY_CODES = codesOf(STORY_CHECKS);
/** Checks after the constraint's rules; the delivery checks stay in front, since they share these codes. */
const LAST_CHECKS = [...DELIVERY_CHECKS, FLOOR_CHECK];
const LAST_CODES = codesOf(LAST_CHECKS);
const NOT_ASKED = -2;

/** Outcome of a pair: its candidate, or the code of the first check it failed. */
export type PairOutcome = Candidate | CodeNumber;

/**
 * Tests and prices the pairs of one loan after another (engine.md, step 3). Checks on the instrument alone are asked
 * once per loan and instrument, so that most pairs of a wide book cost one look-up.
 */
export class PairEvaluator {
  private readonly instrumentCodes: Int16Array;

  constructor(
    private readonly context: CheckContext,
    private readonly loanRuleNames: readonly string[],
    instrumentCount: number,
  ) {
    this.instrumentCodes = new Int16Array(instrumentCount);
  }

  /** Turns to the next loan. */
  begin(): void {
    this.instrumentCodes.fill(NOT_ASKED);
    this.context.conditions.begin();
    this.context.pricer.begin();
  }

  /** A pair whose loan may go anywhere. */
  evaluate(facts: LoanFacts, { sale, constraints, averaged }: TradeTerms): PairOutcome {
    if (constraints.length === 0) return NO_CONSTRAINT;
    const early = this.saleFailure(facts, sale);
    if (early !== PASSED) return early;
    const choice = chooseConstraint(constraints, facts, this.storyFailure(facts, sale), this.context.conditions);
    if (choice === null) return NO_CONSTRAINT;
    if (choice.failure !== PASSED) return choice.failure;
    const late = this.firstFailure(LAST_CHECKS, LAST_CODES, facts, sale);
    if (late !== PASSED) return late;
    if (this.lacksAttribute(facts, averaged)) return MISSING_ATTRIBUTE;
    const price = this.context.pricer.price(facts, sale);
    if (price === null) return NO_PRICE;
    return { tradeId: sale.id, constraint: choice.constraint.ref, price, locked: false, warnings: NO_WARNINGS };
  }

  /** The pair of a locked member and its pool's trade: failures are warnings, in the order of the checks. */
  evaluateLocked(facts: LoanFacts, { sale, constraints, averaged }: TradeTerms): Candidate {
    const { context } = this;
    const price = context.pricer.price(facts, sale);
    const choice = chooseConstraint(constraints, facts, PASSED, context.conditions);
    const codes = [
      ...(choice === null ? [NO_CONSTRAINT] : []),
      ...INSTRUMENT_CHECKS.flatMap((check, at) =>
        check.passes(facts, sale.instrument) ? [] : [INSTRUMENT_CODES[at] ?? PASSED],
      ),
      ...this.allFailures(SALE_CHECKS, SALE_CODES, facts, sale),
      ...(choice === null || choice.failure === PASSED ? [] : [choice.failure]),
      ...this.allFailures(STORY_CHECKS, STORY_CODES, facts, sale),
      ...this.allFailures(LAST_CHECKS, LAST_CODES, facts, sale),
      ...(this.lacksAttribute(facts, averaged) ? [MISSING_ATTRIBUTE] : []),
      ...(price === null ? [NO_PRICE] : []),
    ].sort((a, b) => checkRank(a) - checkRank(b));
    const pair = {
      tradeId: sale.id,
      constraint: choice?.constraint.ref ?? withoutConstraint(sale.instrument),
      locked: true,
      warnings: codes.map((code) => codeName(code, this.loanRuleNames)),
    };
    if (price !== null) return { ...pair, price };
    return { ...pair, price: { ...NO_TERMS, deliveryDate: sale.settlementDate }, unpriceable: true };
  }

  /**
   * The synthetic trades a loan could go into today, in the order given: the checks that ask for a contract or a
   * configuration (constraint, amount band, rules, registration, floor, limits) do not apply to them.
   */
  options(facts: LoanFacts, synthetics: readonly SyntheticTerms[]): SyntheticOption[] {
    const options: SyntheticOption[] = [];
    const { note_rate: noteRate } = facts.loan;
    for (const { synthetic, sale } of synthetics) {
      // Without codes to report, the check that most options fail may go first.
      if (
        noteRate < sale.lowestRate ||
        noteRate > sale.highestRate ||
        this.saleFailure(facts, sale) !== PASSED ||
        this.storyFailure(facts, sale) !== PASSED ||
        this.firstFailure(DELIVERY_CHECKS, LAST_CODES, facts, sale) !== PASSED
      ) {
        continue;
      }
      const price: PairPrice | null = this.context.pricer.price(facts, sale);
      if (price !== null) options.push({ synthetic, price });
    }
    return options;
  }

  private saleFailure(facts: LoanFacts, sale: SaleTerms): CodeNumber {
    const failure = this.instrumentFailure(facts, sale.instrument);
    return failure === PASSED ? this.firstFailure(SALE_CHECKS, SALE_CODES, facts, sale) : failure;
  }

  private storyFailure(facts: LoanFacts, sale: SaleTerms): CodeNumber {
    if (sale.story === null && sale.tradeType !== 'be') return PASSED;
    return this.firstFailure(STORY_CHECKS, STORY_CODES, facts, sale);
  }

  private instrumentFailure(facts: LoanFacts, instrument: InstrumentTerms): CodeNumber {
    const known = this.instrumentCodes[instrument.index] ?? NOT_ASKED;
    if (known !== NOT_ASKED) return known;
    const failed = INSTRUMENT_CHECKS.findIndex((check) => !check.passes(facts, instrument));
    const code = failed < 0 ? PASSED : (INSTRUMENT_CODES[failed] ?? PASSED);
    this.instrumentCodes[instrument.index] = code;
    return code;
  }

  private firstFailure(
    checks: readonly SaleCheck[],
    codes: readonly CodeNumber[],
    facts: LoanFacts,
    sale: SaleTerms,
  ): CodeNumber {
    for (let at = 0; at < checks.length; at += 1) {
      if (checks[at]?.passes(facts, sale, this.context) === false) return codes[at] ?? PASSED;
    }
    return PASSED;
  }

  private allFailures(
    checks: readonly SaleCheck[],
    codes: readonly CodeNumber[],
    facts: LoanFacts,
    sale: SaleTerms,
  ): CodeNumber[] {
    return codes.filter((_code, at) => checks[at]?.passes(facts, sale, this.context) === false);
  }

  private lacksAttribute(facts: LoanFacts, averaged: readonly AveragedAttribute[]): boolean {
    return averaged.some(({ condition, read }) => {
      const value = read(facts);
      return (value === null || value === undefined) && this.context.conditions.holds(condition, facts);
    });
  }
}

function withoutConstraint({ row }: InstrumentTerms): ConstraintRef {
  return { investorId: row.investor_id, instrumentName: row.investor_instrument_name, ...WITHOUT_CONSTRAINT };
}
