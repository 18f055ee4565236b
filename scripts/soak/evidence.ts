import { ALL_TABLES, runHistoryTable } from '@powerfill/core/entities';
import { raw, sql } from '@powerfill/database';
import { type Tenant, tenantDatabase, type TenantScope } from '@powerfill/tenancy';

/** What a tenant's database says after the soak; every figure of `violations` must be 0. */
export interface TenantEvidence {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly violations: Readonly<Record<keyof typeof VIOLATIONS, number>>;
}

const OUTPUT_TABLES = ALL_TABLES.filter((table) => table.group === 'output');

/** Questions to the database whose answer must be 0. */
const VIOLATIONS = {
  /** Runs that have not ended. */
  stillActive: (history: string) =>
    `SELECT COUNT(*) AS n FROM ${history} WHERE status NOT IN ('Complete', 'Failed', 'Cancelled')`,
  /** Pairs of runs that were active at the same moment (BR-8). */
  overlapping: (history: string) =>
    `SELECT COUNT(*) AS n FROM ${history} a JOIN ${history} b ON a.run_id < b.run_id
       WHERE a.started_at < b.completed_at AND b.started_at < a.completed_at`,
  /** Runs that ended Complete although a cancel was requested. */
  completeThoughCancelled: (history: string) =>
    `SELECT COUNT(*) AS n FROM ${history} WHERE status = 'Complete' AND cancel_requested_at IS NOT NULL`,
  /** Ended runs without the response they owe. */
  withoutResponse: (history: string) => `SELECT COUNT(*) AS n FROM ${history} WHERE response_json IS NULL`,
  /** Complete runs whose counts do not add up. */
  miscounted: (history: string) =>
    `SELECT COUNT(*) AS n FROM ${history}
       WHERE status = 'Complete' AND loan_count <> allocated_count + held_count + kickout_count`,
} as const;

/** Asks one tenant's database. */
export async function evidenceOf(scope: TenantScope, tenant: Tenant): Promise<TenantEvidence> {
  return scope.run(tenant, async () => {
    const { dialect, dataSource } = tenantDatabase();
    const history = dialect.table(runHistoryTable).strings[0] ?? '';
    const count = async (text: string): Promise<number> => {
      const [row] = await dialect.query<{ n: number | string }>(dataSource, raw(text));
      return Number(row?.n ?? Number.NaN);
    };
    const statuses = await dialect.query<{ status: string; n: number | string }>(
      dataSource,
      sql`SELECT status, COUNT(*) AS n FROM ${raw(history)} GROUP BY status`,
    );
    const violations: Record<string, number> = {};
    for (const [name, question] of Object.entries(VIOLATIONS)) violations[name] = await count(question(history));
    return {
      byStatus: Object.fromEntries(statuses.map(({ status, n }) => [status, Number(n)])),
      violations: violations as TenantEvidence['violations'],
    };
  });
}

/** Rows the seven user-facing tables hold of a run (BR-9 wants 0 for a cancelled one). */
export async function outputRowsOf(scope: TenantScope, tenant: Tenant, runId: string): Promise<number> {
  return scope.run(tenant, async () => {
    const { dialect, dataSource } = tenantDatabase();
    let rows = 0;
    for (const table of OUTPUT_TABLES) {
      const [found] = await dialect.query<{ n: number | string }>(
        dataSource,
        sql`SELECT COUNT(*) AS n FROM ${dialect.table(table)} WHERE run_id = ${runId}`,
      );
      rows += Number(found?.n ?? 0);
    }
    return rows;
  });
}
