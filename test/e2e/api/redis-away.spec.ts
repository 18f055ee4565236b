import { runHistoryTable } from '@powerfill/core/entities';
import { redisUrl } from '../../support/servers';
import { waitFor } from '../../support/wait-for';
import { runningApi, type TestApi } from './running-api';
import { tcpProxy, type TcpProxy } from '../../../scripts/chaos/tcp-proxy';

/** The bound of 2 s and what the rest of a request takes. */
const LONGEST_ANSWER_MS = 2_500;

describe('the API while Redis is away', () => {
  let proxy: TcpProxy;
  let test: TestApi;
  beforeAll(async () => {
    const redis = new URL(redisUrl());
    proxy = await tcpProxy(redis.hostname, Number(redis.port || 6379));
    redis.hostname = '127.0.0.1';
    redis.port = String(proxy.port);
    test = await runningApi({ REDIS_URL: redis.href });
  });
  afterAll(async () => {
    proxy.mend();
    await test.close();
    await proxy.close();
  });
  afterEach(async () => {
    proxy.mend();
    await waitFor('Redis to be back', async () => (await test.call('/health/ready')).status === 200);
  });

  const timed = async <T>(work: () => Promise<T>): Promise<{ answer: T; ms: number }> => {
    const startedAt = performance.now();
    return { answer: await work(), ms: performance.now() - startedAt };
  };
  const submit = () => test.call('/api/powerfill/run', { body: {}, headers: { 'Idempotency-Key': 'again' } });

  it.each(['cut', 'freeze'] as const)(
    '(%s) answers a submission 503 within its bound, and stores nothing',
    async (how) => {
      proxy[how]();
      const { answer, ms } = await timed(submit);
      expect(answer.status).toBe(503);
      expect(answer.json).toMatchObject({ type: 'urn:powerfill:problem:queue_unavailable' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(ms).toBeLessThan(LONGEST_ANSWER_MS);
      const { dataSource, dialect } = test.alpha;
      expect(await dialect.readRows(dataSource, runHistoryTable)).toEqual([]);
    },
  );

  it('goes on reading, and says that it is not ready', async () => {
    proxy.freeze();
    expect((await test.call('/api/powerfill/runs')).status).toBe(200);
    const { answer, ms } = await timed(() => test.call('/health/ready'));
    expect(answer.status).toBe(503);
    expect(answer.json['checks']).toMatchObject({ database: 'ok' });
    expect(ms).toBeLessThan(LONGEST_ANSWER_MS);
    expect((await test.call('/health/live')).status).toBe(200);
    const metrics = await test.call('/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.text).not.toMatch(/^powerfill_queue_depth\{/m);
  });

  it('does not let the queue dashboard hang', async () => {
    const queues = '/admin/queues/api/queues?activeQueue=&page=1&jobsPerPage=10';
    expect((await test.call(queues)).status).toBe(200);
    proxy.freeze();
    const { answer, ms } = await timed(() => test.call(queues));
    expect([answer.status, answer.json['code']]).toEqual([503, 'queue_unavailable']);
    expect(ms).toBeLessThan(LONGEST_ANSWER_MS);
    expect((await test.call('/admin/queues')).status).toBe(200);
  });

  it('cancels all the same, since a cancel is decided in the database; then the key is free again', async () => {
    const accepted = await submit();
    expect(accepted.status).toBe(202);
    proxy.freeze();
    const { answer, ms } = await timed(() =>
      test.call(`${accepted.headers.get('location') ?? ''}/cancel`, { method: 'POST' }),
    );
    expect([answer.status, answer.json['status']]).toEqual([202, 'Cancelled']);
    expect(ms).toBeLessThan(LONGEST_ANSWER_MS);
  });
});
