import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Tenant, type TenantScope } from '@powerfill/tenancy';
import { type RunResponse } from '@powerfill/core/domain/run-response';
import { generateDataset } from '../../scripts/generate/dataset';
import { writeDataset } from '../../scripts/generate/write-csv';
import { TenantClient } from '../../scripts/soak/http-client';
import { catalogueOf, prepareTenants } from '../../scripts/soak/tenants';
import { type RunningProcess, startNode, waitForUrl } from './processes';
import { databaseServerUrl, redisUrl, uniqueName } from './servers';

/** API and worker processes, as they run in production, over tenants with generated or given data. */
export interface Service {
  readonly origin: string;
  readonly tenants: readonly Tenant[];
  readonly scope: TenantScope;
  readonly workers: readonly RunningWorker[];
  client(index?: number): TenantClient;
  /** Starts one more worker. */
  addWorker(): Promise<RunningWorker>;
  stop(): Promise<void>;
}

/** A worker process and the address of its health and metrics. */
export interface RunningWorker extends RunningProcess {
  readonly origin: string;
}

export interface ServiceRequest {
  readonly tenants?: number;
  readonly workers?: number;
  /** Folder of CSV files, or null for tenants without data; without it `loans` and `trades` are generated. */
  readonly folder?: string | null;
  readonly loans?: number;
  readonly trades?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A port nobody listens on now. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Starts a {@link Service}; the caller stops it. */
export async function startService(request: ServiceRequest = {}): Promise<Service> {
  const work = mkdtempSync(join(tmpdir(), `powerfill-${process.pid}-`));
  const folder = request.folder === undefined ? join(work, 'data') : request.folder;
  if (request.folder === undefined) {
    await writeDataset(
      join(work, 'data'),
      generateDataset({ loans: request.loans ?? 200, trades: request.trades ?? 12, seed: 7 }).all,
    );
  }
  const entries = catalogueOf(databaseServerUrl(), request.tenants ?? 1, uniqueName('service'));
  const ready = await prepareTenants(entries, folder === null ? [] : [folder]);
  const catalogueFile = join(work, 'tenants.json');
  writeFileSync(catalogueFile, JSON.stringify(entries), { mode: 0o600 });
  const env = {
    REDIS_URL: redisUrl(),
    QUEUE_PREFIX: uniqueName('service'),
    TENANT_CATALOGUE: catalogueFile,
    LOG_LEVEL: 'warn',
    ...request.env,
  };
  const start = async (
    app: 'api' | 'worker',
    variable: string,
  ): Promise<{ process: RunningProcess; origin: string }> => {
    const port = await freePort();
    const started = await startNode(`dist/apps/${app}/src/main.js`, { env: { ...env, [variable]: String(port) } });
    const origin = `http://127.0.0.1:${port}`;
    await waitForUrl(`${origin}/health/ready`, started);
    return { process: started, origin };
  };
  const workers: RunningWorker[] = [];
  const addWorker = async (): Promise<RunningWorker> => {
    const { process: running, origin } = await start('worker', 'WORKER_PORT');
    const worker = { ...running, origin };
    workers.push(worker);
    return worker;
  };
  const api = await start('api', 'PORT');
  for (let index = 0; index < (request.workers ?? 1); index += 1) await addWorker();
  const tenants = ready.catalogue.all();
  return {
    origin: api.origin,
    tenants,
    scope: ready.scope,
    workers,
    client: (index = 0) => new TenantClient(api.origin, tenants[index]?.key ?? ''),
    addWorker,
    stop: async () => {
      await Promise.all([api.process, ...workers].map((running) => running.stop()));
      await ready.drop();
    },
  };
}

/** Submits a run and waits for its end. */
export async function runToEnd(client: TenantClient, options: object = {}): Promise<RunResponse> {
  const { status, body } = await client.submit({ as_of_date: '2026-11-23', ...options });
  if (status !== 202 || body.run_id === undefined)
    throw new Error(`Submission answered ${status}: ${JSON.stringify(body)}`);
  return endOf(client, body.run_id);
}

/** Waits until a run has ended. */
export async function endOf(client: TenantClient, runId: string): Promise<RunResponse> {
  const run = await client.end(runId, 120_000, 25);
  if (run === null) throw new Error(`Run ${runId} has not ended within 120 s.`);
  return run;
}
