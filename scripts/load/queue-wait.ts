import { runHistoryTable } from '@powerfill/core/entities';
import { raw, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { ReadyTenants } from '../soak/tenants';

/** What the runs of a load say of themselves, by the databases' clocks; times in milliseconds. */
export interface RunTimes {
  readonly byStatus: Readonly<Record<string, number>>;
  /** From submission to claim. */
  readonly waits: readonly number[];
  /** From claim to end. */
  readonly works: readonly number[];
}

/** Reads every run of every tenant. */
export async function runTimes({ catalogue, scope }: ReadyTenants): Promise<RunTimes> {
  const byStatus: Record<string, number> = {};
  const waits: number[] = [];
  const works: number[] = [];
  for (const tenant of catalogue.all()) {
    const rows = await scope.run(tenant, () => {
      const { dialect, dataSource } = tenantDatabase();
      const between = (from: string, to: string) => dialect.msBetween(raw(from), raw(to));
      return dialect.query<{ status: string; wait: number | null; work: number | null }>(
        dataSource,
        sql`SELECT status, ${between('started_at', 'claimed_at')} AS wait, ${between('claimed_at', 'completed_at')} AS work
            FROM ${dialect.table(runHistoryTable)}`,
      );
    });
    for (const { status, wait, work } of rows) {
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (wait !== null) waits.push(Number(wait));
      if (work !== null) works.push(Number(work));
    }
  }
  const ascending = (a: number, b: number): number => a - b;
  return { byStatus, waits: waits.sort(ascending), works: works.sort(ascending) };
}

/** A percentile of ascending values; null of none. */
export const percentile = (ascending: readonly number[], percent: number): number | null =>
  ascending[Math.min(ascending.length - 1, Math.floor((ascending.length * percent) / 100))] ?? null;
