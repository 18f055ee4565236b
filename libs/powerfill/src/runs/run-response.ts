import type { RunRow } from '../entities';
import type { RunOptions } from '../domain/run-options';
import type { RunProgress, RunResponse } from '../domain/run-response';
import { isActive, type RunStatus } from '../domain/run-status';
import { initialProgress } from './run-progress';

const instant = (value: Date | null): string | null => (value === null ? null : value.toISOString());

/** Links of a run; reports only where there can be rows. */
function linksOf(runId: string, status: RunStatus): Record<string, string> {
  const self = `/api/powerfill/runs/${runId}`;
  if (isActive(status)) return { self, events: `${self}/events`, cancel: `${self}/cancel` };
  if (status !== 'Complete') return { self };
  return {
    self,
    guide: `${self}/guide`,
    recap: `${self}/recap`,
    kickouts: `${self}/kickouts`,
    switching: `${self}/switching`,
    pool_candidates: `${self}/pool-candidates`,
    existing_disposition: `${self}/existing-disposition`,
    pooling_guide: `${self}/pooling-guide`,
    cash_trade_slotting: `${self}/cash-trade-slotting`,
    summary: `${self}/summary`,
    problem: `${self}/problem`,
    accept: `${self}/accept`,
  };
}

/**
 * The run response of a row (runs.md, section 2). `progress` is what the run has produced: read from the row
 * while it is active, handed over by the transaction that ends it.
 */
export function runResponse(row: RunRow, progress: RunProgress): RunResponse {
  const status = row.status as RunStatus;
  return {
    run_id: row.run_id,
    status,
    requested_by: row.requested_by,
    submitted_at: row.started_at.toISOString(),
    claimed_at: instant(row.claimed_at),
    completed_at: instant(row.completed_at),
    attempt: row.attempt,
    options: JSON.parse(row.options_json) as RunOptions,
    ...progress,
    failure: row.failure_message === null ? null : { step: row.failure_step, message: row.failure_message },
    replayable: progress.certificate?.replayable ?? false,
    links: linksOf(row.run_id, status),
  };
}

/** The response a reader gets: the stored text once the run has ended, the live view before. */
export function currentResponse(row: RunRow): RunResponse {
  if (row.response_json !== null) return JSON.parse(row.response_json) as RunResponse;
  const progress = row.progress_json === null ? initialProgress() : (JSON.parse(row.progress_json) as RunProgress);
  return runResponse(row, progress);
}
