import { inTransaction, param, sql, type Dialect, type Sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { QueryRunner } from 'typeorm';
import type { RunCounts, RunProgress } from '../domain/run-response';
import { isTerminal, type RunStatus, type TerminalStatus } from '../domain/run-status';
import { ALL_TABLES, idempotencyTable, runHistoryTable, type RunRow } from '../entities';
import { RunHistoryService } from './run-history.service';
import { initialProgress } from './run-progress';
import { ownedBy, type ExpectedOwner, type RunRef } from './run-ownership';
import { runResponse } from './run-response';

/** How a run is to end. A failure of a run whose cancel was requested ends it Cancelled, the cause kept. */
export type RunEnd =
  | { readonly status: 'Complete'; readonly progress: RunProgress; readonly counts: RunCounts }
  | { readonly status: 'Failed'; readonly step: string; readonly message: string; readonly progress?: RunProgress }
  | { readonly status: 'Cancelled'; readonly message?: string; readonly progress?: RunProgress };

/** What became of an attempt to end a run. */
export type FinalizeResult =
  /** The run has ended, by this call or before. */
  | { readonly kind: 'ended'; readonly row: RunRow; readonly byThisCall: boolean }
  /** The run belongs to someone else by now and was left alone. */
  | { readonly kind: 'superseded'; readonly row: RunRow | null };

/** Tables BR-9 empties when a run fails or is cancelled. */
export const CLEANED_TABLES = ALL_TABLES.filter((table) => table.group === 'output');

/** `failure_step` of a run whose job could not be added: its submission was refused, so it keeps no Idempotency-Key. */
export const ENQUEUE_STEP = 'enqueue';

/** The row says something else about a cancel, or about the owner, than the write assumed. */
class RowDisagrees extends Error {}

const MAX_DECISIONS = 4;
const MESSAGE_LIMIT = 2_000;

/** Ends runs: terminal status, counts, response and BR-9 cleanup in one transaction (runs.md, "End"). */
export class FinalizeRunService {
  constructor(private readonly history: RunHistoryService) {}

  /**
   * Ends the run if the row agrees with `expected`; otherwise reads it again and decides again. Safe to repeat:
   * a run that has ended stays as it is.
   */
  async finalize(run: RunRef, expected: ExpectedOwner, end: RunEnd): Promise<FinalizeResult> {
    const { dialect, dataSource } = tenantDatabase();
    let cancelRequested = isCancelRequested(await this.read(run));
    for (let decision = 0; decision < MAX_DECISIONS; decision += 1) {
      try {
        const row = await inTransaction({ dataSource, dialect }, (runner) =>
          this.finalizeIn(runner, dialect, run, expected, decide(end, cancelRequested)),
        );
        return { kind: 'ended', row, byThisCall: true };
      } catch (error) {
        // Also after a lost answer to COMMIT: the row itself says whether it took effect.
        const row = await this.read(run);
        if (row !== null && isTerminal(row.status as RunStatus)) {
          const mine = expected.kind === 'pending' ? false : row.owner_token === expected.token;
          return { kind: 'ended', row, byThisCall: mine && !(error instanceof RowDisagrees) };
        }
        if (!(error instanceof RowDisagrees)) throw error;
        const requested = isCancelRequested(row);
        if (requested === cancelRequested) return { kind: 'superseded', row };
        cancelRequested = requested;
      }
    }
    return { kind: 'superseded', row: await this.read(run) };
  }

  /**
   * Ends the run inside the caller's transaction.
   * @throws when the row does not agree with `expected`; the caller's transaction must roll back
   */
  async finalizeIn(
    runner: QueryRunner,
    dialect: Dialect,
    run: RunRef,
    expected: ExpectedOwner,
    end: RunEnd,
  ): Promise<RunRow> {
    if (end.status !== 'Complete') {
      for (const table of CLEANED_TABLES) {
        await dialect.execute(runner, sql`DELETE FROM ${dialect.table(table)} WHERE run_id = ${run.runId}`);
      }
    }
    if (end.status === 'Failed' && end.step === ENQUEUE_STEP) await this.releaseKey(runner, dialect, run);
    const before = await this.history.findOn(dialect, runner, run.tenantId, run.runId);
    if (before === null) throw new RowDisagrees('The run does not exist');
    const row = { ...before, ...(await this.changes(runner, dialect, before, end)) };
    row.response_json = JSON.stringify(runResponse(row, progressOf(before, end)));
    await this.write(runner, dialect, run, expected, row, end.status);
    return row;
  }

  /** In the transaction that ends the run, so that no crash leaves a key that answers with a run that never was. */
  private async releaseKey(runner: QueryRunner, dialect: Dialect, run: RunRef): Promise<void> {
    await dialect.execute(
      runner,
      sql`DELETE FROM ${dialect.table(idempotencyTable)} WHERE tenant_id = ${run.tenantId} AND run_id = ${run.runId}`,
    );
  }

  private async changes(runner: QueryRunner, dialect: Dialect, before: RunRow, end: RunEnd): Promise<Partial<RunRow>> {
    const [clock] = await dialect.query<{ now: Date | string }>(runner, sql`SELECT ${dialect.now} AS now`);
    const completedAt = clock ? new Date(clock.now) : before.started_at;
    const ended = { status: end.status, completed_at: completedAt, pending_since: null };
    switch (end.status) {
      case 'Complete': {
        const { loans, trades, placed, held, kicked_out } = end.counts;
        return {
          ...ended,
          loan_count: loans,
          trade_count: trades,
          allocated_count: placed,
          held_count: held,
          kickout_count: kicked_out,
        };
      }
      case 'Failed':
        return { ...ended, failure_step: end.step, failure_message: end.message.slice(0, MESSAGE_LIMIT) };
      case 'Cancelled':
        return { ...ended, failure_message: end.message?.slice(0, MESSAGE_LIMIT) ?? null };
    }
  }

  /** The last statement of the transaction: compares owner, attempt and whether a cancel was requested. */
  private async write(
    runner: QueryRunner,
    dialect: Dialect,
    run: RunRef,
    expected: ExpectedOwner,
    row: RunRow,
    status: TerminalStatus,
  ): Promise<void> {
    const columns = runHistoryTable.columns;
    const set = (name: keyof RunRow): Sql => sql`${param(columns[name], row[name])}`;
    const cancel = status === 'Cancelled' ? sql`cancel_requested_at IS NOT NULL` : sql`cancel_requested_at IS NULL`;
    const changed = await dialect.execute(
      runner,
      sql`UPDATE ${dialect.table(runHistoryTable)} SET
            status = ${set('status')}, completed_at = ${set('completed_at')}, pending_since = NULL,
            loan_count = ${set('loan_count')}, trade_count = ${set('trade_count')},
            allocated_count = ${set('allocated_count')}, held_count = ${set('held_count')},
            kickout_count = ${set('kickout_count')}, failure_step = ${set('failure_step')},
            failure_message = ${set('failure_message')}, response_json = ${set('response_json')}, progress_json = NULL
          WHERE ${ownedBy(dialect, run, expected)} AND ${cancel}`,
    );
    if (changed !== 1) throw new RowDisagrees('The run changed meanwhile');
  }

  private read(run: RunRef): Promise<RunRow | null> {
    return this.history.find(run.runId);
  }
}

const isCancelRequested = (row: RunRow | null): boolean => row !== null && row.cancel_requested_at !== null;

/** A cancel that was accepted decides the end, whatever else befell the run. */
function decide(end: RunEnd, cancelRequested: boolean): RunEnd {
  if (!cancelRequested || end.status === 'Cancelled') return end;
  const progress = end.progress === undefined ? {} : { progress: end.progress };
  return end.status === 'Failed'
    ? { status: 'Cancelled', message: `Cancelled; before that: ${end.step}: ${end.message}`, ...progress }
    : { status: 'Cancelled', ...progress };
}

/** Progress shown in the response; a run that did not complete shows its steps but no result. */
function progressOf(before: RunRow, end: RunEnd): RunProgress {
  const stored = before.progress_json === null ? initialProgress() : (JSON.parse(before.progress_json) as RunProgress);
  const progress = end.progress ?? stored;
  if (end.status === 'Complete') return progress;
  return {
    ...progress,
    steps: progress.steps.map((step) =>
      step.status === 'running' ? { ...step, status: end.status === 'Failed' ? 'failed' : 'pending' } : step,
    ),
    counts: null,
    dollars_by_outcome: null,
    fill_by_trade_type: null,
    certificate: null,
  };
}
