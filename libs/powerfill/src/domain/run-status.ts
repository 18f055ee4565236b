/** Statuses of a run, these exact strings on the wire and in the database (runs.md, section 1). */
export const RUN_STATUSES = [
  'Pending',
  'PreProcessing',
  'Allocating',
  'PostProcessing',
  'Complete',
  'Failed',
  'Cancelled',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Statuses in which a run blocks its tenant (BR-8); the filtered unique index spells them in this order. */
export const ACTIVE_STATUSES = [
  'Pending',
  'PreProcessing',
  'Allocating',
  'PostProcessing',
] as const satisfies readonly RunStatus[];
export type ActiveStatus = (typeof ACTIVE_STATUSES)[number];

/** Active statuses in which a worker owns the run. */
export const CLAIMED_STATUSES = [
  'PreProcessing',
  'Allocating',
  'PostProcessing',
] as const satisfies readonly ActiveStatus[];
export type ClaimedStatus = (typeof CLAIMED_STATUSES)[number];

/** Statuses that are never left. */
export const TERMINAL_STATUSES = ['Complete', 'Failed', 'Cancelled'] as const satisfies readonly RunStatus[];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

const contains = <S extends RunStatus>(set: readonly S[], status: RunStatus): status is S =>
  (set as readonly RunStatus[]).includes(status);

/** Whether a run in this status blocks its tenant. */
export const isActive = (status: RunStatus): status is ActiveStatus => contains(ACTIVE_STATUSES, status);
/** Whether a worker owns a run in this status. */
export const isClaimed = (status: RunStatus): status is ClaimedStatus => contains(CLAIMED_STATUSES, status);
/** Whether a run in this status has ended. */
export const isTerminal = (status: RunStatus): status is TerminalStatus => contains(TERMINAL_STATUSES, status);

/** The changes runs.md section 3 allows; every other one is impossible by the compare-and-set of its write. */
export const TRANSITIONS: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  Pending: ['PreProcessing', 'Failed', 'Cancelled'],
  PreProcessing: ['Allocating', 'Pending', 'Failed', 'Cancelled'],
  Allocating: ['PostProcessing', 'Pending', 'Failed', 'Cancelled'],
  PostProcessing: ['Complete', 'Pending', 'Failed', 'Cancelled'],
  Complete: [],
  Failed: [],
  Cancelled: [],
};
