import { type MessagePort, workerData } from 'node:worker_threads';
import {
  type Answer,
  type CrewKind,
  highsRuntime,
  type Performer,
  performerOf,
  type Setting,
  type Task,
} from '../allocation';
import { CrewBoard } from './crew-board';

/** What a helper is told. */
export type CrewMessage =
  | { readonly type: 'job'; readonly job: number; readonly kind: CrewKind; readonly setting: Setting<CrewKind> }
  | {
      readonly type: 'run';
      readonly job: number;
      readonly run: number;
      readonly tasks: readonly Task<CrewKind>[];
      readonly board: SharedArrayBuffer;
    };

/** What it says: an answer, or that the caller has to do the task itself. */
export type CrewAnswer =
  | { readonly run: number; readonly task: number; readonly failed: false; readonly answer: Answer<CrewKind> }
  | { readonly run: number; readonly task: number; readonly failed: true };

/** The caller left the run. */
class RunLeft extends Error {}

/** A helper of `ThreadCrew`: claims tasks of the run at hand until there are none. */
async function help(port: MessagePort): Promise<void> {
  const highs = await highsRuntime();
  const jobs = new Map<number, Performer<CrewKind>>();
  port.on('message', (message: CrewMessage) => {
    if (message.type === 'job') {
      jobs.set(message.job, performerOf(message.kind, message.setting as never, highs));
      return;
    }
    const { job, run, tasks } = message;
    const board = new CrewBoard(message.board);
    const checkpoint = (): void => {
      board.beat();
      if (board.stopped) throw new RunLeft();
    };
    const perform = jobs.get(job);
    if (perform === undefined) return;
    while (!board.stopped) {
      const task = board.claim();
      if (task >= tasks.length) return;
      port.postMessage(answerOf(run, task, () => perform(tasks[task]!, checkpoint)));
      board.announce();
    }
  });
}

function answerOf(run: number, task: number, perform: () => Answer<CrewKind>): CrewAnswer {
  try {
    return { run, task, failed: false, answer: perform() };
  } catch {
    return { run, task, failed: true };
  }
}

void help(workerData as MessagePort);
