import { ALL_TABLES, runHistoryTable } from '@powerfill/core/entities';
import { sql } from '@powerfill/database';
import { SCHEMA_VERSION } from '@powerfill/migrations';
import { runningApi, type CallInit, type TestApi } from './running-api';

const RUN = '/api/powerfill/run';
const RUNS = '/api/powerfill/runs';
const IMPORT = '/api/powerfill/imports/pscat_loan_stages';
const CHANGES = '/api/powerfill/change-log';
const PROFILES = '/api/powerfill/import-profiles';
const SETTINGS = '/api/powerfill/settings/preflight';
const unknownRun = '00000000-0000-4000-8000-000000000000';

/** A request that is wrong, the status and code it must get, and words that name the fault. */
interface Malformed {
  readonly what: string;
  readonly path: string;
  readonly init?: CallInit;
  readonly status: number;
  readonly code: string;
  readonly names: RegExp;
}

const option = (what: string, body: unknown, names: RegExp): Malformed => ({
  what,
  path: RUN,
  init: { body },
  status: 400,
  code: 'invalid_options',
  names,
});
const body = (what: string, text: string | Uint8Array, code: string, status: number, names: RegExp): Malformed => ({
  what,
  path: RUN,
  init: { body: text },
  status,
  code,
  names,
});
const header = (what: string, headers: Record<string, string | null>, code: string, names: RegExp): Malformed => ({
  what,
  path: RUN,
  init: { body: {}, headers },
  status: code === 'tenant_unknown' ? 404 : 400,
  code,
  names,
});
const get = (what: string, path: string, code: string, status: number, names: RegExp): Malformed => ({
  what,
  path,
  status,
  code,
  names,
});
const csv = (what: string, content: string | Uint8Array, names: RegExp): Malformed => ({
  what,
  path: IMPORT,
  init: { body: content, headers: { 'Content-Type': 'text/csv' } },
  status: 422,
  code: 'invalid_import',
  names,
});

const TRADES = '/api/powerfill/imports/pscat_trades';
/** A header and one trade, well but for what is given. */
function tradeLine(given: Readonly<Record<string, string>>): string {
  const trade = {
    trade_id: 'T1',
    trade_type: 'mbs',
    delivery_type: 'tba',
    investor_id: 'I',
    investor_instrument_name: 'UMBS30',
    trade_amount: '1000000.00',
    settlement_date: '2026-12-14',
    status: 'open',
    ...given,
  };
  return `${Object.keys(trade).join(',')}\n${Object.values(trade).join(',')}\n`;
}

/** Breaks off within a character. */
const utf16 = Buffer.from('\ufeffstage,seq\nApproved,3\n', 'utf16le').subarray(0, -1);

