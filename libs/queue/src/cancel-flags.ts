import { withDeadline } from '@powerfill/platform';
import { Redis } from 'ioredis';
import { consumerConnection, producerConnection } from './connections';
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
  private readonly watches = new Map<string, () => void>();
  private subscriber: Redis | undefined;

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

  /** Raises the flag of a run and calls it out. @throws {QueueUnavailableError} */
  async raise(runId: string): Promise<void> {
    await this.bounded('raising a cancel flag', () =>
      Promise.all([
        this.client.set(this.key(runId), '1', 'EX', FLAG_SECONDS),
        this.client.publish(this.channel, runId),
      ]),
    );
  }

  /**
   * Tells when the flag of a run is raised from now on, at once; a call that is missed, for example while Redis is away,
   * is not repeated, so the flag has to be polled as well.
   * @returns what ends the watch
   */
  watch(runId: string, onRaised: () => void): () => void {
    this.watches.set(runId, onRaised);
    this.subscriber ??= this.subscribe();
    return () => {
      if (this.watches.get(runId) === onRaised) this.watches.delete(runId);
    };
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
    this.subscriber?.disconnect();
  }

  /** Of all cancels: they are rare, and one subscription is simpler than one a run. */
  private get channel(): string {
    return `${this.options.prefix}:cancels`;
  }

  private subscribe(): Redis {
    const subscriber = new Redis(consumerConnection(this.options.url));
    subscriber.on('error', this.options.onConnectionError);
    subscriber.on('message', (_, runId: string) => this.watches.get(runId)?.());
    // While Redis is away this waits for it; meanwhile the polls do.
    subscriber.subscribe(this.channel).catch(() => undefined);
    return subscriber;
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
