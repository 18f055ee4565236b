import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineTable, int, json } from '@powerfill/database';
import { ALL_TABLES } from '@powerfill/core/entities';
import { refusalsOf, RULES, unindexable } from './refusals';
import { REPORT_STATEMENTS } from './report-statements';
import { ddl } from './schema-statements';

/** One statement for each rule that breaks it, so that a rule that finds nothing would be seen. */
const BROKEN: Readonly<Record<keyof typeof RULES, string>> = {
  'a cascade; two paths of it to one table are refused':
    'ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE CASCADE',
  'more than 1,000 rows in VALUES': `INSERT INTO a VALUES ${Array.from({ length: 1_001 }, () => '(1)').join(', ')}`,
  'a filtered index whose predicate is more than comparisons, IN, IS NULL and AND':
    'CREATE UNIQUE INDEX i ON t (a) WHERE b = 1 AND LEN(c) > 2',
  'OUTPUT without INTO, refused on tables with triggers': 'UPDATE t SET a = 1 OUTPUT inserted.a WHERE b = 2',
  LIMIT: 'SELECT a FROM t ORDER BY a LIMIT 5',
  'OFFSET without ORDER BY': 'SELECT a FROM t OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY',
  'ORDER BY inside a subquery without a limit': 'SELECT a FROM (SELECT a FROM t ORDER BY a) AS x',
  'NULLS FIRST or LAST': 'SELECT a FROM t ORDER BY a NULLS LAST',
  'a cast by ::': 'SELECT a::int FROM t',
  'text joined by ||': "SELECT a || 'x' FROM t",
  'ILIKE or SIMILAR TO': "SELECT a FROM t WHERE a ILIKE 'x'",
  RETURNING: 'DELETE FROM t RETURNING a',
  'ON CONFLICT': 'INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING',
  'FOR UPDATE or FOR SHARE': 'SELECT a FROM t FOR UPDATE',
  'a join by USING': 'SELECT a FROM t JOIN u USING (a)',
  'FILTER behind an aggregate': 'SELECT COUNT(*) FILTER (WHERE a = 1) FROM t',
  'DISTINCT ON': 'SELECT DISTINCT ON (a) a FROM t',
  'TRUE or FALSE as a value': 'SELECT a FROM t WHERE b = TRUE',
  'a condition as a value': 'SELECT a FROM t WHERE is_locked',
  'a function or type of PostgreSQL': 'SELECT CAST(a AS text) FROM t',
  'IS [NOT] DISTINCT FROM, which came with SQL Server 2022': 'SELECT a FROM t WHERE a IS DISTINCT FROM b',
  'MERGE without a semicolon at its end': 'MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE',
  'information_schema in small letters, unknown under a case-sensitive collation':
    'SELECT 1 FROM information_schema.tables',
};

describe('what SQL Server refuses', () => {
  it.each(Object.entries(BROKEN))('is found: %s', (rule, statement) => {
    expect(refusalsOf([statement]).map((refusal) => refusal.rule)).toContain(rule);
  });

  it.each(['b = 1 OR c = 2', "b LIKE 'x%'", 'b NOT IN (1, 2)', "UPPER(b) = 'X'", 'b BETWEEN 1 AND 2'])(
    'is found in the predicate of a filtered index: %s',
    (predicate) => {
      expect(refusalsOf([`CREATE INDEX i ON t (a) WHERE ${predicate}`])).toHaveLength(1);
    },
  );

  it('is not in the schema, and nothing is indexed that cannot be', async () => {
    expect(refusalsOf([...(await ddl('managed')), ...(await ddl('external'))])).toEqual([]);
    expect(unindexable(ALL_TABLES)).toEqual([]);
    const document = defineTable('t', 'audit', { columns: { a: int(), d: json() }, primaryKey: ['a', 'd'] });
    expect(unindexable([document])).toEqual(['t.d']);
  });

  it('is not in the statements of the reports', async () => {
    const statements = await Promise.all(Object.values(REPORT_STATEMENTS).map((recorded) => recorded()));
    const all = statements.flat();
    expect(all.length).toBeGreaterThan(15);
    expect(refusalsOf(all.map(({ text }) => text))).toEqual([]);
    // The protocol allows 2,100.
    expect(Math.max(...all.map(({ parameters }) => parameters.length))).toBeLessThan(200);
  });

  it('is in no statement of the code that both databases share', () => {
    const statements = sourceFiles().flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\b(?:sql|raw\()`([^`]+)`/g)].map(([, text = '']) =>
        text.replaceAll(/\$\{[^}]*\}/g, '@0'),
      ),
    );
    expect(statements.length).toBeGreaterThan(100);
    expect(refusalsOf(statements)).toEqual([]);
  });
});

/** The sources that may send a statement to either database; what is PostgreSQL's alone says so in its name. */
function sourceFiles(): string[] {
  const root = resolve(__dirname, '../../..');
  // Asks PostgreSQL only, after it has looked at the driver.
  const ofOneDatabase = /postgres|copy-text|connection-budget/;
  return ['libs', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !ofOneDatabase.test(name))
      .map((name) => join(root, folder, name)),
  );
}
