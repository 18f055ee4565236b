import { ALL_TABLES, guideTable, kickoutTable, runHistoryTable, type RunHistoryRow } from '@powerfill/core/entities';
import type { RunResponse } from '@powerfill/core/domain/run-response';
import { isTerminal, type RunStatus } from '@powerfill/core/domain/run-status';
import { sql, type TableDefinition } from '@powerfill/database';
import { type Tenant, tenantDatabase, type TenantScope } from '@powerfill/tenancy';
import type { Ledger } from './ledger';

/** What the databases say of all runs. */
export interface Verdict {
  readonly byStatus: Readonly<Record<string, number>>;
  readonly failedBy: Readonly<Record<string, number>>;
  readonly takeovers: number;
  readonly handbacks: number;
  readonly violations: readonly string[];
}

/** Why a run may fail when processes and servers do; anything else is a defect. */
const ALLOWED_CAUSES = ['enqueue', 'worker_lost', 'worker_shutdown', 'queue_timeout'];
const OUTPUT_TABLES = ALL_TABLES.filter((table) => table.group === 'output');
const RUN_TABLES = ALL_TABLES.filter((table) => table.group === 'output' || table.group === 'forensic');

type Row = Omit<RunHistoryRow, 'input_loan_ids_json'>;

/** Holds what callers were told, and what must never happen (runs.md, section 4), against the databases. */
export async function judge(scope: TenantScope, tenants: readonly Tenant[], ledger: Ledger): Promise<Verdict> {
  const verdict = { byStatus: {}, failedBy: {}, takeovers: 0, handbacks: 0, violations: [...ledger.violations] };
  for (const tenant of tenants) {
    await scope.run(tenant, () => new TenantVerdict(tenant, ledger, verdict).judge());
  }
  return verdict;
}

class TenantVerdict {
  constructor(
    private readonly tenant: Tenant,
    private readonly ledger: Ledger,
    private readonly total: {
      byStatus: Record<string, number>;
      failedBy: Record<string, number>;
      takeovers: number;
      handbacks: number;
      violations: string[];
    },
  ) {}

  async judge(): Promise<void> {
    const { dialect, dataSource } = tenantDatabase();
    const columns = Object.keys(runHistoryTable.columns).filter((name) => name !== 'input_loan_ids_json');
    const rows = await dialect.readRows(dataSource, runHistoryTable, {
      columns: columns as (keyof RunHistoryRow)[],
      orderBy: ['started_at', 'run_id'],
    });
    for (const row of rows) this.count(row);
    this.keptPromises(new Map(rows.map((row) => [row.run_id, row])));
    this.oneAtATime(rows);
    for (const row of rows) this.rowAndResponseAgree(row);
    await this.nothingLeftOfTheUnfinished(rows);
    await this.completeRunsAreWhole(rows.filter((row) => row.status === 'Complete' && row.outputs_purged_at === null));
    this.sameInputSameResult(rows.filter((row) => row.status === 'Complete'));
  }

  private blame(rule: number, what: string): void {
    this.total.violations.push(`${rule}: ${this.tenant.key}: ${what}`);
  }

  private count(row: Row): void {
    const { byStatus, failedBy } = this.total;
    byStatus[row.status] = (byStatus[row.status] ?? 0) + 1;
    this.total.takeovers += row.takeover_count;
    this.total.handbacks += row.handback_count;
    if (row.tenant_id !== this.tenant.tenantId) this.blame(3, `run ${row.run_id} belongs to ${row.tenant_id}`);
    if (!isTerminal(row.status as RunStatus)) this.blame(2, `run ${row.run_id} is still ${row.status}`);
    if (row.status !== 'Failed') return;
    const cause = row.failure_step ?? 'unknown';
    failedBy[cause] = (failedBy[cause] ?? 0) + 1;
    if (!ALLOWED_CAUSES.includes(cause)) this.blame(2, `run ${row.run_id} failed: ${cause}: ${row.failure_message}`);
  }

  private keptPromises(rows: ReadonlyMap<string, Row>): void {
    for (const { tenant, runId } of this.ledger.accepted) {
      if (tenant === this.tenant.key && !rows.has(runId)) this.blame(6, `run ${runId} was accepted and is missing`);
    }
    for (const { tenant, runId } of this.ledger.cancelled) {
      const status = rows.get(runId)?.status;
      if (tenant === this.tenant.key && status !== 'Cancelled') {
        this.blame(6, `the cancel of run ${runId} was accepted, and it is ${status}`);
      }
    }
  }

