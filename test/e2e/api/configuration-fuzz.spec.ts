import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  ALL_TABLES,
  changeLogTable,
  instrumentTable,
  loanTable,
  poolTable,
  runHistoryTable,
  runInputTable,
  securitizationRuleTable,
  tradeTable,
} from '@powerfill/core/entities';
import { runningApi, type TestApi } from './running-api';
import { instrumentRow, loanRow, ruleRow, tradeRow } from './stored-upstream';

interface Operation {
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

/** An operation of the configuration, as openapi.json lists it. */
interface Route {
  readonly method: string;
  readonly path: string;
  readonly queries: readonly string[];
  readonly hasVersion: boolean;
  readonly hasBody: boolean;
}

const TAGS = ['Configuration', 'Schedules', 'Before a run'];
const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
/** Every operation of the configuration; those that remove come last, when the others have had something to work on. */
const ROUTES: readonly Route[] = Object.entries(paths)
  .flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { tags }]) => TAGS.includes(tags[0] ?? '') || path.includes('/import-profiles'))
      .map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        queries: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        hasVersion: parameters.some(({ name }) => name === 'If-Match'),
        hasBody: requestBody !== undefined,
      })),
  )
  .sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
const nameOf = ({ method, path }: Route): string => `${method} ${path.replace('/api/powerfill/', '')}`;

const constraint = (name: string) => ({
  investor_id: 'FNMA',
  investor_instrument_name: 'UMBS30',
  constraint_name: name,
});
const terms = { constraint_priority: 7, lo_limit: '85000.00', trade_condition: "settlement_month = '2026-12'" };
const schedule = { name: 'Morning run', cron: '30 7 * * 1-5', time_zone: 'America/New_York', options: { seed: 2 } };
const runOptions = { as_of_date: '2026-11-23', seed: 3, loan_ids: ['L1'], reservation_price: '99.5' };

/** A body of each route that is good but for what the test does to it. */
const GOOD: Readonly<Record<string, object>> = {
  'POST constraints': { ...constraint('C'), ...terms },
  'POST constraints/reprioritize': {
    collection_token: 'a'.repeat(64),
    order: [
      { ...constraint('A'), constraint_priority: 2 },
      { ...constraint('B'), constraint_priority: 1 },
    ],
  },
  'PUT constraints/{investor_id}/{investor_instrument_name}/{constraint_name}': terms,
  'POST constraints/{investor_id}/{investor_instrument_name}/{constraint_name}/sec-rules': { rule_name: 'hb' },
  'POST rules/check': { kind: 'loan', condition_text: "fico >= 700 and property_state <> 'NY'" },
  'POST carry-cost/preview': {
    investor_instrument_name: 'UMBS30',
    note_rate: '6.125',
    days: [10, 30],
    buckets: [{ on_day: 0, to_day: 30, annual_rate: '6.1' }],
  },
  'PUT carry-cost/{instrument}/{on_day}': { to_day: 30, annual_rate: '6.24' },
  'POST lockdown/bulk': {
    items: [
      { pool_name: 'P1', trade_id: 'T1', lock_pool: 'Y' },
      { pool_name: 'P2', trade_id: 'T2', lock_pool: 'O' },
    ],
  },
  'PUT lockdown/{pool_name}': { lock_pool: 'N', trade_id: 'T2' },
  'PUT settings/preflight': { pair_off_horizon_days: 45, room_min_percent: '60.5', room_max_percent: null },
  'PUT import-profiles/{table}/{profile_name}': {
    columns: { 'Loan #': 'loan_id', Branch: null },
    values: { occupancy: { 'Primary Residence': 'primary' } },
    constants: { agency_type: 'conventional' },
    ignore_unknown: true,
    decimal_mark: '.',
  },
  'POST schedules': schedule,
  'PUT schedules/{schedule_id}': { ...schedule, paused: true },
  'POST preflight': runOptions,
  'POST preprocess': runOptions,
  'POST candidates/preview': runOptions,
};
/** A good value of each part of an address. */
const PARTS: Readonly<Record<string, string>> = {
  investor_id: 'FNMA',
  investor_instrument_name: 'UMBS30',
  constraint_name: 'A',
  rule_name: 'no_mh',
  instrument: 'UMBS30',
  on_day: '0',
  pool_name: 'P1',
  table: 'loan',
  profile_name: 'tape',
};

