import { canonicalCondition } from './canonical-text';
import { type ColumnCatalogue } from './column-catalogue';
import { columnName, columnsOfCondition, type Condition } from './expression';
import { refuseReservedWords } from './reserved-words';
import { parseSyntax } from './syntax-tree';
import { tokenize } from './tokens';
import { TypeChecker } from './type-check';

/** A rule checked against a catalogue; bind it to rows with `compileRule`. */
export interface ParsedRule {
  /** The text as it was given. */
  readonly text: string;
  readonly condition: Condition;
  /** Columns the rule reads, without repeats, sorted by code units; members of JSON columns as `custom_data.name`. */
  readonly columns: readonly string[];
}

/**
 * Parses a condition of the desk's rule language (README.md of this folder; engine.md, step 3 "Rules").
 * Throws RuleError, and nothing else, for every text that is not a condition over these columns.
 */
export function parseRule(text: string, columns: ColumnCatalogue): ParsedRule {
  const tokens = tokenize(text);
  refuseReservedWords(text, tokens, columns);
  const condition = new TypeChecker(text, columns).condition(parseSyntax(text, tokens));
  const names = new Set(columnsOfCondition(condition).map(columnName));
  return { text, condition, columns: [...names].sort() };
}

/**
 * Normal form of a rule for hashing and logs: lower-case keywords and columns, normalised numbers and dates, full
 * parentheses. Parsing it again gives the same normal form; rules that differ only in layout share it.
 */
export const canonicalText = (rule: ParsedRule): string => canonicalCondition(rule.condition);
