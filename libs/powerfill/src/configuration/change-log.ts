import { randomUUID } from 'node:crypto';
import {
  type Dialect,
  inTransaction,
  param,
  type RowOf,
  sql,
  type TableDefinition,
  type TransactionOptions,
} from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { QueryRunner } from 'typeorm';
import { changeLogTable, type ChangeLogRow } from '../entities';
import { jsonRow, tableColumns, type WireValue } from '../reports/report-column';

/** What a change is about, in the log. */
export const CHANGE_KINDS = [
  'constraint',
  'constraint_order',
  'constraint_rule',
  'carry_cost',
  'lockdown',
  'preflight_setting',
  'import',
  'import_profile',
  'preprocess',
  'run_acceptance',
  'schedule',
] as const;
/** One of {@link CHANGE_KINDS}. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A change as the log keeps it; `before` is null for what is new, `after` for what is gone. */
export interface Change {
  readonly kind: ChangeKind;
  /** Key of the object, its parts joined by `/`. */
  readonly key: string;
  readonly before: WireValue;
  readonly after: WireValue;
}

/** A transaction that changes configuration, and the log of what it changes. */
export interface ChangeScope {
  readonly runner: QueryRunner;
  readonly dialect: Dialect;
  readonly record: (change: Change) => void;
}

/** A row as the log shows it: money, rates and points as text of fixed scale. */
export const loggedRow = <T extends TableDefinition>(table: T, row: RowOf<T>): WireValue =>
  jsonRow(tableColumns(table, Object.keys(table.columns) as (keyof T['columns'] & string)[]), row);

/**
 * Makes a change and logs it in one transaction: there is no change without its line in the log, and no line without
 * its change.
 * @param by who asks
 */
export async function changeConfiguration<R>(
  by: string,
  work: (scope: ChangeScope) => Promise<R>,
  options?: TransactionOptions,
): Promise<R> {
  const database = tenantDatabase();
  return inTransaction(
    database,
    async (runner) => {
      const changes: Change[] = [];
      const result = await work({ runner, dialect: database.dialect, record: (change) => void changes.push(change) });
      await writeChanges(runner, database.dialect, by, changes);
      return result;
    },
    options,
  );
}

/** Writes lines into the log inside a transaction of the caller's. */
export async function writeChanges(
  runner: QueryRunner,
  dialect: Dialect,
  by: string,
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return;
  const [clock] = await dialect.query<{ now: Date | string }>(runner, sql`SELECT ${dialect.now} AS now`);
  const changedAt = new Date(clock?.now ?? 0);
  const text = (value: WireValue): string | null => (value === null ? null : JSON.stringify(value));
  await dialect.insertRows(
    runner,
    changeLogTable,
    changes.map(({ kind, key, before, after }) => ({
      change_id: randomUUID(),
      changed_at: changedAt,
      changed_by: by,
      object_kind: kind,
      object_key: key,
      before_json: text(before),
      after_json: text(after),
    })),
  );
}

/** Which lines of the log are asked for. */
export interface ChangeQuery {
  readonly limit: number;
  readonly kind?: ChangeKind;
  readonly key?: string;
  readonly by?: string;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly after?: { readonly changedAt: Date; readonly changeId: string };
}

/** Reads the log of the current tenant, newest first; one line more than `limit` when there are more. */
export async function readChanges(query: ChangeQuery): Promise<ChangeLogRow[]> {
  const { dialect, dataSource } = tenantDatabase();
  const time = changeLogTable.columns.changed_at;
  let condition = sql`1 = 1`;
  if (query.from) condition = sql`${condition} AND changed_at >= ${param(time, query.from)}`;
  if (query.to) condition = sql`${condition} AND changed_at < ${param(time, query.to)}`;
  if (query.after) {
    const at = param(time, query.after.changedAt);
    const id = param(changeLogTable.columns.change_id, query.after.changeId);
    condition = sql`${condition} AND (changed_at < ${at} OR (changed_at = ${at} AND change_id < ${id}))`;
  }
  return dialect.readRows(dataSource, changeLogTable, {
    where: {
      ...(query.kind === undefined ? {} : { object_kind: query.kind }),
      ...(query.key === undefined ? {} : { object_key: query.key }),
      ...(query.by === undefined ? {} : { changed_by: query.by }),
    },
    and: condition,
    orderBy: [
      { column: 'changed_at', descending: true },
      { column: 'change_id', descending: true },
    ],
    limit: query.limit + 1,
  });
}
