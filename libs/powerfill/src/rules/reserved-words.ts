import { type ColumnCatalogue } from './column-catalogue';
import { positionAt, RuleError } from './rule-error';
import { type Token } from './tokens';

const QUERY = 'A rule cannot query tables; it tests the columns of one row.';
const CHOICE =
  'case is not part of the rule language; join conditions with and / or, and replace a missing value with coalesce(column, value).';
const CONVERSION =
  "Conversions are not part of the rule language; columns have types, and a date is written as text: '2026-11-23'.";

const MESSAGES: ReadonlyMap<string, string> = new Map([
  ...['select', 'from', 'where', 'exists', 'any', 'all', 'some', 'union', 'except', 'intersect', 'with', 'join'].map(
    (word) => [word, QUERY] as const,
  ),
  ...['insert', 'update', 'delete', 'drop', 'alter', 'create', 'exec', 'execute', 'declare', 'set', 'go'].map(
    (word) => [word, QUERY] as const,
  ),
  ...['group', 'having', 'order', 'by', 'limit', 'top', 'distinct', 'over'].map(
    (word) => [word, 'A rule has no grouping or order; it tests one row.'] as const,
  ),
  ...['case', 'when', 'then', 'else', 'end', 'iif'].map((word) => [word, CHOICE] as const),
  ...['cast', 'convert', 'try_cast', 'try_convert', 'collate'].map((word) => [word, CONVERSION] as const),
  ['escape', 'escape is not part of the rule language; write [%] or [_] for a literal % or _ in a pattern.'],
]);

/** Refuses words of SQL that the rule language leaves out, unless the catalogue has a column of that name. */
export function refuseReservedWords(text: string, tokens: readonly Token[], columns: ColumnCatalogue): void {
  for (const token of tokens) {
    if (token.kind !== 'name' || token.quoted || token.parts.length !== 1) continue;
    const word = token.text.toLowerCase();
    const message = MESSAGES.get(word);
    if (message !== undefined && !columns.has(word))
      throw new RuleError('RULE_NOT_SUPPORTED', message, positionAt(text, token.offset));
  }
}