/** Values no field of the configuration takes, or takes only by chance in the right place. */
const strange = fc.oneof(
  fc.constantFrom(null, true, false, '', ' ', '\u0000', '\ud800', '*', 'NaN', '1e9', "'; DROP TABLE loan --", '../..'),
  fc.constantFrom(-1, 0.5, 1e300, Number.MAX_SAFE_INTEGER, '999999999999999999', '1.23456789012', 'x'.repeat(5_000)),
  fc.string({ maxLength: 30 }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), fc.integer(), { maxKeys: 3 }),
);
const part = fc.oneof(
  fc.constantFrom('%00', '%FF', '..;', '%20', '*', 'x'.repeat(300)),
  fc.string({ minLength: 1, maxLength: 70 }).map(encodeURIComponent),
);

type Path = readonly (string | number)[];

/** The places of a value, itself among them. */
const placesOf = (value: unknown, at: Path = []): Path[] =>
  typeof value !== 'object' || value === null
    ? [at]
    : [at, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...at, key]))];

/** The value with another one at a place; without it where the other is undefined. */
function changed(value: unknown, [first, ...rest]: Path, other: unknown): unknown {
  if (first === undefined) return other;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  const inner = changed(copy[first], rest, other);
  if (inner === undefined) delete copy[first];
  else copy[first] = inner;
  return copy;
}

/** A good body as it is, or with one place of it strange, missing or more than there should be. */
const bodyOf = (good: object): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...placesOf(good)), fc.oneof({ weight: 3, arbitrary: strange }, fc.constant(undefined)))
    .chain(([place, other]) =>
      fc.constantFrom(
        changed(good, place, other),
        changed(good, place, other),
        { ...good, colour: other ?? 'red' },
        good,
      ),
    );

interface Request {
  readonly path: string;
  readonly init: { readonly method: string; readonly body?: unknown; readonly headers: Record<string, string | null> };
}

const requestOf = (route: Route, scheduleId: string): fc.Arbitrary<Request> => {
  const parts: Readonly<Record<string, string>> = { ...PARTS, schedule_id: scheduleId };
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const good = GOOD[nameOf(route)];
  return fc
    .record({
      body: good === undefined ? fc.constant(undefined) : bodyOf(good),
      version: route.hasVersion
        ? fc.constantFrom('"1"', '"1"', '"2"', null, '1', '*', '"99999999999"')
        : fc.constant(null),
      address: fc.record(
        Object.fromEntries(
          names.map((name) => [
            name,
            fc.oneof({ weight: 4, arbitrary: fc.constant(encodeURIComponent(parts[name] ?? '')) }, part),
          ]),
        ),
      ),
      query: fc.array(fc.tuple(fc.constantFrom(...route.queries, 'colour'), part), { maxLength: 2 }),
    })
    .map(({ body, version, address, query }) => ({
      path:
        route.path.replace(/\{(\w+)\}/g, (_, name: string) => address[name] ?? '') +
        (query.length === 0 || route.hasBody ? '' : `?${query.map((pair) => pair.join('=')).join('&')}`),
      init: {
        method: route.method,
        headers: { 'If-Match': version },
        ...(good === undefined ? {} : { body: JSON.stringify(body) ?? '' }),
      },
    }));
};

/** What the configuration's routes may write, the log apart. */
const WRITTEN = ALL_TABLES.filter(
  (table) =>
    ['configuration', 'prepared', 'audit'].includes(table.group) &&
    ![changeLogTable.name, runHistoryTable.name, runInputTable.name].includes(table.name),
);
const RUNS_PER_ROUTE = Number(process.env['POWERFILL_FUZZ_RUNS'] ?? 8);

