import { withDeadline } from '@powerfill/platform';
import type { Queue } from 'bullmq';
import { QueueUnavailableError } from './run-queue';

/** Name of the queue whose job schedulers stand for the tenants' schedules. */
export const SCHEDULE_QUEUE = 'powerfill-schedules';

/** What travels through Redis when a schedule is due. */
export interface ScheduleJob {
  readonly v: 1;
  readonly schedule_id: string;
  readonly tenant_id: string;
}

/** When a schedule is due. */
export interface Timing {
  readonly cron: string;
  readonly timeZone: string;
}

/**
 * BullMQ's job schedulers, one a schedule. They make a schedule punctual and nothing more: all they know stands in the
 * database too. Every call is bounded and throws {@link QueueUnavailableError} when Redis does not answer.
 */
export class ScheduleQueue {
  constructor(
    private readonly queue: Queue,
    private readonly answerMs: number,
  ) {
    // Without a listener BullMQ prints connection errors past the logger; each call reports its own failure.
    this.queue.on('error', () => undefined);
  }

  /** Makes the scheduler agree with the schedule; one that does is left alone, since a change would skip an occurrence. */
  async put(job: ScheduleJob, { cron, timeZone }: Timing): Promise<void> {
    const known = await this.bounded('reading a scheduler', () => this.queue.getJobScheduler(job.schedule_id));
    if (known !== undefined && known.pattern === cron && known.tz === timeZone) return;
    const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true };
    await this.bounded('setting a scheduler', () =>
      this.queue.upsertJobScheduler(job.schedule_id, { pattern: cron, tz: timeZone }, { name: 'due', data: job, opts }),
    );
  }

  async remove(scheduleId: string): Promise<void> {
    await this.bounded('removing a scheduler', () => this.queue.removeJobScheduler(scheduleId));
  }

  private async bounded<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await withDeadline(what, this.answerMs, work());
    } catch (error) {
      throw new QueueUnavailableError(error);
    }
  }
}

/** The moment a scheduler's job stands for: its id ends with it, in milliseconds. Null for a job of another kind. */
export function dueOfJobId(jobId: string | undefined): Date | null {
  const match = /^repeat:.*:(\d{12,14})$/.exec(jobId ?? '');
  return match ? new Date(Number(match[1])) : null;
}

/** Reads a job's payload; null when it is none of ours. */
export function parseScheduleJob(data: unknown): ScheduleJob | null {
  const { v, schedule_id, tenant_id } = (data ?? {}) as Record<string, unknown>;
  return v === 1 && typeof schedule_id === 'string' && typeof tenant_id === 'string'
    ? { v, schedule_id, tenant_id }
    : null;
}
