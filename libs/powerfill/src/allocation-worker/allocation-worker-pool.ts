import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { type AllocationSolution } from './allocation-solution';
import { type AllocationRunner, type SolveRequest } from './runner';
import { solutionOf, threadFailure } from './solve-failure';
import { SlotGate } from './slot-gate';
import { type SolveTaskResult } from './solve-task';
import { DEFAULT_HEAP_MB, type ThreadCrewOptions } from './thread-crew';
import { type ThreadTask } from './thread-entry';

export interface AllocationWorkerPoolOptions {
  /** Solves at a time; further ones wait. */
  readonly threads?: number;
  /** Threads beside the one of each solve, which share the work of long searches with it. */
  readonly helpers?: number;
  /** Heap of a thread, MB; a solve that needs more fails as a step. */
  readonly maxHeapMb?: number;
  /** How long an aborted solve may take to stop by itself before its thread is ended, ms. */
  readonly stopGraceMs?: number;
  /** File whose default export solves a `ThreadTask`; tests put broken ones here. */
  readonly entry?: string;
}

/** With the end of the thread, which takes some 10 ms, an abort frees its place within 200 ms. */
const STOP_GRACE_MS = 150;

/** An idle thread keeps the memory of its last solve; after this it is given back. */
const IDLE_MS = 30_000;

/** The compiled entry of a built process, or the one that compiles the sources on the way (jest). */
const DEFAULT_ENTRY = join(__dirname, __filename.endsWith('.ts') ? 'typescript-thread.mjs' : 'thread-entry.js');

/**
 * Solves problems in worker threads, so that heartbeats, cancels and health checks go on meanwhile. An abort is a
 * shared flag the solver reads between moves, and a thread that does not react to it, crashes or runs out of memory is
 * replaced: the run fails, the process lives.
 */
export class AllocationWorkerPool implements AllocationRunner {
  private readonly pool: Piscina<ThreadTask, SolveTaskResult>;
  private readonly stopGraceMs: number;
  private readonly crew: ThreadCrewOptions;
  /** Holds tasks back: piscina starts no new thread for those it queued when it ends or loses one. */
  private readonly gate: SlotGate;
  /** Told when a thread cannot even start: piscina reports that to nobody in particular. */
  private readonly waiting = new Set<(error: unknown) => void>();

  constructor(options: AllocationWorkerPoolOptions = {}) {
    this.stopGraceMs = options.stopGraceMs ?? STOP_GRACE_MS;
    const threads = options.threads ?? 1;
    const maxHeapMb = options.maxHeapMb ?? DEFAULT_HEAP_MB;
    this.crew = { helpers: options.helpers ?? 0, maxHeapMb };
    this.gate = new SlotGate(threads);
    this.pool = new Piscina({
      filename: options.entry ?? DEFAULT_ENTRY,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    this.pool.on('error', (error) => this.waiting.forEach((fail) => fail(error)));
  }

  async solve({ problem, signal, onProgress }: SolveRequest): Promise<AllocationSolution> {
    const leaveGate = await this.gate.enter(signal);
    if (signal.aborted) {
      leaveGate();
      throw signal.reason;
    }
    const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const { port1, port2 } = new MessageChannel();
    port1.on('message', onProgress);
    const termination = new AbortController();
    const running = this.pool.run(
      { problem, stop, progress: port2, crew: this.crew },
      { transferList: [port2], signal: termination.signal },
    );
    let leave: (reason: unknown) => void = () => undefined;
    const left = new Promise<never>((_, reject) => (leave = reject));
    const onPoolError = (error: unknown): void => {
      leave(error);
      termination.abort();
    };
    this.waiting.add(onPoolError);
    let grace: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      Atomics.store(new Int32Array(stop), 0, 1);
      grace = setTimeout(() => termination.abort(), this.stopGraceMs);
      leave(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = (): void => {
      clearTimeout(grace);
      port1.close();
      leaveGate();
    };
    running.then(settled, settled);
    try {
      return solutionOf(await Promise.race([running, left]));
    } catch (error) {
      throw signal.aborted ? signal.reason : threadFailure(error);
    } finally {
      this.waiting.delete(onPoolError);
      signal.removeEventListener('abort', onAbort);
      port1.off('message', onProgress);
    }
  }

  /** Ends the threads; solves under way fail. */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
