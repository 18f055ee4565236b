import { Logger } from '@nestjs/common';
import type { Metrics } from '@powerfill/platform';
import type { RunNews, RunNewsWire } from '@powerfill/queue';
import type { Tenant, TenantScope } from '@powerfill/tenancy';
import { RefusedError } from '../domain/errors';
import type { RunResponse } from '../domain/run-response';
import { isTerminal } from '../domain/run-status';
import type { StepName } from '../domain/step-names';
import { eventsBetween, further, type RunEvent, withProgress } from './run-events';
import { RunHistoryService } from './run-history.service';
import { currentResponse } from './run-response';
import { describeFailure } from './step-failure';

/** Bounds of watching. */
export interface WatchLimits {
  /** Watchers of this process. */
  readonly watchers: number;
  readonly pollMs: number;
}

/** Who watches a run. */
export interface Watcher {
  tell(event: RunEvent): void;
  /** Nothing follows: the run has ended, or this process stops. */
  close(): void;
}

/** Share of all watchers that one tenant may have. */
const TENANT_SHARE = 1 / 4;
const RETRY_AFTER_SECONDS = 5;

/** One run and all who watch it in this process: one poll of its row, one subscription to its news. */
class RunWatch {
  readonly watchers = new Set<Watcher>();
  private timer: NodeJS.Timeout | undefined;
  private polling = false;
  private readonly stopListening: () => void;

  constructor(
    private view: RunResponse,
    private readonly read: () => Promise<RunResponse>,
    listen: (listener: (news: RunNews) => void) => () => void,
    private readonly pollMs: number,
    private readonly onEnd: () => void,
  ) {
    this.stopListening = listen((news) => this.hear(news));
    this.schedule();
  }

  /** Tells the watcher the state, as new as anything known here, and then what changes. */
  join(watcher: Watcher, seen: RunResponse): void {
    this.advance(further(this.view, seen));
    watcher.tell({ event: 'state', data: this.view });
    this.watchers.add(watcher);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.stopListening();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.poll(), this.pollMs);
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      this.advance(further(this.view, await this.read()));
    } finally {
      this.polling = false;
      if (!isTerminal(this.view.status) && this.watchers.size > 0) this.schedule();
    }
  }

  private hear(news: RunNews): void {
    if (news.attempt !== this.view.attempt || news.step === null) return void this.poll();
    const isNextStep = news.step !== this.view.progress.step;
    this.advance(withProgress(this.view, { step: news.step as StepName, fraction: news.fraction }));
    // The row has the report of the step before.
    if (isNextStep) void this.poll();
  }

  private advance(view: RunResponse): void {
    const events = eventsBetween(this.view, view);
    this.view = view;
    for (const event of events) for (const watcher of this.watchers) watcher.tell(event);
    if (!isTerminal(view.status)) return;
    for (const watcher of this.watchers) watcher.close();
    this.onEnd();
  }
}

/** Lets many clients watch runs at the cost of one poll a run. */
export class RunWatches {
  private readonly logger = new Logger(RunWatches.name);
  private readonly watches = new Map<string, RunWatch>();
  private readonly byTenant = new Map<string, number>();
  private count = 0;

  constructor(
    private readonly scope: TenantScope,
    private readonly history: RunHistoryService,
    private readonly news: RunNewsWire,
    private readonly metrics: Metrics,
    private readonly limits: WatchLimits,
  ) {}

  /** Runs that are watched here. */
  get size(): number {
    return this.watches.size;
  }

  /**
   * Begins to watch: the watcher is told the state first, the run's end last.
   * @param seen the run as its row was a moment ago
   * @returns what ends the watching
   * @throws {RefusedError} `streams_saturated`
   */
  watch(tenant: Tenant, seen: RunResponse, watcher: Watcher): () => void {
    if (isTerminal(seen.status)) {
      watcher.tell({ event: 'state', data: seen });
      watcher.tell({ event: 'end', data: seen });
      watcher.close();
      return () => undefined;
    }
    this.admit(tenant);
    const watch = this.watches.get(seen.run_id) ?? this.begin(tenant, seen);
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      this.change(tenant, -1);
      watch.watchers.delete(watcher);
      if (watch.watchers.size === 0) this.end(seen.run_id, watch);
    };
    watch.join(watcher, seen);
    return leave;
  }

  /** Ends all watching; clients come back to another process. */
  close(): void {
    for (const [runId, watch] of this.watches) {
      for (const watcher of watch.watchers) watcher.close();
      this.end(runId, watch);
    }
  }

  private admit(tenant: Tenant): void {
    const { watchers } = this.limits;
    const ofTenant = this.byTenant.get(tenant.tenantId) ?? 0;
    if (this.count >= watchers || ofTenant >= Math.ceil(watchers * TENANT_SHARE)) {
      throw new RefusedError('streams_saturated', 'Too many event streams are open; read the run instead.', {
        retry_after: RETRY_AFTER_SECONDS,
      });
    }
    this.change(tenant, 1);
  }

  private change(tenant: Tenant, by: number): void {
    this.count += by;
    const ofTenant = (this.byTenant.get(tenant.tenantId) ?? 0) + by;
    if (ofTenant === 0) this.byTenant.delete(tenant.tenantId);
    else this.byTenant.set(tenant.tenantId, ofTenant);
    this.metrics.eventStreams.set(this.count);
  }

  private begin(tenant: Tenant, seen: RunResponse): RunWatch {
    const runId = seen.run_id;
    const read = (): Promise<RunResponse> =>
      this.scope
        .run(tenant, async () => currentResponse(await this.history.get(runId)))
        .catch((error: unknown) => {
          // The stream stays open; the next poll tries again.
          this.logger.warn(`Watching run ${runId}: ${describeFailure(error)}`);
          return seen;
        });
    const listen = (listener: (news: RunNews) => void): (() => void) => this.news.listen(runId, listener);
    const watch: RunWatch = new RunWatch(seen, read, listen, this.limits.pollMs, () => this.end(runId, watch));
    this.watches.set(runId, watch);
    return watch;
  }

  private end(runId: string, watch: RunWatch): void {
    watch.stop();
    if (this.watches.get(runId) === watch) this.watches.delete(runId);
  }
}
