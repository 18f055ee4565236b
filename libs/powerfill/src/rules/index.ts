/** The rule language: SQL-like conditions over typed columns, and pool rules. Grammar and semantics: README.md. */
export { columnCatalogue, nearestNames, type ColumnCatalogue, type ColumnType } from './column-catalogue';
export { compileRule, propertyReaders, type CompiledRule } from './compile-rule';
export { type Condition, type Expression } from './expression';
export { canonicalText, parseRule, type ParsedRule } from './parse-rule';
export { parsePoolRule, type PoolBounds, type PoolLimit, type PoolRuleRow } from './pool-rule';
export { type ColumnReader, type ReaderOf } from './row-values';
export { RuleError, type RuleErrorCode, type RulePosition } from './rule-error';
export { RULE_FUNCTION_USAGES } from './rule-functions';
export { foldString } from './string-values';
export { Truth } from './truth';
