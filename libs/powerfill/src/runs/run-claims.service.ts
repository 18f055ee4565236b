import { randomUUID } from 'node:crypto';
import { CommitOutcomeUnknownError, inTransaction, param, raw, sql, type Sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { QueryRunner } from 'typeorm';
import type { RunProgress } from '../domain/run-response';
import { runHistoryTable, type RunRow } from '../entities';
import { RunHistoryService } from './run-history.service';
import { RunAbort } from './run-abort';
import { initialProgress } from './run-progress';
import { leaseExpired, ownedBy, type ExpectedOwner, type RunRef } from './run-ownership';

/** A run this process owns: every write on its behalf compares token and attempt. */
export interface OwnedRun extends RunRef {
  readonly attempt: number;
  readonly token: string;
}

/** Result of a claim. */
export type ClaimResult =
  /** `since`: monotonic time before the claim was sent; the lease counts from there. */
  | { readonly kind: 'claimed'; readonly run: OwnedRun; readonly row: RunRow; readonly since: number }
  /** Someone else has it, it has ended, or it is another attempt's turn: the job is dropped. */
  | { readonly kind: 'dropped'; readonly row: RunRow | null };

/** Answer to a heartbeat. */
export type HeartbeatResult =
  { readonly kind: 'renewed'; readonly cancelRequested: boolean } | { readonly kind: 'lost' };

/** Claims, leases and the ways a run goes back to Pending (runs.md, section 3); all compare-and-set. */
export class RunClaimsService {
  constructor(private readonly history: RunHistoryService) {}

  /** Pending -> PreProcessing for this attempt, unless a cancel was requested. */
  async claim(run: RunRef, attempt: number): Promise<ClaimResult> {
    const { dialect, dataSource } = tenantDatabase();
    const token = randomUUID();
    const since = performance.now();
    const claimed = inTransaction({ dataSource, dialect }, async (runner) => {
      await dialect.execute(
        runner,
        sql`UPDATE ${dialect.table(runHistoryTable)} SET status = 'PreProcessing', owner_token = ${token},
              heartbeat_at = ${dialect.now}, claimed_at = ${dialect.now},
              progress_json = ${param(runHistoryTable.columns.progress_json, JSON.stringify(initialProgress()))}
            WHERE ${ownedBy(dialect, run, { kind: 'pending', attempt })} AND cancel_requested_at IS NULL`,
      );
      return this.history.findOn(dialect, runner, run.tenantId, run.runId);
    });
    // A lost answer to COMMIT: only the row says whether the claim took effect.
    const row = await claimed.catch((error: unknown) => {
      if (error instanceof CommitOutcomeUnknownError) return this.history.find(run.runId);
      throw error;
    });
    if (row === null || row.owner_token !== token) return { kind: 'dropped', row };
    return { kind: 'claimed', run: { ...run, attempt, token }, row, since };
  }

  /** Looks in a transaction, before its end, whether the run is still this owner's. @throws {RunAbort} `lost` */
  async confirmOwned(runner: QueryRunner, run: OwnedRun): Promise<void> {
    const { dialect } = tenantDatabase();
    const owner = ownedBy(dialect, run, { kind: 'owner', attempt: run.attempt, token: run.token });
    const statement = sql`SELECT run_id FROM ${dialect.table(runHistoryTable)} WHERE ${owner}`;
    if ((await dialect.query(runner, statement)).length === 0) throw new RunAbort('lost');
  }

  /**
   * Renews the lease on the database's clock and reads whether a cancel was requested. A lease that has expired is
   * lost, even if nobody has taken the run over yet: its owner has given up or is about to.
   */
  async heartbeat(run: OwnedRun, leaseMs: number, progress: RunProgress): Promise<HeartbeatResult> {
    const { dialect, dataSource } = tenantDatabase();
    const renewed = await dialect.execute(
      dataSource,
      sql`UPDATE ${dialect.table(runHistoryTable)} SET heartbeat_at = ${dialect.now},
            progress_json = ${param(runHistoryTable.columns.progress_json, JSON.stringify(progress))}
          WHERE ${ownedBy(dialect, run, { kind: 'owner', attempt: run.attempt, token: run.token })}
            AND NOT (${leaseExpired(dialect, leaseMs)})`,
    );
    if (renewed !== 1) return { kind: 'lost' };
    return { kind: 'renewed', cancelRequested: await this.isCancelRequested(run) };
  }

  /** Whether the row carries a cancel request; the way to know while Redis is away. */
  async isCancelRequested(run: RunRef): Promise<boolean> {
    const { dialect, dataSource } = tenantDatabase();
    const [row] = await dialect.readRows(dataSource, runHistoryTable, {
      columns: ['cancel_requested_at'],
      where: { tenant_id: run.tenantId, run_id: run.runId },
      limit: 1,
    });
    return row !== undefined && row.cancel_requested_at !== null;
  }

  /** A worker that shuts down gives its run back; false when the row no longer agrees or a cancel was requested. */
  handBack(run: OwnedRun, maxHandbacks: number): Promise<boolean> {
    const limit = sql`handback_count < ${maxHandbacks}`;
    return this.toPending(run, { kind: 'owner', attempt: run.attempt, token: run.token }, 'handback_count', limit);
  }

  /** A run whose owner died goes to another worker; false when it is alive, limited or a cancel was requested. */
  takeOver(run: RunRef, dead: Extract<ExpectedOwner, { kind: 'dead' }>, maxTakeovers: number): Promise<boolean> {
    return this.toPending(run, dead, 'takeover_count', sql`takeover_count < ${maxTakeovers}`);
  }

  private async toPending(
    run: RunRef,
    expected: ExpectedOwner,
    counter: 'handback_count' | 'takeover_count',
    limit: Sql,
  ): Promise<boolean> {
    const { dialect, dataSource } = tenantDatabase();
    const changed = await inTransaction({ dataSource, dialect }, (runner) =>
      dialect.execute(
        runner,
        sql`UPDATE ${dialect.table(runHistoryTable)} SET status = 'Pending', owner_token = NULL, attempt = attempt + 1,
              heartbeat_at = NULL, claimed_at = NULL, progress_json = NULL, pending_since = ${dialect.now},
              ${raw(counter)} = ${raw(counter)} + 1
            WHERE ${ownedBy(dialect, run, expected)} AND cancel_requested_at IS NULL AND ${limit}`,
      ),
    );
    return changed === 1;
  }
}