const MALFORMED: readonly Malformed[] = [
  option('an unknown option', { effot: 'deep' }, /effot/),
  option('an option of the wrong type', { seed: 'one' }, /seed must be a whole number/),
  option('a number where a list is due', { loan_ids: 7 }, /loan_ids must be a list/),
  option('a negative price floor', { bx_price_floor: -1 }, /bx_price_floor must be from 0 to 999/),
  option('too many decimals', { bx_price_floor: '99.123456789' }, /bx_price_floor must have at most 8 decimals/),
  option('a price floor with an exponent', { bx_price_floor: '1e2' }, /bx_price_floor must be a decimal number/),
  option('a date that does not exist', { as_of_date: '2026-02-30' }, /as_of_date must be a date that exists/),
  option('a date in another form', { as_of_date: '11/23/2026' }, /as_of_date must be a date YYYY-MM-DD/),
  option('a date far away', { as_of_date: '9026-11-23' }, /as_of_date must be a date YYYY-MM-DD/),
  option('a value out of its list', { allocation_mode: 'greedy' }, /allocation_mode must be one of priority, global/),
  option('a null that means nothing', { effort: null }, /effort must be one of/),
  option('a fraction of a day', { max_eligible_days: 1.5 }, /max_eligible_days must be a whole number/),
  option('a word as reservation price', { reservation_price: 'free' }, /reservation_price must be .* or "market"/),
  option('a switch cost over the whole loan', { switch_cost_bp: 10_001 }, /switch_cost_bp must be from 0 to 10000/),
  option('a seed out of range', { seed: 4_294_967_296 }, /seed must be a whole number from 0 to 4294967295/),
  option('no ids at all', { loan_ids: [] }, /loan_ids must be a list of 1 to/),
  option('an id twice', { trade_ids: ['T1', 'T2', 'T1'] }, /trade_ids names "T1" twice, the second time at \[2\]/),
  option('an id with a NUL', { loan_ids: ['L1', 'L\u00002'] }, /loan_ids has an entry at \[1\]/),
  option('an id too long', { exclude_loan_ids: ['L'.repeat(31)] }, /exclude_loan_ids has an entry at \[0\]/),
  body('a polluted prototype', '{"__proto__": {"seed": 2}}', 'invalid_options', 400, /__proto__/),
  body('a list as body', '[1]', 'invalid_options', 400, /body must be a JSON object/),
  body('a text as body', '"deep"', 'invalid_options', 400, /body must be a JSON object/),
  body('null as body', 'null', 'invalid_options', 400, /body must be a JSON object/),
  body('broken JSON', '{"seed": 1,}', 'invalid_json', 400, /line 1, column 12/),
  body('JSON that ends early', '{"seed":\n 1', 'invalid_json', 400, /line 2, column 3/),
  body('a body of 10 MB', `{"min_status": "${'x'.repeat(10_000_000)}"}`, 'payload_too_large', 413, /1048576 bytes/),
  {
    ...body('a form as body', 'seed=1', 'unsupported_media_type', 415, /application\/json/),
    init: { body: 'seed=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
  },
  body('JSON in UTF-16', Buffer.from('{"seed": 1}', 'utf16le'), 'invalid_json', 400, /UTF-16|line 1/),
  body('bytes that are no text', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22]), 'invalid_json', 400, /UTF-8|line 1/),
  body('a list in a list, 100,000 deep', '['.repeat(100_000), 'invalid_json', 400, /line 1/),
  body('a number no machine holds', '{"seed": 1e999}', 'invalid_options', 400, /seed must be a whole number/),
  {
    ...body('a compressed body that is not', '{"seed": 1}', 'invalid_request', 400, /Content-Encoding/),
    init: { body: '{"seed": 1}', headers: { 'Content-Encoding': 'gzip' } },
  },
  header('no tenant', { 'X-Tenant-Id': null }, 'tenant_required', /X-Tenant-Id/),
  header('an unknown tenant', { 'X-Tenant-Id': 'nobody' }, 'tenant_unknown', /X-Tenant-Id/),
  header(
    "a tenant's identity instead of its key",
    { 'X-Tenant-Id': 'alpha-identity' },
    'tenant_unknown',
    /X-Tenant-Id/,
  ),
  header('a key too long', { 'Idempotency-Key': 'k'.repeat(201) }, 'invalid_request', /Idempotency-Key/),
  header('a key with a blank', { 'Idempotency-Key': 'a b' }, 'invalid_request', /Idempotency-Key/),
  header('a caller with no name', { 'X-Subject': 's'.repeat(101) }, 'invalid_request', /X-Subject/),
  get('an id that is no UUID', `${RUNS}/12`, 'invalid_request', 400, /run_id in the address must be a UUID/),
  get('an id with an attack in it', `${RUNS}/1'%20OR%201=1`, 'invalid_request', 400, /run_id/),
  get('an address not properly encoded', `${RUNS}/%zz`, 'invalid_request', 400, /encoded|decode/),
  get('an unknown run', `${RUNS}/${unknownRun}`, 'run_not_found', 404, /00000000-0000-4000-8000-000000000000/),
  get('a limit out of range', `${RUNS}?limit=201`, 'invalid_request', 400, /query\.limit must be a whole number/),
  get('a limit given twice', `${RUNS}?limit=1&limit=2`, 'invalid_request', 400, /query\.limit/),
  get('an unknown filter', `${RUNS}?state=Pending`, 'invalid_request', 400, /query\.state is not known/),
  get('an unknown status', `${RUNS}?status=pending`, 'invalid_request', 400, /query\.status must be one of Pending/),
  get('a time that does not exist', `${RUNS}?from=2026-02-30`, 'invalid_request', 400, /query\.from/),
  get('a cursor that is none', `${RUNS}?cursor=abc`, 'invalid_cursor', 400, /query\.cursor/),
  get(
    'a cursor from another list',
    `${RUNS}?cursor=${Buffer.from('[1,"guide:x","L1","L2"]').toString('base64url')}`,
    'invalid_cursor',
    400,
    /not made by this list/,
  ),
  get(
    'a cursor with a position that cannot be',
    `${RUNS}?cursor=${Buffer.from('[1,"runs","yesterday","1"]').toString('base64url')}`,
    'invalid_cursor',
    400,
    /cursor/,
  ),
  get(
    'an id that is none beside one',
    `${RUNS}/latest/compare/x`,
    'invalid_request',
    400,
    /other_id .* must be a UUID/,
  ),
  get(
    'a kind of change there is none of',
    `${CHANGES}?kind=rule`,
    'invalid_request',
    400,
    /query\.kind must be one of/,
  ),
  get('a time without a zone', `${CHANGES}?from=2026-11-23T00:00:00`, 'invalid_request', 400, /query\.from/),
  {
    ...get('a table with a NUL', `${PROFILES}/%00/desk`, 'table_unknown', 404, /no table that can be imported/),
    init: { method: 'DELETE' },
  },
  {
    ...get('a table of 300 characters', `${PROFILES}/${'t'.repeat(300)}/desk`, 'table_unknown', 404, /no table/),
    init: { method: 'DELETE' },
  },
  {
    ...get('a text as settings', SETTINGS, 'invalid_request', 400, /^body must be a JSON object\. \[[^,]*,[^,]*\]$/),
    init: { method: 'PUT', body: '"x"' },
  },
  get('an unknown address', '/api/powerfill/loans', 'route_unknown', 404, /GET \/api\/powerfill\/loans/),
  { ...get('a method that is not there', RUNS, 'method_not_allowed', 405, /DELETE.*GET/), init: { method: 'DELETE' } },
  {
    ...get('a form no report has', `${RUNS}/latest/guide`, 'not_acceptable', 406, /text\/csv/),
    init: { headers: { Accept: 'image/png' } },
  },
  csv('a CSV with a bad line', 'stage,seq\nApproved,3\nDocs Out,four\n', /line 3.*seq/),
  csv('a CSV with a NUL byte', 'stage,seq\nAppr\u0000oved,3\n', /line 2.*NUL/),
  csv('a CSV with a key twice', 'stage,seq\nApproved,3\nApproved,4\n', /line 3/),
  csv('a CSV with a column twice', 'stage,seq,seq\nApproved,3,4\n', /seq/),
  csv('a CSV with a cell too many', 'stage,seq\nApproved,3,4\n', /line 2/),
  csv('a CSV without its key', 'seq\n3\n', /stage/),
  csv(
    'a CSV with bytes that are no text',
    new Uint8Array([...Buffer.from('stage,seq\nAppr'), 0xff, 0x2c, 0x33]),
    /UTF-8/,
  ),
  {
    ...csv(
      'a CSV with a date that does not exist',
      tradeLine({ settlement_date: '2026-02-30' }),
      /line 2.*settlement_date/,
    ),
    path: TRADES,
  },
  { ...csv('a CSV with half a cent', tradeLine({ trade_amount: '1.005' }), /line 2.*trade_amount.*2/), path: TRADES },
  {
    ...csv('an unknown mode of import', 'stage,seq\nApproved,3\n', /query\.mode must be one of all, partial/),
    path: `${IMPORT}?mode=some`,
    status: 400,
    code: 'invalid_request',
  },
  csv('an empty CSV', new Uint8Array(0), /empty/),
  csv('a CSV in UTF-16', utf16, /UTF-16/),
  csv('a CSV with an unknown column', 'stage,rank\nApproved,3\n', /rank/),
  csv('a CSV with an open quote', 'stage,seq\n"Approved,3\n', /line 2/),
  {
    ...csv('a table nobody may load', 'run_id\n1\n', /pfill_run_history/),
    path: '/api/powerfill/imports/pfill_run_history',
    status: 404,
    code: 'table_unknown',
  },
  {
    ...csv('an import that is no CSV', '{}', /text\/csv/),
    init: { body: '{}', headers: { 'Content-Type': 'application/json' } },
    status: 415,
    code: 'unsupported_media_type',
  },
];

