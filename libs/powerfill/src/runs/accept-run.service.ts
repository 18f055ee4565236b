import { sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { changeConfiguration } from '../configuration/change-log';
import { RefusedError } from '../domain/errors';
import { runHistoryTable, type RunRow } from '../entities';
import type { RunHistoryService } from './run-history.service';

/** Who accepted a run, and when. */
export interface Acceptance {
  readonly run_id: string;
  readonly accepted_at: string;
  readonly accepted_by: string;
}

/** Accepts runs: pins one against retention and says who took it (runs.md, section 2). Nothing upstream changes. */
export class AcceptRunService {
  constructor(private readonly history: RunHistoryService) {}

  /**
   * Accepts the newest Complete run; the first acceptance stands, however often it is repeated.
   * @throws {RefusedError} `run_not_found`, `run_not_acceptable`, `outputs_purged`
   */
  async accept(runId: string, by: string): Promise<Acceptance> {
    const { dialect, tenant } = tenantDatabase();
    const row = await this.history.get(runId);
    if (row.accepted_at !== null) return acceptanceOf(row);
    await this.refuseUnlessNewest(row);
    await changeConfiguration(by, async ({ runner, record }) => {
      const table = dialect.table(runHistoryTable);
      // Says again what was looked at before: a newer run may have completed, or retention begun, meanwhile.
      const accepted = await dialect.execute(
        runner,
        sql`UPDATE ${table} SET accepted_at = ${dialect.now}, accepted_by = ${by}
            WHERE run_id = ${runId} AND tenant_id = ${tenant.tenantId} AND status = 'Complete'
              AND accepted_at IS NULL AND outputs_purged_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM ${table} AS newer WHERE newer.tenant_id = ${tenant.tenantId}
                AND newer.status = 'Complete' AND newer.started_at > ${table}.started_at)`,
      );
      if (accepted === 1) record({ kind: 'run_acceptance', key: runId, before: null, after: { accepted_by: by } });
    });
    const now = await this.history.get(runId);
    if (now.accepted_at === null) await this.refuseUnlessNewest(now);
    return acceptanceOf(now);
  }

  private async refuseUnlessNewest(row: RunRow): Promise<void> {
    if (row.status !== 'Complete') {
      throw new RefusedError(
        'run_not_acceptable',
        `Run ${row.run_id} is ${row.status}; only a complete run is accepted.`,
      );
    }
    if (row.outputs_purged_at !== null) {
      throw new RefusedError('outputs_purged', `The outputs of run ${row.run_id} are past their retention.`);
    }
    const newest = await this.history.latestComplete();
    if (newest !== null && newest.run_id !== row.run_id) {
      throw new RefusedError('run_not_acceptable', `Run ${newest.run_id} is newer; accept that one.`, {
        newest_run_id: newest.run_id,
      });
    }
  }
}

function acceptanceOf({ run_id: id, accepted_at: at, accepted_by: by }: RunRow): Acceptance {
  if (at === null) throw new RefusedError('run_not_acceptable', `Run ${id} was not accepted; try again.`);
  return { run_id: id, accepted_at: at.toISOString(), accepted_by: by ?? '' };
}
