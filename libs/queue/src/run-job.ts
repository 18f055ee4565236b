/** Version of the payload this build writes; a worker that meets a newer one hands the job back (runs.md, "Upgrades"). */
export const RUN_JOB_VERSION = 1;

/** What travels through Redis: ids only, never options or loans, because job data is clear text there. */
export interface RunJob {
  readonly v: typeof RUN_JOB_VERSION;
  readonly run_id: string;
  /** Persisted tenant identity. */
  readonly tenant_id: string;
}

/** A job's payload is not one of ours. */
export class RunJobError extends Error {
  constructor(
    readonly code: 'malformed' | 'newer_version',
    message: string,
  ) {
    super(message);
    this.name = 'RunJobError';
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Job id of one attempt of a run. BullMQ's `add` is a silent no-op for an id that exists in any state, so every
 * attempt has an id of its own, and adding the same attempt twice is harmless.
 */
export const runJobId = (runId: string, attempt: number): string => `${runId}.${attempt}`;

/** The attempt a job id names; null for an id that is not ours (someone added a job by hand). */
export function attemptOfJobId(jobId: string | undefined): number | null {
  const match = /^[0-9a-f-]{36}\.(\d{1,6})$/.exec(jobId ?? '');
  return match ? Number(match[1]) : null;
}

/**
 * Reads a job's payload.
 * @throws {RunJobError} `newer_version` when a newer build wrote it, `malformed` otherwise
 */
export function parseRunJob(data: unknown): RunJob {
  const job = (typeof data === 'object' && data !== null ? data : {}) as Record<string, unknown>;
  if (typeof job['v'] === 'number' && job['v'] > RUN_JOB_VERSION) {
    throw new RunJobError('newer_version', `Job payload version ${job['v']} is newer than ${RUN_JOB_VERSION}`);
  }
  const { v, run_id, tenant_id } = job;
  const valid =
    v === RUN_JOB_VERSION &&
    typeof run_id === 'string' &&
    UUID.test(run_id) &&
    typeof tenant_id === 'string' &&
    tenant_id.length > 0;
  if (!valid) throw new RunJobError('malformed', 'Job payload is not { v, run_id, tenant_id }');
  return { v: RUN_JOB_VERSION, run_id, tenant_id };
}
