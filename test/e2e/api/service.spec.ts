import { readFileSync } from 'node:fs';
import { SCHEMA_VERSION } from '@powerfill/migrations';
import { runningApi, type TestApi } from './running-api';

describe('the API process', () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi();
  });
  afterAll(() => test.close());

  it('is alive and, with Redis and a database, ready', async () => {
    expect((await test.call('/health/live')).status).toBe(200);
    const ready = await test.call('/health/ready');
    expect(ready.json).toEqual({
      status: 'ok',
      checks: { redis: 'ok', database: 'ok', process: 'ok' },
      workers: 0,
    });
  });

  it('names its build without asking for a tenant', async () => {
    const status = await test.call('/api/powerfill/status', { headers: { 'X-Tenant-Id': null } });
    expect(status.json).toMatchObject({ module: 'powerfill', schema_version: SCHEMA_VERSION });
  });

  it('exposes metrics of the queue and the process', async () => {
    const metrics = await test.call('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(metrics.text).toContain('powerfill_queue_depth{state="wait"} 0');
    expect(metrics.text).toContain('process_cpu_seconds_total');
  });

  it('serves its documentation, with every route and the problem document', async () => {
    const page = await test.call('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const checkedIn = JSON.parse(readFileSync('openapi.json', 'utf8')) as object;
    expect((await test.call('/docs-json')).json).toEqual(checkedIn);
  });

  it('shows the queue read-only', async () => {
    const board = await test.call('/admin/queues');
    expect(board.status).toBe(200);
    const queues = await test.call('/admin/queues/api/queues');
    expect(queues.json['queues']).toMatchObject([{ name: 'powerfill-runs', readOnlyMode: true }]);
    const emptied = await test.call('/admin/queues/api/queues/powerfill-runs/pause', { method: 'PUT' });
    expect(emptied.status).toBe(405);
  });

  it('lets nothing be loaded into an API answer', async () => {
    const answer = await test.call('/api/powerfill/status');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });
});
