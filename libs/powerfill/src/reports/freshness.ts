import { RefusedError } from '../domain/errors';
import { isActive, type RunStatus } from '../domain/run-status';
import type { RunRow } from '../entities';
import type { RunHistoryService } from '../runs/run-history.service';

/** How a report relates to what the tenant has now; every answer carries it (config-and-reports.md, "Reports"). */
export interface Freshness {
  readonly verdict: 'current' | 'superseded' | 'terminal_empty';
  readonly run_id: string;
  readonly status: RunStatus;
  readonly submitted_at: string;
  readonly completed_at: string | null;
  /** Why there are no rows; null otherwise. */
  readonly note: string | null;
  readonly links: Readonly<Record<string, string>>;
}

/** A run whose reports may be read. */
export interface ReportRun {
  readonly row: RunRow;
  readonly freshness: Freshness;
  /** The only rows readers may see; null when the run has none (Failed, Cancelled). */
  readonly rowKey: { readonly run_id: string; readonly attempt: number } | null;
}

/** Names the newest Complete run where a run id stands. */
export const LATEST = 'latest';

const RETRY_AFTER_SECONDS = 2;
const linkTo = (runId: string): string => `/api/powerfill/runs/${runId}`;

/** Finds the run a report is asked of, and says how fresh it is. */
export class ReportRunService {
  constructor(private readonly history: RunHistoryService) {}

  /**
   * @param id a run id or {@link LATEST}
   * @throws {RefusedError} `run_not_found`, `no_complete_run`, `run_in_progress`, `outputs_purged`
   */
  async resolve(id: string): Promise<ReportRun> {
    const newest = await this.history.latestComplete();
    const row = id === LATEST ? newest : await this.history.get(id);
    if (row === null) throw new RefusedError('no_complete_run', 'This tenant has no complete run yet.');
    const status = row.status as RunStatus;
    if (isActive(status)) {
      throw new RefusedError(
        'run_in_progress',
        `Run ${row.run_id} is ${status}; its reports come when it is Complete.`,
        {
          run_id: row.run_id,
          status,
          run: linkTo(row.run_id),
          retry_after: RETRY_AFTER_SECONDS,
        },
      );
    }
    if (status === 'Complete') refuseWhenPurged(row, newest);
    const rowKey = status === 'Complete' ? { run_id: row.run_id, attempt: row.attempt } : null;
    return { row, freshness: freshnessOf(row, newest), rowKey };
  }

  /**
   * To be called at the end of a long read: retention may have begun to delete the rows meanwhile.
   * @throws {RefusedError} `outputs_purged`; the reader must break off instead of ending short
   */
  async stillReadable({ row }: ReportRun): Promise<void> {
    refuseWhenPurged(await this.history.get(row.run_id), null);
  }
}

function refuseWhenPurged(row: RunRow, newest: RunRow | null): void {
  if (row.outputs_purged_at === null) return;
  throw new RefusedError('outputs_purged', `The outputs of run ${row.run_id} are past their retention.`, {
    run_id: row.run_id,
    ...(newest === null ? {} : { newest_run_id: newest.run_id, newest_run: linkTo(newest.run_id) }),
  });
}

/** The verdict on a run that has ended and whose rows, if it has any, are still there. */
function freshnessOf(row: RunRow, newest: RunRow | null): Freshness {
  const run = linkTo(row.run_id);
  const links = newest === null || newest.run_id === row.run_id ? { run } : { run, newest: linkTo(newest.run_id) };
  const shared = {
    run_id: row.run_id,
    status: row.status as RunStatus,
    submitted_at: row.started_at.toISOString(),
    completed_at: row.completed_at?.toISOString() ?? null,
    links,
  };
  if (row.status !== 'Complete') return { ...shared, verdict: 'terminal_empty', note: noteOf(row) };
  return { ...shared, verdict: newest?.run_id === row.run_id ? 'current' : 'superseded', note: null };
}

function noteOf(row: RunRow): string {
  const cause = [row.failure_step, row.failure_message].filter((part) => part !== null).join(': ');
  return cause === '' ? `${row.status}: no rows.` : `${row.status}: no rows. ${cause}`;
}
