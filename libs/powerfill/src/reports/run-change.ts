import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { moneyText } from '../domain/money';
import type { RunResponse } from '../domain/run-response';
import { runHistoryTable } from '../entities';
import { bigScaled } from './exact-sums';
import type { ReportRun } from './freshness';

/** What changed against the Complete run before this one; money as text, positive = more now. */
export interface RunChange {
  readonly previous_run_id: string;
  readonly previous_as_of_date: string;
  readonly eligible_amount: string;
  readonly placed_amount: string;
  readonly held_amount: string;
  readonly kicked_out_amount: string;
  readonly objective: string | null;
}

/** Compares the stored responses, which outlive the output rows. Null for the first complete run. */
export async function changeAgainstPrevious({ row, rowKey }: ReportRun): Promise<RunChange | null> {
  if (rowKey === null || row.response_json === null) return null;
  const { dialect, dataSource, tenant } = tenantDatabase();
  const [previous] = await dialect.readRows(dataSource, runHistoryTable, {
    columns: ['response_json'],
    where: { tenant_id: tenant.tenantId, status: 'Complete' },
    and: sql`started_at < ${param(runHistoryTable.columns.started_at, row.started_at)}`,
    orderBy: [
      { column: 'started_at', descending: true },
      { column: 'run_id', descending: true },
    ],
    limit: 1,
  });
  if (previous === undefined || previous.response_json === null) return null;
  return changeBetween(JSON.parse(previous.response_json) as RunResponse, JSON.parse(row.response_json) as RunResponse);
}

/** The differences `now` less `before`. */
function changeBetween(before: RunResponse, now: RunResponse): RunChange {
  const dollars = (name: 'eligible' | 'placed' | 'held' | 'kicked_out'): string =>
    difference(before.dollars_by_outcome?.[name] ?? '0.00', now.dollars_by_outcome?.[name] ?? '0.00');
  const [objectiveBefore, objectiveNow] = [before.certificate?.objective, now.certificate?.objective];
  return {
    previous_run_id: before.run_id,
    previous_as_of_date: before.options.as_of_date,
    eligible_amount: dollars('eligible'),
    placed_amount: dollars('placed'),
    held_amount: dollars('held'),
    kicked_out_amount: dollars('kicked_out'),
    objective:
      objectiveBefore === undefined || objectiveNow === undefined ? null : difference(objectiveBefore, objectiveNow),
  };
}

const difference = (before: string, now: string): string => moneyText(bigScaled(now, 2) - bigScaled(before, 2));
