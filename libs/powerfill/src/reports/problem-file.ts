import { tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { isActive, type RunStatus } from '../domain/run-status';
import { runInputTable } from '../entities';
import type { RunHistoryService } from '../runs/run-history.service';

/** Reads the problem a run solved, for replay by `npm run solve` (runs.md, section 2). */
export class ProblemFileService {
  constructor(private readonly history: RunHistoryService) {}

  /**
   * @returns gzip of the problem file
   * @throws {RefusedError} `run_not_found`; `run_in_progress` before the allocation has it; `outputs_purged`;
   *   `problem_not_stored` when the run ended before it had one
   */
  async read(runId: string): Promise<Buffer> {
    const { dialect, dataSource } = tenantDatabase();
    const row = await this.history.get(runId);
    if (row.outputs_purged_at !== null) {
      throw new RefusedError('outputs_purged', `The problem file of run ${runId} is past its retention.`, {
        run_id: runId,
      });
    }
    const [input] = await dialect.readRows(dataSource, runInputTable, {
      where: { run_id: runId, attempt: row.attempt },
      limit: 1,
    });
    if (input) return input.problem_gzip;
    const status = row.status as RunStatus;
    if (isActive(status)) {
      throw new RefusedError('run_in_progress', `Run ${runId} is ${status} and has no problem file yet.`, {
        run_id: runId,
        status,
        retry_after: 2,
      });
    }
    throw new RefusedError('problem_not_stored', `Run ${runId} ended as ${status} before it had a problem file.`, {
      run_id: runId,
      status,
    });
  }
}
