import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { ALL_TABLES } from '@powerfill/core/entities';
import { runningApi, type TestApi } from './running-api';

const BASE = '/api/powerfill';

/** Values no field of the configuration takes, or takes only by chance in the right place. */
const strange = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    '',
    ' ',
    '\u0000',
    '*',
    'NaN',
    '1e9',
    "'; DROP TABLE loan --",
    '../..',
    '__proto__',
  ),
  fc.constantFrom(-1, 0.5, 1e300, Number.MAX_SAFE_INTEGER, '999999999999999999', '1.23456789012'),
  fc.string({ maxLength: 30 }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), fc.integer(), { maxKeys: 3 }),
);
const FIELDS = [
  'investor_id',
  'investor_instrument_name',
  'constraint_name',
  'constraint_priority',
  'lo_limit',
  'hi_limit',
  'trade_condition',
  'collection_token',
  'order',
  'rule_name',
  'kind',
  'condition_text',
  'limit_value',
  'to_day',
  'annual_rate',
  'note_rate',
  'days',
  'buckets',
  'trade_id',
  'items',
  'pair_off_horizon_days',
];
const body = fc.oneof(fc.dictionary(fc.constantFrom(...FIELDS), strange, { maxKeys: 6 }), strange);
const part = fc.oneof(
  fc.constantFrom('FNMA', 'UMBS30', 'A', '*', '0', '%00', '..;', ' '),
  fc.string({ maxLength: 70 }),
);
const version = fc.constantFrom(null, '"1"', '1', '"x"', '*', '"99999999999"');

/** Every configuration route that takes a body, with strange parts in its address. */
const route = fc.oneof(
  fc.constantFrom(
    ['POST', 'constraints'],
    ['POST', 'constraints/reprioritize'],
    ['POST', 'rules/check'],
    ['POST', 'carry-cost/preview'],
    ['POST', 'lockdown/bulk'],
    ['PUT', 'settings/preflight'],
  ),
  fc.tuple(part, part, part).map((parts) => ['PUT', `constraints/${parts.map(encodeURIComponent).join('/')}`]),
  fc
    .tuple(part, part, part)
    .map((parts) => ['POST', `constraints/${parts.map(encodeURIComponent).join('/')}/sec-rules`]),
  fc.tuple(part, part).map((parts) => ['PUT', `carry-cost/${parts.map(encodeURIComponent).join('/')}`]),
  part.map((name) => ['PUT', `lockdown/${encodeURIComponent(name)}`]),
);

describe('strange input to the configuration', () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi();
  });
  afterAll(() => test.close());

  /** What is stored, the log apart, and the number of lines in the log. */
  async function stored(): Promise<{ digest: string; changes: number }> {
    const { dialect, dataSource } = test.alpha;
    const hash = createHash('sha256');
    let changes = 0;
    for (const table of ALL_TABLES.filter(
      ({ group, name }) => group === 'configuration' || name === 'pfill_change_log',
    )) {
      const rows = await dialect.readRows(dataSource, table, { orderBy: table.primaryKey });
      if (table.name === 'pfill_change_log') changes = rows.length;
      else hash.update(JSON.stringify([table.name, rows]));
    }
    return { digest: hash.digest('hex'), changes };
  }

  it('is answered with a problem that says what and where, stores nothing, and never fails the service', async () => {
    let before = await stored();
    await fc.assert(
      fc.asyncProperty(route, body, version, async ([method = '', path = ''], content, tag) => {
        const answer = await test.call(`${BASE}/${path}`, {
          method,
          body: JSON.stringify(content),
          headers: { 'If-Match': tag },
        });
        const after = await stored();
        if (answer.status >= 400) {
          expect(answer.status).toBeLessThan(500);
          expect(answer.headers.get('content-type')).toContain('application/problem+json');
          expect(String(answer.json['detail'])).not.toBe('');
          expect(after).toEqual(before);
        } else if (after.digest !== before.digest) {
          // By chance it was good: then it is stored and logged as a whole.
          expect(after.changes).toBeGreaterThan(before.changes);
        }
        before = after;
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });
});
