import { withDeadline } from '@powerfill/platform';
import type { Queue } from 'bullmq';
import { runJobId, type RunJob } from './run-job';
import { QueueUnavailableError, RunQueue, type RunJobState } from './run-queue';

/** Job name; there is one kind of job. */
const JOB_NAME = 'run';

/** {@link RunQueue} on BullMQ. The queue's connection must fail fast (see `producerConnection`). */
export class BullMqRunQueue extends RunQueue {
  constructor(
    private readonly queue: Queue,
    private readonly answerMs: number,
  ) {
    super();
    // Without a listener BullMQ prints connection errors past the logger; each call reports its own failure.
    this.queue.on('error', () => undefined);
  }

  async add(job: RunJob, attempt: number, withinMs = this.answerMs): Promise<void> {
    const jobId = runJobId(job.run_id, attempt);
    // Retrying is the run protocol's business (takeover), never BullMQ's: hence one attempt.
    await this.bounded(
      'adding a run',
      () => this.queue.add(JOB_NAME, job, { jobId, attempts: 1, removeOnComplete: true, removeOnFail: true }),
      withinMs,
    );
  }

  waitingCount(): Promise<number> {
    return this.bounded('counting waiting runs', () => this.queue.getJobCountByTypes('wait', 'delayed', 'prioritized'));
  }

  async stateOf(runId: string, attempt: number): Promise<RunJobState> {
    const state = await this.bounded('looking a job up', () => this.queue.getJobState(runJobId(runId, attempt)));
    if (state === 'active') return 'active';
    if (state === 'unknown') return 'absent';
    return state === 'completed' || state === 'failed' ? 'finished' : 'waiting';
  }

  async remove(runId: string, attempt: number): Promise<boolean> {
    // 0 = a worker holds its lock; an absent job counts as removed.
    const removed = await this.bounded('removing a job', () => this.queue.remove(runJobId(runId, attempt)));
    return removed === 1 || (await this.stateOf(runId, attempt)) === 'absent';
  }

  counts(): Promise<Readonly<Record<string, number>>> {
    return this.bounded('counting jobs', () =>
      this.queue.getJobCounts('wait', 'active', 'delayed', 'completed', 'failed'),
    );
  }

  private async bounded<T>(what: string, work: () => Promise<T>, withinMs = this.answerMs): Promise<T> {
    try {
      return await withDeadline(what, withinMs, work());
    } catch (error) {
      throw new QueueUnavailableError(error);
    }
  }
}
