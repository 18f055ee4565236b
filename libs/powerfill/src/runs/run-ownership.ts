import { raw, sql, type Dialect, type Sql } from '@powerfill/database';
import { CLAIMED_STATUSES } from '../domain/run-status';

/** Identity of a run inside its tenant's database. */
export interface RunRef {
  readonly runId: string;
  readonly tenantId: string;
}

/** What a caller believes about a run it wants to change; the write happens only if the row agrees. */
export type ExpectedOwner =
  /** The run waits for a worker. */
  | { readonly kind: 'pending'; readonly attempt: number }
  /** The caller is the worker that owns it. */
  | { readonly kind: 'owner'; readonly attempt: number; readonly token: string }
  /** The caller saw this owner's lease expire. */
  | { readonly kind: 'dead'; readonly attempt: number; readonly token: string; readonly leaseMs: number };

const statusList = (statuses: readonly string[]): Sql => raw(statuses.map((status) => `'${status}'`).join(', '));

/** Condition that a run is claimed. */
export const isClaimedSql: Sql = sql`status IN (${statusList(CLAIMED_STATUSES)})`;

/** Condition that a claimed run's heartbeat is older than the lease, on the database's clock. */
export const leaseExpired = (dialect: Dialect, leaseMs: number): Sql =>
  sql`heartbeat_at < ${dialect.plusMs(dialect.now, -leaseMs)}`;

/** The compare-and-set condition of {@link ExpectedOwner} on the row of a run. */
export function ownedBy(dialect: Dialect, run: RunRef, expected: ExpectedOwner): Sql {
  const row = sql`run_id = ${run.runId} AND tenant_id = ${run.tenantId} AND attempt = ${expected.attempt}`;
  switch (expected.kind) {
    case 'pending':
      return sql`${row} AND status = 'Pending' AND owner_token IS NULL`;
    case 'owner':
      return sql`${row} AND ${isClaimedSql} AND owner_token = ${expected.token}`;
    case 'dead':
      return sql`${row} AND ${isClaimedSql} AND owner_token = ${expected.token} AND ${leaseExpired(dialect, expected.leaseMs)}`;
  }
}