describe('strange input to the configuration', () => {
  let test: TestApi;
  let scheduleId = '';
  const seen = { refused: 0, taken: 0, stored: 0 };

  beforeAll(async () => {
    test = await runningApi();
    const { dialect, dataSource } = test.alpha;
    await dialect.insertRows(dataSource, instrumentTable, [instrumentRow('UMBS30', 'umbs30')]);
    await dialect.insertRows(dataSource, tradeTable, [tradeRow('T1', {}), tradeRow('T2', {})]);
    const pool = { investor_instrument_name: 'UMBS30', coupon: null, status: 'open' };
    await dialect.insertRows(dataSource, poolTable, [
      { ...pool, pool_name: 'P1' },
      { ...pool, pool_name: 'P2' },
    ]);
    await dialect.insertRows(dataSource, loanTable, [loanRow('L1', {}), loanRow('L2', {})]);
    await dialect.insertRows(dataSource, securitizationRuleTable, [
      ruleRow('no_mh', { condition_text: "property_type <> 'mh'" }),
      ruleRow('hb', { condition_text: "high_balance_indicator = 'N'" }),
    ]);
    const put = async (path: string, body: object, method = 'PUT') =>
      test.call(`/api/powerfill/${path}`, { method, body });
    for (const name of ['A', 'B']) await put('constraints', { ...constraint(name), constraint_priority: 1 }, 'POST');
    await put('constraints/FNMA/UMBS30/B/sec-rules', { rule_name: 'no_mh' }, 'POST');
    await put('carry-cost/UMBS30/0', { to_day: 10, annual_rate: 6 });
    await put('lockdown/P1', { lock_pool: 'Y', trade_id: 'T1' });
    scheduleId = String((await put('schedules', schedule, 'POST')).json['schedule_id']);
  });
  afterAll(() => test.close());

  /** What is stored, and the number of lines in the log. */
  async function stored(): Promise<{ digest: string; changes: number }> {
    const { dialect, dataSource } = test.alpha;
    const hash = createHash('sha256');
    for (const table of WRITTEN) {
      hash.update(
        JSON.stringify([table.name, await dialect.readRows(dataSource, table, { orderBy: table.primaryKey })]),
      );
    }
    const log = await dialect.readRows(dataSource, changeLogTable, { columns: ['change_id'] });
    return { digest: hash.digest('hex'), changes: log.length };
  }

  it('goes to every route, with a body that is good but for what the test does to it', () => {
    expect(ROUTES.length).toBeGreaterThan(30);
    expect(
      ROUTES.filter(({ hasBody }) => hasBody)
        .map(nameOf)
        .sort(),
    ).toEqual(Object.keys(GOOD).sort());
  });

  it.each(ROUTES.map((route) => [nameOf(route), route] as const))(
    '%s answers it with a problem that says what and where, stores all or nothing, and never fails',
    async (_, route) => {
      let before = await stored();
      await fc.assert(
        fc.asyncProperty(requestOf(route, scheduleId), async ({ path, init }) => {
          const answer = await test.call(path, init);
          const after = await stored();
          if (answer.status >= 400) {
            seen.refused += 1;
            expect(answer.status).toBeLessThan(500);
            expect(answer.headers.get('content-type')).toContain('application/problem+json');
            expect(String(answer.json['detail'])).not.toBe('');
            expect(after).toEqual(before);
          } else {
            seen.taken += 1;
            if (route.method === 'GET') expect(after).toEqual(before);
            // By chance it was good: then it is stored and logged as a whole.
            if (after.digest !== before.digest) {
              seen.stored += 1;
              expect(after.changes).toBeGreaterThan(before.changes);
            }
          }
          before = after;
        }),
        { numRuns: RUNS_PER_ROUTE, endOnFailure: true },
      );
    },
  );

  it('was 200 requests and more, of which some were good by chance', () => {
    expect(seen.refused + seen.taken).toBeGreaterThanOrEqual(200);
    expect(seen.refused).toBeGreaterThan(seen.taken / 4);
    expect(seen.stored).toBeGreaterThan(5);
  });
});
