import type { TableDefinition } from '@powerfill/database';

/** A statement that SQL Server would refuse, or that means something else there, and why. */
export interface Refusal {
  readonly rule: string;
  readonly statement: string;
}

type Rule = (statement: string) => boolean;

/** Text in quotes means nothing for the grammar. */
const withoutTexts = (statement: string): string => statement.replaceAll(/'(?:[^']|'')*'/g, "''");

const has =
  (pattern: RegExp): Rule =>
  (statement) =>
    pattern.test(withoutTexts(statement));

/** Rows of the longest VALUES list of a statement. */
function valueRows(statement: string): number {
  const [, ...lists] = withoutTexts(statement).split(/\bVALUES\b/i);
  return lists.reduce((most, list) => Math.max(most, (list.match(/\)\s*,\s*\(/g)?.length ?? 0) + 1), 0);
}

/** The predicate of a filtered index; null for any other statement. */
const predicateOf = (statement: string): string | null =>
  /^CREATE (?:UNIQUE )?INDEX .+? WHERE (.+)$/is.exec(withoutTexts(statement))?.[1] ?? null;

/** A filtered index knows comparisons, IN, IS NULL and AND; nothing else. */
function isBadPredicate(statement: string): boolean {
  const predicate = predicateOf(statement);
  if (predicate === null) return false;
  const simple = predicate.replaceAll(/\bIN\s*\(/gi, 'IN [').replaceAll(/\bAND\s*\(/gi, 'AND [');
  return /\b(OR|LIKE|NOT IN|BETWEEN|CASE|EXISTS|SELECT)\b/i.test(predicate) || /\w\s*\(/.test(simple);
}

/** Whether a subquery is sorted without a limit, which SQL Server allows at the outside only. */
function isSortedInside(statement: string): boolean {
  for (const [, inner = ''] of withoutTexts(statement).matchAll(/\(\s*(SELECT (?:[^()]|\([^()]*\))*)\)/gi)) {
    if (/ORDER BY/i.test(inner) && !/\bOFFSET\b|\bTOP\b|OVER\s*\(/i.test(inner)) return true;
  }
  return false;
}

/** What must not stand in a statement for SQL Server; the texts are the reasons. */
export const RULES: Readonly<Record<string, Rule>> = {
  'a cascade; two paths of it to one table are refused': has(/\bON (DELETE|UPDATE) (CASCADE|SET NULL)\b/i),
  'more than 1,000 rows in VALUES': (statement) => valueRows(statement) > 1_000,
  'a filtered index whose predicate is more than comparisons, IN, IS NULL and AND': isBadPredicate,
  'OUTPUT without INTO, refused on tables with triggers': has(/\bOUTPUT\s+(INSERTED|DELETED)\b(?![\s\S]*\bINTO\s+@)/i),
  LIMIT: has(/\bLIMIT\s+(\d|@)/i),
  'OFFSET without ORDER BY': (statement) =>
    has(/\bSELECT\b.*\bOFFSET\b/is)(statement) && !has(/\bORDER BY\b/i)(statement),
  'ORDER BY inside a subquery without a limit': isSortedInside,
  'NULLS FIRST or LAST': has(/\bNULLS (FIRST|LAST)\b/i),
  'a cast by ::': has(/::/),
  'text joined by ||': has(/\|\|/),
  'ILIKE or SIMILAR TO': has(/\b(ILIKE|SIMILAR TO)\b/i),
  RETURNING: has(/\bRETURNING\b/i),
  'ON CONFLICT': has(/\bON CONFLICT\b/i),
  'FOR UPDATE or FOR SHARE': has(/\bFOR (UPDATE|SHARE)\b/i),
  'a join by USING': has(/\bJOIN\b[^()]*\bUSING\s*\(/i),
  'FILTER behind an aggregate': has(/\)\s*FILTER\s*\(/i),
  'DISTINCT ON': has(/\bDISTINCT ON\b/i),
  'TRUE or FALSE as a value': has(/(=|<>|THEN|ELSE|SET|,)\s*(TRUE|FALSE)\b/i),
  'a condition as a value': has(/\bWHERE\s+(NOT\s+)?"?\w+\b"?\s*(\b(AND|OR)\b|$)/i),
  'a function or type of PostgreSQL': has(
    /\b(NOW|date_trunc|clock_timestamp|string_agg|array_agg|to_char|greatest|least)\s*\(|\binterval\s*'|\bAS (text|boolean|numeric\s*\)|jsonb?|bytea|timestamptz)\b|\b(bool|jsonb|bytea|timestamptz|serial)\b/i,
  ),
  'IS [NOT] DISTINCT FROM, which came with SQL Server 2022': has(/\bIS (NOT )?DISTINCT FROM\b/i),
  'MERGE without a semicolon at its end': (statement) => has(/^\s*MERGE\b/i)(statement) && !/;\s*$/.test(statement),
  'information_schema in small letters, unknown under a case-sensitive collation': has(/\binformation_schema\b/),
};

/** The rules that a statement breaks. */
export const refusalsOf = (statements: readonly string[]): Refusal[] =>
  statements.flatMap((statement) =>
    Object.entries(RULES)
      .filter(([, isBroken]) => isBroken(statement))
      .map(([rule]) => ({ rule, statement: statement.slice(0, 400) })),
  );

/** Indexes and keys over columns that SQL Server cannot index: documents and binary data are `max` types there. */
export const unindexable = (tables: readonly TableDefinition[]): string[] =>
  tables.flatMap((table) =>
    [table.primaryKey, ...table.indexes.map(({ columns }) => columns)]
      .flat()
      .filter((name) => ['json', 'blob'].includes(table.columns[name]?.kind ?? ''))
      .map((name) => `${table.name}.${name}`),
  );
