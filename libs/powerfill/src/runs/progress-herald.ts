import type { RunNewsWire } from '@powerfill/queue';
import type { RunProgress } from '../domain/run-response';
import type { OwnedRun } from './run-claims.service';

/** News of one run are sent this far apart at least. */
const PAUSE_MS = 150;

/** Tells the news of an attempt to whoever watches, a few a second at most and always the last. */
export class ProgressHerald {
  private timer: NodeJS.Timeout | undefined;
  private latest: RunProgress['progress'] | undefined;

  constructor(
    private readonly run: OwnedRun,
    private readonly news: RunNewsWire,
  ) {}

  tell({ progress }: RunProgress): void {
    this.latest = progress;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.latest) this.send(this.latest);
    }, PAUSE_MS);
  }

  /** The attempt is over, however it went. */
  end(): void {
    clearTimeout(this.timer);
    this.send({ step: null, fraction: this.latest?.fraction ?? 0 });
  }

  private send({ step, fraction }: RunProgress['progress']): void {
    this.news.tell({ run_id: this.run.runId, attempt: this.run.attempt, step, fraction });
  }
}
