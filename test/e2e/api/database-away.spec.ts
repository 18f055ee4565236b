import { ALL_TABLES, runHistoryTable } from '@powerfill/core/entities';
import { createDataSource, createDialect, parseConnectionUrl } from '@powerfill/database';
import { migrateTenant } from '@powerfill/migrations';
import { readEnvironment } from '@powerfill/platform';
import { TenantCatalogue } from '@powerfill/tenancy';
import { startApi, type RunningApi } from '../../../apps/api/src/bootstrap/start-api';
import { tcpProxy, type TcpProxy } from '../../../scripts/chaos/tcp-proxy';
import { freshDatabase, redisUrl, uniqueName, type TestDatabase } from '../../support/servers';
import { waitFor } from '../../support/wait-for';
import { callApi, type Answer, type CallInit } from './running-api';

const BOUND_MS = 1_500;

describe("the API while a tenant's database hangs", () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let api: RunningApi;

  beforeAll(async () => {
    database = await freshDatabase();
    const settings = { ...parseConnectionUrl(database.url), schema: 'powerfill' };
    await migrateTenant({ database: settings, upstream: 'managed' });
    proxy = await tcpProxy(settings.connection.host, settings.connection.port);
    const through = new URL(database.url);
    through.hostname = '127.0.0.1';
    through.port = String(proxy.port);
    const alpha = {
      tenant_id: 'alpha-identity',
      connection: through.href,
      schema: 'powerfill',
      upstream: 'managed',
      time_zone: 'America/New_York',
    };
    const environment = readEnvironment({
      PORT: '0',
      REDIS_URL: redisUrl(),
      QUEUE_PREFIX: uniqueName('api'),
      LOG_LEVEL: 'fatal',
      SWEEP_MS: '3600000',
      DATABASE_ANSWER_MS: String(BOUND_MS),
    });
    api = await startApi(environment, TenantCatalogue.parse(JSON.stringify({ alpha })));
  });
  afterAll(async () => {
    proxy.mend();
    await api.close(1_000);
    await proxy.close();
    await database.drop();
  });
  afterEach(async () => {
    proxy.mend();
    await waitFor('the database to be back', async () => (await call('/api/powerfill/runs')).status === 200);
  });

  const call = (path: string, init: CallInit = {}): Promise<Answer> => callApi(api.url, path, init);

  it.each([
    ['a list', '/api/powerfill/runs', {}],
    ['a submission', '/api/powerfill/run', { body: {} }],
    ['a cancel', '/api/powerfill/runs/00000000-0000-4000-8000-000000000000/cancel', { method: 'POST' }],
    ['a report', '/api/powerfill/runs/latest/guide', {}],
    ['a report as a file', '/api/powerfill/runs/latest/pool-candidates?format=csv', {}],
    ['a change of the configuration', '/api/powerfill/lockdown/P1', { method: 'PUT', body: { lock_pool: 'Y' } }],
  ] satisfies [string, string, CallInit][])('answers %s 503 within its bound', async (_, path, init) => {
    expect((await call('/api/powerfill/runs')).status).toBe(200);
    proxy.freeze();
    const startedAt = performance.now();
    const answer = await call(path, init);
    expect([answer.status, answer.json['code']]).toEqual([503, 'database_unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(performance.now() - startedAt).toBeLessThan(BOUND_MS + 1_000);
  });

  it('takes the next submission as if nothing had been, and holds one run at most', async () => {
    const answer = await call('/api/powerfill/run', { body: {} });
    expect([202, 409]).toContain(answer.status);
    const settings = { ...parseConnectionUrl(database.url), schema: 'powerfill' };
    const dataSource = await createDataSource({ settings, tables: ALL_TABLES }).initialize();
    try {
      expect(await createDialect(settings).readRows(dataSource, runHistoryTable)).toHaveLength(1);
    } finally {
      await dataSource.destroy();
    }
  });
});