let test: TestApi;
beforeAll(async () => {
  test = await runningApi();
});
afterAll(() => test.close());

describe('a malformed request', () => {
  /** Rows of all tables of the tenant. */
  const storedRows = async (): Promise<number> => {
    const { dataSource, dialect } = test.alpha;
    let rows = 0;
    for (const table of ALL_TABLES) {
      const [count] = await dialect.query<{ n: number | string }>(
        dataSource,
        sql`SELECT COUNT(*) AS n FROM ${dialect.table(table)}`,
      );
      rows += Number(count?.n ?? 0);
    }
    return rows;
  };

  it.each(MALFORMED.map((request) => [request.what, request] as const))(
    'with %s is refused with a problem that names it',
    async (_, { path, init, status, code, names }) => {
      const answer = await test.call(path, init);
      expect({ status: answer.status, code: answer.json['code'] }).toEqual({ status, code });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(answer.json).toMatchObject({ type: `urn:powerfill:problem:${code}`, status });
      expect(`${String(answer.json['detail'])} ${JSON.stringify(answer.json['errors'] ?? [])}`).toMatch(names);
      expect(answer.text).not.toMatch(/node_modules|\.ts:|SELECT /);
    },
  );

  it('names every violation with its path, not only the first', async () => {
    const answer = await test.call(RUN, { body: { seed: -1, effort: 'max', color: 'red' } });
    const paths = (answer.json['errors'] as { path: string }[]).map(({ path }) => path);
    expect(paths.sort()).toEqual(['color', 'effort', 'seed']);
  });

  it('begins its problem with what RFC 9457 names, as people read it', async () => {
    const { json } = await test.call(RUN, { body: { seed: -1 } });
    expect(Object.keys(json)).toEqual([
      'type',
      'title',
      'status',
      'detail',
      'instance',
      'code',
      'errors',
      'request_id',
    ]);
  });

  it('says which methods an address knows', async () => {
    const answer = await test.call(RUN, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('stores nothing and leaves the process alive', async () => {
    for (const { path, init } of MALFORMED) await test.call(path, init);
    expect(await storedRows()).toBe(0);
    const { dataSource, dialect } = test.beta;
    expect(await dialect.readRows(dataSource, runHistoryTable)).toEqual([]);
    expect((await test.call('/health/ready')).status).toBe(200);
    expect((await test.call(RUN, { body: {} })).status).toBe(202);
  });
});

describe("a tenant's database that does not fit", () => {
  it('without schema is refused, naming the command that helps', async () => {
    const answer = await test.call(RUN, { body: {}, headers: { 'X-Tenant-Id': 'bare' } });
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({
      code: 'schema_outdated',
      schema_version: null,
      expected_version: SCHEMA_VERSION,
    });
    expect(answer.json['detail']).toContain('npm run migrate -- --tenant bare');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('without server is told within the bound, and the other tenants go on', async () => {
    const startedAt = performance.now();
    const answer = await test.call(RUNS, { headers: { 'X-Tenant-Id': 'gone' } });
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect([answer.status, answer.json['code']]).toEqual([503, 'database_unavailable']);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    expect((await test.call(RUNS)).status).toBe(200);
  });
});
