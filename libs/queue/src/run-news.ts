import { Redis } from 'ioredis';
import type { CancelFlags } from './cancel-flags';
import { consumerConnection } from './connections';

/** Where an attempt of a run is. No text and no money: what travels through Redis is readable there. */
export interface RunNews {
  readonly run_id: string;
  readonly attempt: number;
  /** The step at work; null once the attempt is over, which says that the row is worth a look. */
  readonly step: string | null;
  /** Share of the whole run, 0..1. */
  readonly fraction: number;
}

type Listener = (news: RunNews) => void;

/**
 * News of runs from the workers to whoever watches. Only for speed: nothing is stored, nothing is sent again, and a
 * watcher that hears nothing reads the run row. One subscription a process and run, however many listen.
 */
export class RunNewsWire {
  private readonly listeners = new Map<string, Set<Listener>>();
  private subscriber: Redis | undefined;

  constructor(
    private readonly publisher: CancelFlags['client'],
    private readonly options: { url: string; prefix: string; onConnectionError: (error: Error) => void },
  ) {}

  /** Tells whoever listens; while Redis is away, nobody. */
  tell(news: RunNews): void {
    this.publisher.publish(this.channel(news.run_id), JSON.stringify(news)).catch(() => undefined);
  }

  /** @returns what ends the listening */
  listen(runId: string, listener: Listener): () => void {
    const known = this.listeners.get(runId);
    const listening = known ?? new Set();
    listening.add(listener);
    if (known === undefined) {
      this.listeners.set(runId, listening);
      // While Redis is away this waits for it; meanwhile there are no news.
      this.connection()
        .subscribe(this.channel(runId))
        .catch(() => undefined);
    }
    return () => {
      listening.delete(listener);
      if (listening.size > 0 || this.listeners.get(runId) !== listening) return;
      this.listeners.delete(runId);
      this.subscriber?.unsubscribe(this.channel(runId)).catch(() => undefined);
    };
  }

  close(): void {
    this.subscriber?.disconnect();
  }

  private channel(runId: string): string {
    return `${this.options.prefix}:news:${runId}`;
  }

  /** Opened by the first who listens: a worker never does. */
  private connection(): Redis {
    if (this.subscriber !== undefined) return this.subscriber;
    const subscriber = new Redis(consumerConnection(this.options.url));
    subscriber.on('error', this.options.onConnectionError);
    subscriber.on('message', (_, text: string) => {
      const news = JSON.parse(text) as RunNews;
      for (const listener of this.listeners.get(news.run_id) ?? []) listener(news);
    });
    this.subscriber = subscriber;
    return subscriber;
  }
}
