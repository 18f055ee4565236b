import { type MessagePort } from 'node:worker_threads';
import { type ThreadCrewOptions, withThreadCrew } from './thread-crew';
import { solveTask, type SolveTaskResult } from './solve-task';

/** A task as it is posted to the thread. */
export interface ThreadTask {
  /** Gzip of the problem file. */
  readonly problem: Uint8Array;
  /** One shared 32-bit word: anything but 0 = stop. */
  readonly stop: SharedArrayBuffer;
  /** Receives fractions 0..1. */
  readonly progress: MessagePort;
  readonly crew: ThreadCrewOptions;
}

/** Entry of the worker thread: the default export is the handler piscina calls with each task. */
export default async function solveInThread(task: ThreadTask): Promise<SolveTaskResult> {
  const stop = new Int32Array(task.stop);
  const control = {
    shouldStop: () => Atomics.load(stop, 0) !== 0,
    onProgress: (fraction: number) => task.progress.postMessage(fraction),
  };
  try {
    return await withThreadCrew(task.crew, (crew) => solveTask(task.problem, control, crew));
  } finally {
    task.progress.close();
  }
}
