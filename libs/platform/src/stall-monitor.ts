const TICK_MS = 20;
/** A longer stall is a defect (platform.md). */
const LIMIT_MS = 200;

/** A time in which the event loop did not turn. */
export interface Stall {
  readonly ms: number;
  /** Processor time of the process meanwhile, all its threads together: far below `ms`, the machine is at fault. */
  readonly cpuMs: number;
  /** What this process had at work then. */
  readonly during: readonly string[];
}

/** Longest stalls while some work was under way, in milliseconds. */
export interface WorkStalls {
  readonly maxMs: number;
  /** Of each stall at most the processor time the process had meanwhile. */
  readonly maxOwnMs: number;
}

/**
 * Measures event-loop stalls and names the work that was under way: whoever may hold up the loop says so with
 * {@link during}. Late timers are what it sees, so a machine without a free processor looks like a stall too; the
 * processor time tells them apart.
 */
export class StallMonitor {
  private readonly active = new Map<string, number>();
  /** Work that ended since the last tick, perhaps inside a stall that is not over yet. */
  private readonly ended = new Set<string>();
  private readonly longest = new Map<string, WorkStalls>();
  private readonly timer: NodeJS.Timeout;
  private tickedAt = performance.now();
  private usage = process.cpuUsage();
  private longestMs = 0;

  /** @param onStall told of every stall over 200 ms */
  constructor(private readonly onStall: (stall: Stall) => void = () => undefined) {
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** Longest stall since the process started, in milliseconds. */
  get maxMs(): number {
    return this.longestMs;
  }

  /** Longest stalls by work. */
  get byWork(): ReadonlyMap<string, WorkStalls> {
    return this.longest;
  }

  /** Runs work under a name from a small, fixed set. */
  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.active.set(name, (this.active.get(name) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const others = (this.active.get(name) ?? 1) - 1;
      if (others === 0) this.active.delete(name);
      else this.active.set(name, others);
      this.ended.add(name);
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = performance.now();
    const ms = Math.max(0, now - this.tickedAt - TICK_MS);
    const usage = process.cpuUsage();
    const cpuMs = (usage.user - this.usage.user + usage.system - this.usage.system) / 1000;
    this.tickedAt = now;
    this.usage = usage;
    const during = [...new Set([...this.active.keys(), ...this.ended])];
    this.ended.clear();
    this.longestMs = Math.max(this.longestMs, ms);
    for (const name of during) {
      const known = this.longest.get(name) ?? { maxMs: 0, maxOwnMs: 0 };
      this.longest.set(name, {
        maxMs: Math.max(known.maxMs, ms),
        maxOwnMs: Math.max(known.maxOwnMs, Math.min(ms, cpuMs)),
      });
    }
    if (ms > LIMIT_MS) this.onStall({ ms, cpuMs, during });
  }
}
