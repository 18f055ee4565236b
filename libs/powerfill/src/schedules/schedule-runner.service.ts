import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { param, sql } from '@powerfill/database';
import { QueueUnavailableError } from '@powerfill/queue';
import { businessDate, tenantDatabase } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import { resolveRunOptions, type RunOptionsRequest } from '../domain/run-options-resolution';
import { scheduleFiringTable, type ScheduleRow } from '../entities';
import { SubmitRunService } from '../runs/submit-run.service';
import { previousOccurrence } from './occurrences';
import { SchedulesService } from './schedules.service';

/** What became of an occurrence. */
export type Outcome =
  | { readonly outcome: 'submitted'; readonly run_id: string; readonly reason: null }
  | { readonly outcome: 'skipped' | 'missed'; readonly run_id: string | null; readonly reason: string };

/** A sweep leaves an occurrence to the scheduler for so long. */
const SCHEDULER_MS = 5_000;
/** An occurrence that nothing submitted in this time is missed: a run an hour late helps nobody. */
const CATCH_UP_MS = 15 * 60_000;

/** Submits what is due, each occurrence once, and records what became of it. */
export class ScheduleRunner {
  private readonly logger = new Logger(ScheduleRunner.name);

  constructor(
    private readonly schedules: SchedulesService,
    private readonly submitter: SubmitRunService,
  ) {}

  /**
   * A scheduler says that a schedule of the current tenant is due.
   * @returns null when there is nothing to do: it is gone, paused, or this occurrence was dealt with
   */
  async due(scheduleId: string, dueAt: Date): Promise<Outcome | null> {
    const row = await this.schedules.find(scheduleId);
    if (row === null || row.paused || dueAt <= row.updated_at) return null;
    return this.fire(row, dueAt);
  }

  /**
   * Puts right what Redis lost or slept through in the current tenant: schedulers are set again from the rows, and the
   * last occurrence is submitted if nothing has dealt with it.
   */
  async sweep(now = new Date()): Promise<void> {
    for (const row of await this.schedules.list()) {
      await this.schedules.tellQueue(row).catch((error: unknown) => {
        if (!(error instanceof QueueUnavailableError)) throw error;
      });
      if (!row.paused) await this.catchUp(row, now);
    }
  }

  private async catchUp(row: ScheduleRow, now: Date): Promise<void> {
    const dueAt = previousOccurrence(row.cron, row.time_zone, now);
    const lateMs = now.getTime() - dueAt.getTime();
    if (dueAt <= row.updated_at || lateMs < SCHEDULER_MS || (await this.isDealtWith(row, dueAt))) return;
    if (lateMs > CATCH_UP_MS) {
      await this.record(row, dueAt, { outcome: 'missed', run_id: null, reason: 'Nothing could submit it in time.' });
    } else {
      await this.fire(row, dueAt);
    }
  }

  /** The key makes one run of an occurrence, however often and from wherever it is submitted. */
  private async fire(row: ScheduleRow, dueAt: Date): Promise<Outcome | null> {
    if (await this.isDealtWith(row, dueAt)) return null;
    const { tenant } = tenantDatabase();
    const options = JSON.parse(row.options_json) as RunOptionsRequest;
    const key = `schedule.${row.schedule_id}.${dueAt.toISOString()}`;
    let outcome: Outcome;
    try {
      const run = await this.submitter.submit({
        options: resolveRunOptions(options, businessDate(tenant, dueAt)),
        requestedBy: `schedule:${row.name}`.slice(0, 100),
        idempotency: { key, fingerprint: createHash('sha256').update(key).digest('hex') },
      });
      outcome = { outcome: 'submitted', run_id: run.run_id, reason: null };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      // Without a queue it is not over: the next sweep tries again.
      if (error.code !== 'active_run_exists') return null;
      const active = error.extra['active_run_id'];
      outcome = { outcome: 'skipped', run_id: typeof active === 'string' ? active : null, reason: error.message };
    }
    await this.record(row, dueAt, outcome);
    this.logger.log(`Schedule ${row.name}, due ${dueAt.toISOString()}: ${outcome.outcome} ${outcome.reason ?? ''}`);
    return outcome;
  }

  private async isDealtWith(row: ScheduleRow, dueAt: Date): Promise<boolean> {
    const { dialect, dataSource } = tenantDatabase();
    const where = { schedule_id: row.schedule_id, due_at: dueAt };
    const found = await dialect.readRows(dataSource, scheduleFiringTable, { columns: ['outcome'], where, limit: 1 });
    return found.length > 0;
  }

  private async record(row: ScheduleRow, dueAt: Date, { outcome, run_id, reason }: Outcome): Promise<void> {
    const { dialect, dataSource } = tenantDatabase();
    const { columns } = scheduleFiringTable;
    const insert = dialect.execute(
      dataSource,
      sql`INSERT INTO ${dialect.table(scheduleFiringTable)} (schedule_id, due_at, fired_at, outcome, run_id, reason)
          VALUES (${row.schedule_id}, ${param(columns.due_at, dueAt)}, ${dialect.now}, ${outcome},
            ${param(columns.run_id, run_id)}, ${param(columns.reason, reason)})`,
    );
    await insert.catch((error: unknown) => {
      // Another process dealt with it at the same moment; the key made it the same run.
      if (dialect.uniqueViolation(error) === null) throw error;
    });
  }
}
