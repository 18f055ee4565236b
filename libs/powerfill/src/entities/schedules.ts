import { code, defineTable, nullable, text, timestamp, uuid, type RowOf } from '@powerfill/database';

/** What became of an occurrence of a schedule; one row each. */
export const scheduleFiringTable = defineTable('pfill_schedule_firing', 'audit', {
  columns: {
    schedule_id: uuid(),
    /** When it was due. */
    due_at: timestamp(),
    fired_at: timestamp(),
    /** `submitted`, `skipped` (a run was active) or `missed` (nothing could submit it in time). */
    outcome: code(20),
    /** The run submitted, or the active one in its way. */
    run_id: nullable(uuid()),
    reason: nullable(text(500)),
  },
  primaryKey: ['schedule_id', 'due_at'],
  since: 3,
});
export type ScheduleFiringRow = RowOf<typeof scheduleFiringTable>;
