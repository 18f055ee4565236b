/** What is wrong with a rule; stable, returned to the caller of `POST /rules/check`. */
export type RuleErrorCode =
  | 'RULE_EMPTY'
  | 'RULE_TOO_LARGE'
  | 'RULE_SYNTAX'
  | 'RULE_NOT_SUPPORTED'
  | 'RULE_UNKNOWN_COLUMN'
  | 'RULE_UNKNOWN_FUNCTION'
  | 'RULE_TYPE_MISMATCH'
  | 'RULE_BAD_LITERAL'
  | 'RULE_BAD_VALUE'
  | 'POOL_RULE_NOT_SUPPORTED'
  | 'POOL_RULE_BAD_LIMIT';

/** A place in the rule's text: `offset` counts UTF-16 units from 0, `line` and `column` from 1. */
export interface RulePosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** The place of a text offset; lines end at a line feed. */
export function positionAt(text: string, offset: number): RulePosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { offset, line: before.split('\n').length, column: offset - lineStart + 1 };
}

/**
 * A rule that cannot be used. The only error this library throws for a bad rule text, pool rule or row value;
 * `message` says what to do next. `position` is the offending token, or the start when the rule as a whole is refused.
 */
export class RuleError extends Error {
  constructor(
    readonly code: RuleErrorCode,
    message: string,
    readonly position: RulePosition,
  ) {
    super(message);
    this.name = 'RuleError';
  }
}
