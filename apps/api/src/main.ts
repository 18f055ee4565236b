import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { environmentVariables, loadEnvFile, readEnvironment, shutDownOnSignal } from '@powerfill/platform';
import { checkConnections } from '@powerfill/core/runs/connection-budget';
import { TenantCatalogue, TenantScope } from '@powerfill/tenancy';
import { DASHBOARD_PATH } from './admin/queue-dashboard';
import { DOCS_PATH } from './bootstrap/open-api';
import { startApi } from './bootstrap/start-api';

/** Time beyond the grace period for closing connections; a second less than a process may take (runs.md, 4.8). */
const CLOSING_MS = 4_000;

/**
 * A file of 300,000 rows leaves some 100 MB of garbage that V8 would let lie until it is worth a collection. The API is
 * to stay small instead; it hardly computes.
 */
const KEEP_THE_HEAP_SMALL = '--optimize-for-size';

async function main(): Promise<void> {
  setFlagsFromString(KEEP_THE_HEAP_SMALL);
  loadEnvFile();
  const environment = readEnvironment();
  const catalogue = TenantCatalogue.read(environment.TENANT_CATALOGUE, environmentVariables());
  const api = await startApi(environment, catalogue);
  shutDownOnSignal({
    limitMs: environment.SHUTDOWN_GRACE_MS + CLOSING_MS,
    log: api.log,
    graceful: () => api.close(environment.SHUTDOWN_GRACE_MS),
  });
  for (const warning of await checkConnections(catalogue, api.app.get(TenantScope))) api.log(`Warning: ${warning}`);
  api.log(`Listening on ${api.url}; documentation ${api.url}${DOCS_PATH}, queue ${api.url}${DASHBOARD_PATH}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`The API does not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
