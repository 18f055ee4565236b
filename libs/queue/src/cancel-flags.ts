import { withDeadline } from '@powerfill/platform';
import { Redis } from 'ioredis';
import { producerConnection } from './connections';
import { QueueUnavailableError } from './run-queue';

/** A flag outlives any run. */
const FLAG_SECONDS = 24 * 3600;

/**
 * Cancel requests in Redis. They only make a cancel fast: the request itself stands in the run row, and a
 * worker that cannot read the flag reads the row.
 */
export class CancelFlags {
  /** The fail-fast connection, shared with {@link SweepTurns}. */
  readonly client: Redis;

  constructor(
    private readonly options: {
      url: string;
      prefix: string;
      answerMs: number;
      onConnectionError: (error: Error) => void;
    },
  ) {
    this.client = new Redis(producerConnection(options.url));
    this.client.on('error', options.onConnectionError);
  }

  /** Raises the flag of a run. @throws {QueueUnavailableError} */
  async raise(runId: string): Promise<void> {
    await this.bounded('raising a cancel flag', () => this.client.set(this.key(runId), '1', 'EX', FLAG_SECONDS));
  }

  /** Whether a cancel of the run was requested. @throws {QueueUnavailableError} */
  async isRaised(runId: string): Promise<boolean> {
    return (await this.bounded('reading a cancel flag', () => this.client.exists(this.key(runId)))) === 1;
  }

  /** Round trip to Redis, for readiness. @throws {QueueUnavailableError} */
  async ping(): Promise<void> {
    await this.bounded('a ping', () => this.client.ping());
  }

  close(): void {
    this.client.disconnect();
  }

  private key(runId: string): string {
    return `${this.options.prefix}:cancel:${runId}`;
  }

  private async bounded<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await withDeadline(what, this.options.answerMs, work());
    } catch (error) {
      throw new QueueUnavailableError(error);
    }
  }
}
