import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepError } from '../steps/run-step';
import { type AllocationSolution } from './allocation-solution';
import { AllocationWorkerPool, type AllocationWorkerPoolOptions } from './allocation-worker-pool';

/** What a well-behaved thread answers; its content does not matter here. */
const SOLUTION = { loanCount: 0, tradeIds: [], warnings: [] } as unknown as AllocationSolution;

describe('AllocationWorkerPool', () => {
  let folder = '';
  let pool: AllocationWorkerPool | undefined;
  let entries = 0;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'allocation-pool-'));
  });
  afterEach(async () => {
    await pool?.close();
    pool = undefined;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A pool whose threads run this body of `async (task) => ...`. */
  function poolOf(body: string, options: Omit<AllocationWorkerPoolOptions, 'entry'> = {}): AllocationWorkerPool {
    entries += 1;
    const entry = join(folder, `entry-${entries}.cjs`);
    writeFileSync(entry, `module.exports = async (task) => { ${body} };`);
    pool = new AllocationWorkerPool({ ...options, entry });
    return pool;
  }

  const solve = (
    target: AllocationWorkerPool,
    signal = new AbortController().signal,
    onProgress: (fraction: number) => void = () => undefined,
    text = '{}',
  ): Promise<AllocationSolution> =>
    target.solve({ problem: new Uint8Array(new TextEncoder().encode(text)), signal, onProgress });

  const solved = `return { kind: 'solved', solution: ${JSON.stringify(SOLUTION)} };`;

  it('hands the problem to a thread, reports progress and returns the solution', async () => {
    const seen: number[] = [];
    const target = poolOf(
      `task.progress.postMessage(0.5); task.progress.postMessage(Buffer.from(task.problem).toString().length / 10); ${solved}`,
    );
    const problem = new Uint8Array(new TextEncoder().encode('12345678'));
    const heard = new Promise<void>((resolve) => {
      void target
        .solve({
          problem,
          signal: new AbortController().signal,
          onProgress: (fraction) => {
            seen.push(fraction);
          },
        })
        .then((solution) => {
          expect(solution).toEqual(SOLUTION);
          resolve();
        });
    });
    await heard;
    // Copied, not moved: the sender is going to store them.
    expect(problem.byteLength).toBe(8);
    expect(seen.every((fraction) => fraction === 0.5 || fraction === 0.8)).toBe(true);
  });

  it('fails the step with the code the task ended with', async () => {
    const target = poolOf(`return { kind: 'failed', code: 'audit_failed', message: 'refused' };`);
    await expect(solve(target)).rejects.toMatchObject({ name: 'StepError', code: 'audit_failed', message: 'refused' });
  });

  it('rejects with the abort reason at once and ends a thread that does not react', async () => {
    const target = poolOf(`if (Buffer.from(task.problem).toString() === 'long') for (;;); ${solved}`, {
      stopGraceMs: 100,
    });
    const controller = new AbortController();
    const running = solve(target, controller.signal, () => undefined, 'long');
    const reason = new Error('cancelled');
    const started = performance.now();
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(performance.now() - started).toBeLessThan(200);
    // There is one thread and it loops for ever, so only a fresh one can answer.
    await expect(solve(target)).resolves.toEqual(SOLUTION);
  });

  it('sets the stop flag, so that a thread that reads it goes on to the next problem', async () => {
    const target = poolOf(
      `const stop = new Int32Array(task.stop);
       if (Buffer.from(task.problem).toString() === 'long') {
         while (Atomics.load(stop, 0) === 0) Atomics.wait(stop, 0, 0, 5);
         globalThis.stopped = true;
         return { kind: 'stopped' };
       }
       return { kind: 'failed', code: String(globalThis.stopped), message: '' };`,
      { stopGraceMs: 60_000 },
    );
    const controller = new AbortController();
    const running = solve(target, controller.signal, () => undefined, 'long');
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
    // Same thread, hence the same global, so it was stopped by the flag and not ended.
    await expect(solve(target)).rejects.toMatchObject({ code: 'true' });
  });

  it('does not start when the signal is aborted already', async () => {
    const target = poolOf(solved);
    await expect(solve(target, AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
  });

  it('turns an exception of the thread into a step error', async () => {
    const target = poolOf(`throw new TypeError('broken');`);
    await expect(solve(target)).rejects.toMatchObject({
      code: 'allocation_thread_failed',
      message: 'The allocation thread failed: TypeError: broken',
    });
  });

  it('turns a thread that exits into a step error and goes on with a new one', async () => {
    const target = poolOf(`if (Buffer.from(task.problem).toString() === 'exit') process.exit(7); ${solved}`);
    await expect(solve(target, undefined, undefined, 'exit')).rejects.toMatchObject({
      code: 'allocation_thread_failed',
    });
    await expect(solve(target)).resolves.toEqual(SOLUTION);
  });

  it('turns a thread out of memory into a step error, not a process without memory', async () => {
    const target = poolOf(`const hold = []; for (;;) hold.push(new Array(1000).fill({}));`, { maxHeapMb: 32 });
    await expect(solve(target)).rejects.toMatchObject({ code: 'allocation_out_of_memory' });
  });

  it('turns a thread that cannot start into a step error', async () => {
    pool = new AllocationWorkerPool({ entry: join(folder, 'absent.cjs') });
    await expect(solve(pool)).rejects.toBeInstanceOf(StepError);
  });
});
