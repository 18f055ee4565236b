import { loanStageTable } from '@powerfill/core/entities';
import { sql } from '@powerfill/database';
import { waitFor } from '../../support/wait-for';
import { runningApi, type TestApi } from './running-api';

describe('loading data over HTTP', () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi();
  });
  afterAll(() => test.close());
  afterEach(async () => {
    const { dataSource, dialect } = test.alpha;
    await dialect.execute(dataSource, sql`DELETE FROM ${dialect.table(loanStageTable)}`);
  });

  const stages = () => test.alpha.dialect.readRows(test.alpha.dataSource, loanStageTable, { orderBy: ['stage'] });
  const load = (body: string, query = '') =>
    test.call(`/api/powerfill/imports/pscat_loan_stages${query}`, {
      body,
      headers: { 'Content-Type': 'text/csv; charset=utf-8' },
    });

  it('stores the rows, columns in any order, and replaces those it knows', async () => {
    expect((await load('seq,stage\r\n3,Approved\r\n1,In Process\r\n')).json).toMatchObject({
      table: 'pscat_loan_stages',
      rows: 2,
      inserted: 2,
      updated: 0,
      error_count: 0,
    });
    expect((await load('stage,seq\nApproved,4\n')).json).toMatchObject({ inserted: 0, updated: 1 });
    expect(await stages()).toEqual([
      { stage: 'Approved', seq: 4 },
      { stage: 'In Process', seq: 1 },
    ]);
  });

  it('stores nothing of a file with a bad row, and names line and column', async () => {
    const answer = await load('stage,seq\nApproved,3\nDocs Out,four\n');
    expect(answer.status).toBe(422);
    expect(answer.json['errors']).toMatchObject([{ line: 3, column: 'seq', code: 'not_a_number' }]);
    expect(await stages()).toEqual([]);
  });

  it('stores the good rows with mode=partial, and reports the others', async () => {
    const answer = await load('stage,seq\nApproved,3\nDocs Out,four\n', '?mode=partial');
    expect(answer.json).toMatchObject({ mode: 'partial', rows: 2, inserted: 1, rejected: 1, error_count: 1 });
    expect(await stages()).toEqual([{ stage: 'Approved', seq: 3 }]);
  });

  it('refuses more than 100 MB before it is sent', async () => {
    const answer = await fetch(`${test.api.url}/api/powerfill/imports/loan`, {
      method: 'POST',
      headers: { 'X-Tenant-Id': 'alpha', 'Content-Type': 'text/csv' },
      body: Buffer.alloc(100 * 1024 * 1024 + 1, 'x'),
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'payload_too_large', limit_bytes: 104_857_600 });
  });

  it('stores nothing when the caller hangs up', async () => {
    const aborter = new AbortController();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('stage,seq\nApproved,3\n')),
    });
    const upload = fetch(`${test.api.url}/api/powerfill/imports/pscat_loan_stages`, {
      method: 'POST',
      headers: { 'X-Tenant-Id': 'alpha', 'Content-Type': 'text/csv' },
      body,
      duplex: 'half',
      signal: aborter.signal,
    }).catch(() => 'hung up');
    await waitFor('the upload to be taken up', () => test.call('/health/live').then(({ status }) => status === 200));
    aborter.abort();
    expect(await upload).toBe('hung up');
    expect((await test.call('/health/live')).status).toBe(200);
    expect(await stages()).toEqual([]);
  });
});
