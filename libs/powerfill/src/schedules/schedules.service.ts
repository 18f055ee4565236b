import { randomUUID } from 'node:crypto';
import { param, sql } from '@powerfill/database';
import { QueueUnavailableError, ScheduleQueue } from '@powerfill/queue';
import { tenantDatabase } from '@powerfill/tenancy';
import { changeConfiguration, type ChangeScope, loggedRow } from '../configuration';
import { RefusedError } from '../domain/errors';
import { type ScheduleFiringRow, scheduleFiringTable, type ScheduleRow, scheduleTable } from '../entities';

/** What a caller decides about a schedule; validated before. */
export interface ScheduleRequest {
  readonly name: string;
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA zone. */
  readonly time_zone: string;
  /** Options as given; their defaults are filled in when a run is submitted. */
  readonly options_json: string;
  readonly paused: boolean;
}

/** Schedules of one tenant: more than a desk needs, few enough for every sweep to look at. */
export const MAX_SCHEDULES = 20;
const SHOWN_FIRINGS = 50;
const { columns } = scheduleTable;

/** Keeps the current tenant's schedules, and Redis in step with them; where Redis is away, the next sweep does. */
export class SchedulesService {
  constructor(private readonly queue: ScheduleQueue) {}

  async list(): Promise<readonly ScheduleRow[]> {
    const { dialect, dataSource } = tenantDatabase();
    return dialect.readRows(dataSource, scheduleTable, { orderBy: ['name', 'schedule_id'], limit: MAX_SCHEDULES });
  }

  async find(scheduleId: string): Promise<ScheduleRow | null> {
    const { dialect, dataSource } = tenantDatabase();
    const [row] = await dialect.readRows(dataSource, scheduleTable, { where: { schedule_id: scheduleId }, limit: 1 });
    return row ?? null;
  }

  /** @throws {RefusedError} `object_not_found` */
  async get(scheduleId: string): Promise<ScheduleRow> {
    const row = await this.find(scheduleId);
    if (row === null) throw notFound(scheduleId);
    return row;
  }

  /** What became of the latest occurrences, newest first. @throws {RefusedError} `object_not_found` */
  async firings(scheduleId: string): Promise<readonly ScheduleFiringRow[]> {
    const { dialect, dataSource } = tenantDatabase();
    await this.get(scheduleId);
    return dialect.readRows(dataSource, scheduleFiringTable, {
      where: { schedule_id: scheduleId },
      orderBy: [{ column: 'due_at', descending: true }],
      limit: SHOWN_FIRINGS,
    });
  }

  /** @throws {RefusedError} `too_many_schedules` */
  async create(request: ScheduleRequest, by: string): Promise<ScheduleRow> {
    const scheduleId = randomUUID();
    const row = await changeConfiguration(by, async (scope) => {
      const { runner, dialect } = scope;
      const known = await dialect.readRows(runner, scheduleTable, { columns: ['schedule_id'], limit: MAX_SCHEDULES });
      if (known.length >= MAX_SCHEDULES) {
        throw new RefusedError('too_many_schedules', `A tenant has at most ${MAX_SCHEDULES} schedules.`);
      }
      const now = await databaseTime(scope);
      const created = { ...request, schedule_id: scheduleId, created_by: by, created_at: now, updated_at: now };
      const inserted: ScheduleRow = { ...created, row_version: 1 };
      await dialect.insertRows(runner, scheduleTable, [inserted]);
      this.log(scope, null, inserted);
      return inserted;
    });
    await this.bestEffort(() => this.tellQueue(row));
    return row;
  }

  /**
   * @param version the row version the change was made from
   * @throws {RefusedError} `object_not_found`, `precondition_failed`
   */
  async replace(scheduleId: string, version: number, request: ScheduleRequest, by: string): Promise<ScheduleRow> {
    const row = await changeConfiguration(by, async (scope) => {
      const { runner, dialect } = scope;
      const before = await this.expected(scope, scheduleId, version);
      const after: ScheduleRow = {
        ...before,
        ...request,
        updated_at: await databaseTime(scope),
        row_version: version + 1,
      };
      const changed = await dialect.execute(
        runner,
        sql`UPDATE ${dialect.table(scheduleTable)} SET name = ${param(columns.name, after.name)}, cron = ${after.cron},
              time_zone = ${after.time_zone}, options_json = ${param(columns.options_json, after.options_json)},
              paused = ${param(columns.paused, after.paused)}, updated_at = ${param(columns.updated_at, after.updated_at)},
              row_version = ${after.row_version}
            WHERE schedule_id = ${scheduleId} AND row_version = ${version}`,
      );
      if (changed !== 1) throw stale(before);
      this.log(scope, before, after);
      return after;
    });
    await this.bestEffort(() => this.tellQueue(row));
    return row;
  }

  /** @throws {RefusedError} `object_not_found`, `precondition_failed` */
  async remove(scheduleId: string, version: number, by: string): Promise<void> {
    await changeConfiguration(by, async (scope) => {
      const { runner, dialect } = scope;
      const before = await this.expected(scope, scheduleId, version);
      const gone = await dialect.execute(
        runner,
        sql`DELETE FROM ${dialect.table(scheduleTable)} WHERE schedule_id = ${scheduleId} AND row_version = ${version}`,
      );
      if (gone !== 1) throw stale(before);
      this.log(scope, before, null);
    });
    await this.bestEffort(() => this.queue.remove(scheduleId));
  }

  /** Makes Redis agree with the row. @throws {QueueUnavailableError} */
  async tellQueue(row: ScheduleRow): Promise<void> {
    const job = { v: 1, schedule_id: row.schedule_id, tenant_id: tenantDatabase().tenant.tenantId } as const;
    if (row.paused) await this.queue.remove(row.schedule_id);
    else await this.queue.put(job, { cron: row.cron, timeZone: row.time_zone });
  }

  private async expected({ runner, dialect }: ChangeScope, id: string, version: number): Promise<ScheduleRow> {
    const [row] = await dialect.readRows(runner, scheduleTable, { where: { schedule_id: id }, limit: 1 });
    if (row === undefined) throw notFound(id);
    if (row.row_version !== version) throw stale(row);
    return row;
  }

  private log({ record }: ChangeScope, before: ScheduleRow | null, after: ScheduleRow | null): void {
    const shown = (row: ScheduleRow | null) => (row === null ? null : loggedRow(scheduleTable, row));
    const key = (after ?? before)?.schedule_id ?? '';
    record({ kind: 'schedule', key, before: shown(before), after: shown(after) });
  }

  private async bestEffort(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      if (!(error instanceof QueueUnavailableError)) throw error;
    });
  }
}

async function databaseTime({ runner, dialect }: ChangeScope): Promise<Date> {
  const [clock] = await dialect.query<{ now: Date | string }>(runner, sql`SELECT ${dialect.now} AS now`);
  if (clock === undefined) throw new Error('The database does not tell its time');
  return new Date(clock.now);
}

const notFound = (scheduleId: string): RefusedError =>
  new RefusedError('object_not_found', `This tenant has no schedule ${scheduleId}.`, { schedule_id: scheduleId });

const stale = ({ schedule_id: id, row_version: current }: ScheduleRow): RefusedError =>
  new RefusedError(
    'precondition_failed',
    `The schedule ${id} was changed since that version; read it again and repeat the change.`,
    { current_row_version: current },
  );
