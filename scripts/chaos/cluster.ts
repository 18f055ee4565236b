import { setTimeout as pause } from 'node:timers/promises';
import type { SeededRandom } from '../generate/random';
import type { Fault, FaultKind } from './faults';
import type { TcpProxy } from './tcp-proxy';

/** A process under a guard, as `scripts/lib/processes.mjs` starts it. */
export interface AppProcess {
  readonly pid: number;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

export type AppKind = 'api' | 'worker';

/** What the cluster is made of and what can be done to it from outside. */
export interface ClusterParts {
  readonly redisProxy: TcpProxy;
  readonly databaseProxy: TcpProxy;
  /** Starts the process of a place; every place has a port of its own. */
  launch(kind: AppKind, place: number): Promise<AppProcess>;
  restartRedis(): Promise<void>;
  flushRedis(): Promise<void>;
  restartDatabase(): Promise<void>;
  dropSessions(): Promise<void>;
}

/** A place for a process: whoever runs there is replaced when it ends. */
interface Place {
  readonly kind: AppKind;
  readonly index: number;
  process: AppProcess;
  /** A fault is at work on it. */
  busy: boolean;
}

/** Time an orchestrator takes to notice that a process is gone. */
const REPLACE_AFTER_MS = 500;

/** API and worker processes whose faults are planned; whatever else ends one of them is a violation. */
export class Cluster {
  readonly faults: Partial<Record<FaultKind, number>> = {};
  readonly violations: string[] = [];
  /** Longest time from SIGTERM to the exit, milliseconds. */
  longestExitMs = 0;
  private readonly places: Place[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private redisTroubled = false;
  private databaseTroubled = false;

  constructor(
    private readonly parts: ClusterParts,
    private readonly random: SeededRandom,
    /** A process must have exited so long after SIGTERM. */
    private readonly exitWithinMs: number,
  ) {}

  async start(apis: number, workers: number): Promise<void> {
    const wanted: [AppKind, number][] = [['api', apis] as const, ['worker', workers] as const].flatMap(
      ([kind, count]) => Array.from({ length: count }, (_, index): [AppKind, number] => [kind, index]),
    );
    await Promise.all(
      wanted.map(async ([kind, index]) => {
        const process = await this.parts.launch(kind, index);
        const place = { kind, index, process, busy: false };
        this.places.push(place);
        this.watch(place);
      }),
    );
  }

  /** Begins a fault and answers at once; where nothing fits it now, it is left out. */
  inject(fault: Fault): void {
    const work = this.workOf(fault);
    if (work === null) return;
    this.faults[fault.kind] = (this.faults[fault.kind] ?? 0) + 1;
    const running = work()
      .catch((error: unknown) => void this.violations.push(`${fault.kind}: ${String(error)}`))
      .finally(() => this.underWay.delete(running));
    this.underWay.add(running);
  }

  /**
   * Replaces processes one by one, as an orchestrator rolls out a new version: APIs and workers at the same time, of each
   * the next one when the one before is back.
   */
  async roll(restarts: number): Promise<void> {
    const share = (kind: AppKind): number => this.places.filter((place) => place.kind === kind).length;
    const apis = Math.round((restarts * share('api')) / this.places.length);
    await Promise.all([this.rollOut('api', apis), this.rollOut('worker', restarts - apis)]);
  }

  private async rollOut(kind: AppKind, restarts: number): Promise<void> {
    const places = this.places.filter((place) => place.kind === kind);
    for (let done = 0; done < restarts; done += 1) {
      const place = places[done % places.length];
      if (place === undefined) return;
      place.busy = true;
      await this.replace(place, 'SIGTERM').finally(() => (place.busy = false));
      const fault = `terminate ${kind}` as const;
      this.faults[fault] = (this.faults[fault] ?? 0) + 1;
    }
  }

  /** Resolves when every fault is over and every place has its process. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private workOf({ kind, lastsMs }: Fault): (() => Promise<void>) | null {
    const { redisProxy, databaseProxy } = this.parts;
    switch (kind) {
      case 'kill worker':
      case 'kill api':
        return this.onPlace(kind, (place) => this.replace(place, 'SIGKILL'));
      case 'terminate worker':
      case 'terminate api':
        return this.onPlace(kind, (place) => this.replace(place, 'SIGTERM'));
      case 'freeze worker':
      case 'freeze api':
        return this.onPlace(kind, async ({ process: { pid } }) => {
          process.kill(pid, 'SIGSTOP');
          await pause(lastsMs);
          process.kill(pid, 'SIGCONT');
        });
      case 'restart redis':
        return this.onRedis(() => this.parts.restartRedis());
      case 'flush redis':
        return this.onRedis(() => this.parts.flushRedis());
      case 'cut redis':
        return this.onRedis(() => away(redisProxy, 'cut', lastsMs));
      case 'hang redis':
        return this.onRedis(() => away(redisProxy, 'freeze', lastsMs));
      case 'restart database':
        return this.onDatabase(() => this.parts.restartDatabase());
      case 'drop sessions':
        return this.onDatabase(() => this.parts.dropSessions());
      case 'cut database':
        return this.onDatabase(() => away(databaseProxy, 'cut', lastsMs));
    }
  }

  /** A free place of the kind the fault names. */
  private onPlace(kind: FaultKind, work: (place: Place) => Promise<void>): (() => Promise<void>) | null {
    const app = kind.endsWith('api') ? 'api' : 'worker';
    const free = this.places.filter((place) => place.kind === app && !place.busy);
    if (free.length === 0) return null;
    const place = this.random.pick(free);
    return async () => {
      place.busy = true;
      await work(place).finally(() => (place.busy = false));
    };
  }

  private onRedis(work: () => Promise<void>): (() => Promise<void>) | null {
    if (this.redisTroubled) return null;
    this.redisTroubled = true;
    return () => work().finally(() => (this.redisTroubled = false));
  }

  private onDatabase(work: () => Promise<void>): (() => Promise<void>) | null {
    if (this.databaseTroubled) return null;
    this.databaseTroubled = true;
    return () => work().finally(() => (this.databaseTroubled = false));
  }

  private async replace(place: Place, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const leaving = place.process;
    const startedAt = performance.now();
    process.kill(leaving.pid, signal);
    const late = pause(this.exitWithinMs, 'late' as const, { ref: false });
    if ((await Promise.race([leaving.exited, late])) === 'late') {
      this.violations.push(`8: ${place.kind} ${place.index} has not exited ${this.exitWithinMs} ms after ${signal}`);
      process.kill(leaving.pid, 'SIGKILL');
      await leaving.exited;
    }
    if (signal === 'SIGTERM') this.longestExitMs = Math.max(this.longestExitMs, performance.now() - startedAt);
    if (signal === 'SIGKILL') await pause(REPLACE_AFTER_MS);
    place.process = await this.parts.launch(place.kind, place.index);
    this.watch(place);
  }

  /** A process that ends although nobody ended it is a defect; it is replaced all the same. */
  private watch(place: Place): void {
    const { process: running } = place;
    void running.exited.then(async ({ code, signal }) => {
      if (place.busy || this.stopping) return;
      this.violations.push(`${place.kind} ${place.index} ended by itself: ${signal ?? code}`);
      place.process = await this.parts.launch(place.kind, place.index);
      this.watch(place);
    });
  }

  /** From now on processes may end. */
  stop(): void {
    this.stopping = true;
  }
  private stopping = false;
}

async function away(proxy: TcpProxy, how: 'cut' | 'freeze', lastsMs: number): Promise<void> {
  proxy[how]();
  await pause(lastsMs);
  proxy.mend();
}
