import { type Highs } from 'highs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import {
  type Answer,
  type Checkpoint,
  type Crew,
  type CrewJob,
  type CrewKind,
  type Performer,
  performerOf,
  type Setting,
  type Task,
} from '../allocation';
import { CrewBoard } from './crew-board';
import { type CrewAnswer, type CrewMessage } from './crew-thread';

/** How long a stop waits at most to be seen, ms. */
const LOOK_MS = 20;
/** A helper at work beats every few ms. */
const SILENT_MS = 20_000;

/** The compiled helper of a built process, or the one that compiles the sources on the way (jest). */
const DEFAULT_ENTRY = join(__dirname, __filename.endsWith('.ts') ? 'typescript-crew-thread.mjs' : 'crew-thread.js');

/** More than these find little to do: a batch of sub-problems has eight. */
const MOST_SPARE = 3;

/** Helpers for a process that solves one problem and has the machine to itself. */
export function spareHelpers(): number {
  return Math.min(MOST_SPARE, availableParallelism() - 1);
}

/** Heap of a thread that solves, MB, where nothing else is said. */
export const DEFAULT_HEAP_MB = 1_536;

export interface ThreadCrewOptions {
  /** Threads beside the caller's own. */
  readonly helpers: number;
  /** File of the helper; tests put broken ones here. */
  readonly entry?: string;
  /** Heap of a helper, MB. */
  readonly maxHeapMb?: number;
  /** A helper that shows no life for so long is done without. */
  readonly silentMs?: number;
}

/**
 * Does tasks on the caller's own thread and on helpers beside it, which start with the first tasks that can be done side
 * by side. The caller blocks, as it does while it solves. A helper that fails or dies costs time, nothing else: the caller
 * does what it left.
 */
export class ThreadCrew implements Crew {
  private readonly helpers: Helper[] = [];
  private jobs = 0;
  private runs = 0;

  constructor(private readonly options: ThreadCrewOptions) {}

  take<K extends CrewKind>(kind: K, setting: Setting<K>, highs: Highs): CrewJob<K> {
    const job = this.jobs++;
    const perform = performerOf(kind, setting, highs);
    let posted = false;
    return {
      run: (tasks, checkpoint) => {
        if (tasks.length > 1 && !posted) {
          this.postToAll({ type: 'job', job, kind, setting });
          posted = true;
        }
        return this.run(job, perform, tasks, checkpoint);
      },
    };
  }

  /** Ends the helpers. */
  close(): void {
    for (const helper of this.helpers.splice(0)) helper.end();
  }

  /** Starts the helpers that are not there. */
  private postToAll(message: CrewMessage): void {
    while (this.helpers.length < this.options.helpers) this.helpers.push(new Helper(this.options));
    for (const helper of this.helpers) helper.post(message);
  }

  private run<K extends CrewKind>(
    job: number,
    perform: Performer<K>,
    tasks: readonly Task<K>[],
    checkpoint: Checkpoint,
  ): Answer<K>[] {
    const board = new CrewBoard();
    const run: CrewRun<K> = { number: this.runs++, board, answers: new Map(), failed: new Set() };
    const look = (own: number): void => checkpoint((run.answers.size + own) / tasks.length);
    const message: CrewMessage = { type: 'run', job, run: run.number, tasks, board: board.memory };
    if (tasks.length > 1) for (const helper of this.helpers) helper.post(message);
    try {
      for (let n = board.claim(); n < tasks.length; n = board.claim()) {
        run.answers.set(n, perform(tasks[n]!, look));
        this.collect(run);
      }
      this.waitForHelpers(run, tasks.length, () => look(0));
      return tasks.map((task, n) => (run.answers.has(n) ? run.answers.get(n)! : perform(task, () => look(0))));
    } finally {
      board.stop();
    }
  }

  /** Waits for what helpers have claimed, as long as they live. */
  private waitForHelpers<K extends CrewKind>(run: CrewRun<K>, count: number, look: () => void): void {
    const { board, answers, failed } = run;
    let beats = board.beats;
    let since = performance.now();
    for (;;) {
      const seen = board.answers;
      this.collect(run);
      if (answers.size + failed.size === count) return;
      look();
      const now = performance.now();
      if (board.beats !== beats) since = now;
      beats = board.beats;
      if (now - since > (this.options.silentMs ?? SILENT_MS)) return this.close();
      board.waitForAnswer(seen, LOOK_MS);
    }
  }

  /** Takes in the answers posted so far. */
  private collect<K extends CrewKind>({ number, answers, failed }: CrewRun<K>): void {
    for (const helper of this.helpers)
      for (const message of helper.received()) {
        if (message.run !== number) continue;
        if (message.failed) failed.add(message.task);
        else answers.set(message.task, message.answer);
      }
  }
}

/** Works with a crew, whose helpers end with the work, however it ends. */
export async function withThreadCrew<T>(options: ThreadCrewOptions, work: (crew: Crew) => Promise<T>): Promise<T> {
  const crew = new ThreadCrew(options);
  try {
    return await work(crew);
  } finally {
    crew.close();
  }
}

/** Tasks under way. */
interface CrewRun<K extends CrewKind> {
  readonly number: number;
  readonly board: CrewBoard;
  readonly answers: Map<number, Answer<K>>;
  /** Tasks a helper could not do. */
  readonly failed: Set<number>;
}

/** A thread beside the caller's, and the channel to it. */
class Helper {
  private readonly port: MessagePort;
  private readonly worker: Worker;

  constructor({ entry = DEFAULT_ENTRY, maxHeapMb = DEFAULT_HEAP_MB }: ThreadCrewOptions) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const resourceLimits = { maxOldGenerationSizeMb: maxHeapMb };
    this.worker = new Worker(entry, { workerData: port2, transferList: [port2], resourceLimits });
    // Told nobody else, an error would end the process; the caller notices by the answers that do not come.
    this.worker.on('error', () => undefined);
    this.worker.unref();
    this.port.unref();
  }

  post(message: CrewMessage): void {
    this.port.postMessage(message);
  }

  received(): CrewAnswer[] {
    const messages: CrewAnswer[] = [];
    for (let next = receiveMessageOnPort(this.port); next !== undefined; next = receiveMessageOnPort(this.port))
      messages.push(next.message as CrewAnswer);
    return messages;
  }

  end(): void {
    this.port.close();
    void this.worker.terminate();
  }
}
