import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConnectionUrl } from '@powerfill/database';
import { migrateTenant } from '@powerfill/migrations';
import { startNode, waitForUrl, type RunningProcess } from '../../support/processes';
import { freshDatabase, redisUrl, uniqueName, type TestDatabase } from '../../support/servers';
import { waitFor } from '../../support/wait-for';
import { callApi } from './running-api';

const MAIN = 'dist/apps/api/src/main.js';
const GRACE_MS = 1_000;

/** A port nobody uses now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('the API as a process of its own', () => {
  let database: TestDatabase;
  let folder: string;
  let catalogue: string;
  const started: RunningProcess[] = [];
  beforeAll(async () => {
    database = await freshDatabase();
    await migrateTenant({
      database: { ...parseConnectionUrl(database.url), schema: 'powerfill' },
      upstream: 'managed',
    });
    folder = mkdtempSync(join(tmpdir(), 'powerfill-api-'));
    catalogue = join(folder, 'tenants.json');
    const alpha = {
      tenant_id: 'alpha-identity',
      connection: database.url,
      schema: 'powerfill',
      upstream: 'managed',
      time_zone: 'America/New_York',
    };
    writeFileSync(catalogue, JSON.stringify({ alpha }));
  });
  afterAll(async () => {
    await Promise.all(started.map((running) => running.stop()));
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const start = async (variables: Record<string, string> = {}): Promise<{ running: RunningProcess; url: string }> => {
    const port = await freePort();
    const running = await startNode(MAIN, {
      env: {
        PORT: String(port),
        REDIS_URL: redisUrl(),
        QUEUE_PREFIX: uniqueName('api'),
        TENANT_CATALOGUE: catalogue,
        SHUTDOWN_GRACE_MS: String(GRACE_MS),
        ...variables,
      },
    });
    started.push(running);
    return { running, url: `http://127.0.0.1:${port}` };
  };

  it('says where it listens, writes one line per request with the tenant, and ends with status 0 on SIGTERM', async () => {
    const { running, url } = await start();
    await waitForUrl(`${url}/health/ready`, running);
    expect((await callApi(url, '/api/powerfill/runs', {})).status).toBe(200);
    const lines = await waitFor('the log line of the request', () => {
      const parsed = running
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      return parsed.some((line) => line['tenant_id'] === 'alpha-identity') && parsed;
    });
    expect(lines.filter(({ msg }) => String(msg).startsWith(`Listening on ${url}`))).toHaveLength(1);
    const request = lines.find((line) => line['tenant_id'] === 'alpha-identity');
    expect(request).toMatchObject({ level: 'info', res: { status: 200 } });
    expect(typeof request?.['request_id']).toBe('string');
    expect(running.output().match(/"tenant_id":"alpha-identity"/g)).toHaveLength(1);
    const startedAt = performance.now();
    running.signal('SIGTERM');
    expect(await running.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(GRACE_MS + 5_000);
  });

  it('lets a request that is under way end before it exits', async () => {
    const { running, url } = await start({ SHUTDOWN_GRACE_MS: '10000' });
    await waitForUrl(`${url}/health/ready`, running);
    // An upload that is half sent when the signal comes.
    let send: (text: string) => void = () => undefined;
    let end: () => void = () => undefined;
    const body = new ReadableStream({
      start: (controller) => {
        send = (text) => controller.enqueue(new TextEncoder().encode(text));
        end = () => controller.close();
      },
    });
    send('stage,seq\n');
    const upload = fetch(`${url}/api/powerfill/imports/pscat_loan_stages`, {
      method: 'POST',
      headers: { 'X-Tenant-Id': 'alpha', 'Content-Type': 'text/csv' },
      body,
      duplex: 'half',
    });
    // The answer to another request shows that the server has had time to take the upload up.
    expect((await callApi(url, '/api/powerfill/runs', {})).status).toBe(200);
    running.signal('SIGTERM');
    await waitFor('the API to stop listening', () =>
      fetch(`${url}/health/live`).then(
        () => false,
        () => true,
      ),
    );
    send('Approved,3\n');
    end();
    const answer = await upload;
    expect([answer.status, await answer.json()]).toMatchObject([200, { inserted: 1 }]);
    expect(await running.ended).toEqual({ code: 0, signal: null });
  });

  it('exits in time without Redis, too', async () => {
    const { running, url } = await start({ REDIS_URL: 'redis://127.0.0.1:9' });
    await waitForUrl(`${url}/health/live`, running);
    const startedAt = performance.now();
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(GRACE_MS + 5_000);
  });

  it('exits at once on a second signal', async () => {
    const { running, url } = await start({ SHUTDOWN_GRACE_MS: '20000' });
    await waitForUrl(`${url}/health/ready`, running);
    const held = fetch(`${url}/api/powerfill/imports/pscat_loan_stages`, {
      method: 'POST',
      headers: { 'X-Tenant-Id': 'alpha', 'Content-Type': 'text/csv' },
      body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('stage,seq\n')) }),
      duplex: 'half',
    }).catch((error: unknown) => error);
    expect((await callApi(url, '/api/powerfill/runs', {})).status).toBe(200);
    running.signal('SIGTERM');
    await waitFor('the first signal to be noticed', () => running.output().includes('shutting down'));
    const startedAt = performance.now();
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(1);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    // Node's fetch fails with a TypeError of its own realm.
    expect(String(await held)).toContain('TypeError');
  });

  it.each([
    ['a catalogue that is not there', { TENANT_CATALOGUE: '/nowhere/tenants.json' }, /\/nowhere\/tenants\.json/],
    ['a variable that cannot be', { PORT: 'http' }, /PORT must be a whole number/],
    ['an address for the world, without saying so twice', { HOST: '0.0.0.0' }, /ALLOW_UNAUTHENTICATED_ACCESS/],
  ])('does not start with %s, and says why', async (_, variables, reason) => {
    const { running } = await start(variables);
    expect((await running.ended).code).toBe(1);
    expect(running.output()).toMatch(reason);
    expect(running.output()).not.toContain('    at ');
  });

  it('does not start on a port that is taken, and says so', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { running } = await start({ PORT: String((server.address() as AddressInfo).port) });
    expect((await running.ended).code).toBe(1);
    expect(running.output()).toContain('EADDRINUSE');
    server.close();
  });
});
