import type { RunStatus } from '@powerfill/core/domain/run-status';
import type { RunRow } from '@powerfill/core/entities';
import type { ListedRun } from '@powerfill/core/runs/run-history.service';
import { currentResponse } from '@powerfill/core/runs/run-response';
import type { AcceptedRunDto, ListedRunDto } from './run.dto';

/** What a submission or a cancel answers with. */
export function acceptedRun(row: RunRow): AcceptedRunDto {
  const { run_id, status, submitted_at, links } = currentResponse(row);
  return { run_id, status, submitted_at, links };
}

/** A run as the list shows it. */
export function listedRun(row: ListedRun): ListedRunDto {
  const { loan_count, trade_count, allocated_count, held_count, kickout_count } = row;
  return {
    run_id: row.run_id,
    status: row.status as RunStatus,
    requested_by: row.requested_by,
    submitted_at: row.started_at.toISOString(),
    claimed_at: row.claimed_at?.toISOString() ?? null,
    completed_at: row.completed_at?.toISOString() ?? null,
    attempt: row.attempt,
    counts:
      loan_count === null
        ? null
        : {
            loans: loan_count,
            trades: trade_count ?? 0,
            placed: allocated_count ?? 0,
            held: held_count ?? 0,
            kicked_out: kickout_count ?? 0,
          },
    failure: row.failure_message === null ? null : { step: row.failure_step, message: row.failure_message },
    cancel_requested: row.cancel_requested_at !== null,
    accepted: row.accepted_at !== null,
    accepted_at: row.accepted_at?.toISOString() ?? null,
    accepted_by: row.accepted_by,
    outputs_purged: row.outputs_purged_at !== null,
    links: { self: `/api/powerfill/runs/${row.run_id}` },
  };
}
