import { LOAN_RULE_COLUMNS, TRADE_RULE_COLUMNS } from '../eligibility/rule-columns';
import { poolLimit } from '../eligibility/constraint-terms';
import type { SecuritizationRuleRow } from '../entities';
import { parseRule, RuleError, type ParsedRule, type PoolLimit } from '../rules';
import { RefusedError } from '../domain/errors';

/** What a rule is about: loans, pools (a limit) or trades (a constraint's condition). */
export type RuleSubjectKind = 'loan' | 'pool' | 'trade';

/** Parses a condition over loans or trades. @throws {RuleError} */
export const parseCondition = (kind: 'loan' | 'trade', text: string): ParsedRule =>
  parseRule(text, kind === 'loan' ? LOAN_RULE_COLUMNS : TRADE_RULE_COLUMNS);

/** Reads a rule as a run will: its condition, or its limit. @throws {RuleError} */
export function parseSecuritizationRule(row: SecuritizationRuleRow): ParsedRule | PoolLimit | null {
  if (row.kind.toLowerCase() === 'pool') return poolLimit(row);
  return (row.condition_text ?? '').trim() === '' ? null : parseCondition('loan', row.condition_text ?? '');
}

/**
 * Runs a parse and refuses the rule when it fails.
 * @param what names the rule in the message
 * @throws {RefusedError} `invalid_rule` with code and position
 */
export function orRefuse<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const { line, column } = error.position;
    throw new RefusedError(
      'invalid_rule',
      `${what} does not parse at line ${line}, column ${column}: ${error.message}`,
      {
        rule_error: { code: error.code, message: error.message, position: error.position },
      },
    );
  }
}
