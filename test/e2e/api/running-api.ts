import { createDataSource, createDialect, parseConnectionUrl, type DatabaseHandle } from '@powerfill/database';
import { ALL_TABLES } from '@powerfill/core/entities';
import { migrateTenant } from '@powerfill/migrations';
import { readEnvironment } from '@powerfill/platform';
import { TenantCatalogue } from '@powerfill/tenancy';
import { startApi, type RunningApi } from '../../../apps/api/src/bootstrap/start-api';
import { freshDatabase, redisUrl, uniqueName, type TestDatabase } from '../../support/servers';

/** A tenant with a database of its own, open to the test past the API. */
export interface TestTenant extends DatabaseHandle {
  /** What callers say. */
  readonly key: string;
  /** What rows say. */
  readonly tenantId: string;
  readonly url: string;
}

/** An API that really listens, with real Redis and databases. */
export interface TestApi {
  readonly api: RunningApi;
  readonly alpha: TestTenant;
  readonly beta: TestTenant;
  /** Sends a request; the tenant is `alpha` unless the headers say otherwise. */
  call(path: string, init?: CallInit): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallInit {
  readonly method?: string;
  /** An object becomes JSON; text and bytes are sent as they are. */
  readonly body?: unknown;
  /** A null removes a header that is sent otherwise. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; null when it is none. */
  readonly json: Record<string, unknown>;
}

const schema = 'powerfill';

async function openTenant(key: string, database: TestDatabase): Promise<TestTenant> {
  const settings = { ...parseConnectionUrl(database.url), schema };
  await migrateTenant({ database: settings, upstream: 'managed' });
  const dataSource = await createDataSource({ settings, tables: ALL_TABLES }).initialize();
  return { key, tenantId: `${key}-identity`, url: database.url, dataSource, dialect: createDialect(settings) };
}

/**
 * Starts an API with the tenants `alpha` and `beta` (migrated), `bare` (never migrated) and `gone` (no server).
 * Timers of the reconciler stand still unless `variables` say otherwise.
 */
export async function runningApi(variables: Readonly<Record<string, string>> = {}): Promise<TestApi> {
  const databases = await Promise.all([freshDatabase(), freshDatabase(), freshDatabase()]);
  const [alpha, beta] = await Promise.all([openTenant('alpha', databases[0]), openTenant('beta', databases[1])]);
  const entry = (key: string, url: string) => ({
    tenant_id: `${key}-identity`,
    connection: url,
    schema,
    upstream: 'managed',
    time_zone: 'America/New_York',
    holidays: ['2026-11-26'],
  });
  const unreachable = new URL(databases[2].url);
  unreachable.port = '9';
  const catalogue = TenantCatalogue.parse(
    JSON.stringify({
      gone: entry('gone', unreachable.href),
      bare: entry('bare', databases[2].url),
      beta: entry('beta', beta.url),
      alpha: entry('alpha', alpha.url),
    }),
  );
  const environment = readEnvironment({
    PORT: '0',
    REDIS_URL: redisUrl(),
    QUEUE_PREFIX: uniqueName('api'),
    LOG_LEVEL: 'fatal',
    SWEEP_MS: '3600000',
    ...variables,
  });
  const api = await startApi(environment, catalogue);
  return {
    api,
    alpha,
    beta,
    call: (path, init = {}) => callApi(api.url, path, init),
    close: async () => {
      await api.close(1_000);
      await Promise.all([alpha.dataSource.destroy(), beta.dataSource.destroy()]);
      await Promise.all(databases.map((database) => database.drop()));
    },
  };
}

export async function callApi(url: string, path: string, { method, body, headers }: CallInit): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const sent: Record<string, string | null> = {
    'X-Tenant-Id': 'alpha',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...headers,
  };
  const answer = await fetch(`${url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: Object.fromEntries(Object.entries(sent).filter((pair): pair is [string, string] => pair[1] !== null)),
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: answer.status, headers: answer.headers, text, json };
}
