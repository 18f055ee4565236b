import type { ConnectionBounds } from '@powerfill/database';
import type { Environment } from '@powerfill/platform';

/** Bounds of a tenant's connections in a process that executes or answers runs. */
export const databaseBounds = (environment: Environment): Partial<ConnectionBounds> => ({
  poolSize: environment.DATABASE_POOL_SIZE,
  connectTimeoutMs: environment.DATABASE_CONNECT_MS,
  statementTimeoutMs: environment.DATABASE_STATEMENT_MS,
  // A transaction that idles for a whole lease belongs to a worker that was lost.
  idleTransactionTimeoutMs: environment.LEASE_MS,
});