  private oneAtATime(rows: readonly Row[]): void {
    rows.forEach((row, index) => {
      const next = rows[index + 1];
      if (next && row.completed_at !== null && next.started_at < row.completed_at) {
        this.blame(2, `runs ${row.run_id} and ${next.run_id} were active at the same time`);
      }
    });
  }

  private rowAndResponseAgree(row: Row): void {
    if (!isTerminal(row.status as RunStatus)) return;
    if (row.response_json === null) return this.blame(4, `run ${row.run_id} has no response`);
    const response = JSON.parse(row.response_json) as RunResponse;
    const counts = [row.loan_count, row.trade_count, row.allocated_count, row.held_count, row.kickout_count];
    const told = response.counts;
    const answered = told && [told.loans, told.trades, told.placed, told.held, told.kicked_out];
    const agrees =
      response.status === row.status &&
      response.attempt === row.attempt &&
      response.completed_at === row.completed_at?.toISOString() &&
      (row.status !== 'Complete' || JSON.stringify(answered) === JSON.stringify(counts));
    if (!agrees) this.blame(4, `the response of run ${row.run_id} says something else than its row`);
    if (row.status === 'Complete' && response.certificate?.audit !== 'passed') {
      this.blame(4, `run ${row.run_id} is Complete without a passed audit`);
    }
    if (row.status === 'Complete' && row.cancel_requested_at !== null) {
      this.blame(6, `run ${row.run_id} is Complete though a cancel was requested`);
    }
  }

  /** The attempts of a run that have rows in a table. */
  private async attemptsIn(table: TableDefinition): Promise<ReadonlyMap<string, Map<number, number>>> {
    const { dialect, dataSource } = tenantDatabase();
    const found = await dialect.query<{ run_id: string; attempt: number; n: number | string }>(
      dataSource,
      sql`SELECT run_id, attempt, COUNT(*) AS n FROM ${dialect.table(table)} GROUP BY run_id, attempt`,
    );
    const attempts = new Map<string, Map<number, number>>();
    for (const { run_id, attempt, n } of found) {
      const id = run_id.toLowerCase();
      attempts.set(id, (attempts.get(id) ?? new Map<number, number>()).set(Number(attempt), Number(n)));
    }
    return attempts;
  }

  private async nothingLeftOfTheUnfinished(rows: readonly Row[]): Promise<void> {
    for (const table of RUN_TABLES) {
      const attempts = await this.attemptsIn(table);
      for (const row of rows) {
        const found = attempts.get(row.run_id);
        if (found === undefined) continue;
        if (row.status !== 'Complete' && OUTPUT_TABLES.includes(table)) {
          this.blame(5, `${row.status} run ${row.run_id} has rows in ${table.name}`);
        }
        if (Math.max(...found.keys()) > row.attempt) {
          this.blame(1, `run ${row.run_id} has rows of a later attempt than its own in ${table.name}`);
        }
      }
    }
  }

  /** Placed loans are in the guide, the others among the kickouts, of the attempt that readers see. */
  private async completeRunsAreWhole(rows: readonly Row[]): Promise<void> {
    const guide = await this.attemptsIn(guideTable);
    const kickouts = await this.attemptsIn(kickoutTable);
    for (const row of rows) {
      const placed = guide.get(row.run_id)?.get(row.attempt) ?? 0;
      const out = kickouts.get(row.run_id)?.get(row.attempt) ?? 0;
      if (placed !== row.allocated_count || out !== row.kickout_count) {
        this.blame(4, `run ${row.run_id}: ${placed} in the guide, ${out} kicked out; its row says otherwise`);
      }
    }
  }

  /** All runs of a tenant solve the same problem: whatever was mixed or lost would show in the result. */
  private sameInputSameResult(rows: readonly Row[]): void {
    const results = new Set(
      rows.map((row) => {
        const { certificate, dollars_by_outcome, counts } = JSON.parse(row.response_json ?? '{}') as RunResponse;
        return JSON.stringify([row.input_sha256, certificate, dollars_by_outcome, counts]);
      }),
    );
    if (results.size > 1) this.blame(1, `${results.size} different results of the same input`);
  }
}
