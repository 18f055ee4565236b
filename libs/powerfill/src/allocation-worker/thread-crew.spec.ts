import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { highsRuntime, readProblem, SOLO, type Task } from '../allocation';
import { lockedAssignment } from '../allocation/stage/assignment';
import { conditionsOf } from '../allocation/stage/conditions';
import { wholeStage } from '../allocation/stage/stage';
import { restrict } from '../allocation/stage/restrictions';
import { type SearchSetting } from '../allocation/search/seeded-search';
import { ThreadCrew, type ThreadCrewOptions } from './thread-crew';

/** Ten loans of different size for two trades that take some of them, with a limit. */
const problem = readProblem({
  loans: Array.from({ length: 10 }, (_, n) => ({ id: `L${n}`, amount: 100_000 + 7_000 * n })),
  trades: ['T1', 'T2'].map((id) => ({ id, target: 300_000, min: 290_000, max: 310_000, pair_off_points: 0.5 })),
  candidates: Array.from({ length: 20 }, (_, n) => ({
    loan: `L${n >> 1}`,
    trade: `T${1 + (n & 1)}`,
    score: 100 + ((n * 7) % 10) / 10,
  })),
  limits: [{ id: 'few', kind: 'count', trades: ['T1'], max: 2 }],
});
const conditions = conditionsOf(problem);
const stage = wholeStage(problem);
const fixed = lockedAssignment(problem);
const restrictions = restrict(problem, conditions, stage, fixed.candidate);
const rates = { row: new Float64Array(restrictions.rowCount).fill(1e6), reach: 1, fixed: 100, out: 1e7 };
const start = { option: new Int32Array(stage.loans.length).fill(-1), fill: stage.baseFill.slice() };
const searching: SearchSetting = {
  stage,
  restrictions,
  rules: { problem, conditions, fixed },
  start,
  guide: stage.net,
  rates,
  budget: { moves: 5_000, temperature: 100, nearTie: 1e9 },
};
const SETTINGS = [searching, { ...searching, guide: searching.guide.map((worth) => -worth) }];
const seedsUpTo = (count: number): Task<'search'>[] =>
  Array.from({ length: count }, (_, n) => ({ of: n % SETTINGS.length, seed: n }));

describe('ThreadCrew', () => {
  let folder = '';
  let crew: ThreadCrew | undefined;
  let entries = 0;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'thread-crew-'));
  });
  afterEach(() => {
    crew?.close();
    crew = undefined;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const crewOf = (options: Partial<ThreadCrewOptions> = {}): ThreadCrew =>
    (crew = new ThreadCrew({ helpers: 2, ...options }));

  /** A helper's file with this body of `(message, port, words) => ...`, called with each message. */
  function helperOf(body: string): string {
    entries += 1;
    const entry = join(folder, `helper-${entries}.cjs`);
    writeFileSync(
      entry,
      `let job;
       const port = require('node:worker_threads').workerData;
       port.on('message', (message) => {
         const words = message.board && new Int32Array(message.board);
         ${body}
       });`,
    );
    return entry;
  }

  async function searched(by: { take: ThreadCrew['take'] }, checkpoint = (): void => undefined): Promise<unknown> {
    return by.take('search', SETTINGS, await highsRuntime()).run(seedsUpTo(5), checkpoint);
  }

  it('gives the answers that one thread gives, in their order', async () => {
    const alone = await searched(SOLO);
    expect(alone).not.toContain(null);
    expect(await searched(crewOf())).toEqual(alone);
  });

  it('gives the answers of sub-problems that one thread gives', async () => {
    const highs = await highsRuntime();
    const from = { ...start, activity: new Float64Array(restrictions.rowCount) };
    const tasks = [2, 4, 6, 8, 10].map((count) => {
      const loans = Array.from({ length: count }, (_, s) => s);
      const options = loans.map((s) => [stage.start[s]!, stage.start[s]! + 1]);
      return { neighbourhood: { loans, options }, from, budget: { nodes: 100, lpIterations: 1_000, gap: 0.005 } };
    });
    const setting = { stage, restrictions, charges: rates };
    const idle = (): void => undefined;
    const alone = SOLO.take('neighbourhood', setting, highs).run(tasks, idle);
    expect(alone.every(({ option }) => option !== null)).toBe(true);
    expect(crewOf().take('neighbourhood', setting, highs).run(tasks, idle)).toEqual(alone);
  });

  it('takes what helpers answer, who hear of the work with the first tasks that can be done side by side', async () => {
    // Claims a task as soon as it hears of the run, and answers it with what no search would.
    const entry = helperOf(`if (message.type === 'job') job = message.job;
    else if (message.job === job) {
      const task = Atomics.add(words, 0, 1);
      if (task < message.tasks.length) {
        port.postMessage({ run: message.run, task, failed: false, answer: 'mine' });
        Atomics.add(words, 3, 1);
        Atomics.notify(words, 3);
      }
    }`);
    const job = crewOf({ helpers: 1, entry }).take('search', SETTINGS, await highsRuntime());
    const mine = (tasks: Task<'search'>[]): unknown[] =>
      job.run(tasks, () => undefined).filter((answer) => (answer as unknown) === 'mine');
    expect(mine(seedsUpTo(1))).toHaveLength(0);
    expect(mine(seedsUpTo(40))).toHaveLength(1);
    expect(mine(seedsUpTo(40))).toHaveLength(1);
  });

  it.each([
    ['hands a task back', `port.postMessage({ run: message.run, task, failed: true });`],
    ['says nothing more', `Atomics.add(words, 2, 1);`],
    ['dies', `process.exit(1);`],
    ['throws', `throw new Error('broken');`],
    ['fills its memory', `const hold = []; for (;;) hold.push(new Array(1000).fill({}));`],
  ])('does itself what a helper leaves that claims and %s', async (_, then) => {
    const entry = helperOf(`if (message.type === 'run') {
      const task = Atomics.add(words, 0, 1);
      ${then}
    }`);
    const by = crewOf({ entry, silentMs: 300, maxHeapMb: 32 });
    const alone = await searched(SOLO);
    for (let round = 0; round < 2; round += 1) expect(await searched(by)).toEqual(alone);
  });

  it('does everything itself when its helpers cannot start', async () => {
    expect(await searched(crewOf({ entry: join(folder, 'absent.cjs') }))).toEqual(await searched(SOLO));
  });

  it('stops when the checkpoint throws, also while it waits for a helper', async () => {
    const entry = helperOf(`if (message.type === 'run') Atomics.add(words, 0, 1);`);
    const started = performance.now();
    const stop = (): void => {
      if (performance.now() - started > 500) throw new Error('stopped');
    };
    const job = crewOf({ entry }).take('search', SETTINGS, await highsRuntime());
    expect(() => job.run(seedsUpTo(2_000), stop)).toThrow('stopped');
  });

  it('reports progress that reaches no more than 1', async () => {
    const seen: number[] = [];
    crewOf()
      .take('search', SETTINGS, await highsRuntime())
      .run(seedsUpTo(5), (done) => seen.push(done));
    expect(Math.max(...seen)).toBeLessThanOrEqual(1);
    expect(Math.max(...seen)).toBeGreaterThan(0.5);
  });
});
