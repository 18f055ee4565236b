import { Truth } from '../rules';
import { checkRank, codeNumber, PASSED, ruleCodeNumber, type CodeNumber } from './check-codes';
import type { ConditionSet } from './condition-set';
import type { ConstraintTerms } from './constraint-terms';
import type { LoanFacts } from './loan-facts';

/** The constraint a pair belongs to, or, with a code, the one it got furthest in. */
export interface ConstraintChoice {
  readonly constraint: ConstraintTerms;
  readonly failure: CodeNumber;
}

const AMOUNT_OUT_OF_BAND = codeNumber('AMOUNT_OUT_OF_BAND');

/**
 * The first constraint, by priority and name, whose amount band and rules the loan passes; if none, the furthest code,
 * of the first constraint that got there (engine.md, step 3). `storyFailure` is the pair's own failure between amount
 * band and rules, which no constraint can get past.
 */
export function chooseConstraint(
  constraints: readonly ConstraintTerms[],
  facts: LoanFacts,
  storyFailure: CodeNumber,
  conditions: ConditionSet,
): ConstraintChoice | null {
  let furthest: ConstraintChoice | null = null;
  for (const constraint of constraints) {
    const failure = constraintFailure(constraint, facts, storyFailure, conditions);
    if (failure === PASSED) return { constraint, failure };
    if (furthest === null || checkRank(failure) > checkRank(furthest.failure)) furthest = { constraint, failure };
  }
  return furthest;
}

function constraintFailure(
  { lowest, highest, rules }: ConstraintTerms,
  facts: LoanFacts,
  storyFailure: CodeNumber,
  conditions: ConditionSet,
): CodeNumber {
  if ((lowest !== null && facts.amount < lowest) || (highest !== null && facts.amount > highest)) {
    return AMOUNT_OUT_OF_BAND;
  }
  if (storyFailure !== PASSED) return storyFailure;
  for (const { index, condition } of rules) {
    const truth = conditions.truth(condition, facts);
    if (truth !== Truth.True) return ruleCodeNumber(index, truth === Truth.Unknown);
  }
  return PASSED;
}
