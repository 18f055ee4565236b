import { type Crew, type CrewJob, type CrewKind, type SearchTask, type Setting, SOLO } from '../crew';
import { readProblem } from '../problem/read-problem';
import { solve } from '../solve';

/** Too many loans to be solved as one program, at most a hundred of them in the one trade. */
const problem = readProblem({
  loans: Array.from({ length: 300 }, (_, n) => ({ id: `L${n}`, amount: 100_000 + 1_000 * n })),
  trades: [{ id: 'T', max: 15_000_000 }],
  candidates: Array.from({ length: 300 }, (_, n) => ({ loan: `L${n}`, trade: 'T', score: 1 + (n % 7) / 8 })),
  limits: [{ id: 'few', kind: 'count', trades: ['T'], max: 100 }],
});

/** Does the work of `SOLO`, but the first searches come back with nothing. */
class LosingCrew implements Crew {
  readonly tasks: SearchTask[] = [];
  readonly moves: number[] = [];

  take<K extends CrewKind>(kind: K, setting: Setting<K>, highs: Parameters<Crew['take']>[2]): CrewJob<K> {
    const job = SOLO.take(kind, setting, highs);
    if (kind !== 'search') return job;
    this.moves.push(...(setting as Setting<'search'>).map(({ budget }) => budget.moves));
    return {
      run: (tasks, checkpoint) => {
        this.tasks.push(...(tasks as readonly SearchTask[]));
        const answers = job.run(tasks, checkpoint);
        return answers.map((answer, n) => ((tasks[n] as SearchTask).of === 0 ? (null as typeof answer) : answer));
      },
    };
  }
}

describe('the search of a stage under restrictions', () => {
  it('tries again, with more moves and other seeds, where the first searches find nothing', async () => {
    const crew = new LosingCrew();
    const control = { shouldStop: () => false, onProgress: () => undefined, crew };
    const outcome = await solve(problem, control, { exactWhenSmall: false });
    if (outcome.status !== 'solved') throw new Error(outcome.message);
    expect(crew.tasks.map(({ of }) => of)).toEqual([0, 0, 1, 1]);
    expect(new Set(crew.tasks.map(({ seed }) => seed)).size).toBe(4);
    const [first, second] = crew.moves as [number, number];
    expect(second).toBeGreaterThan(first);
    expect(outcome.solution.moves).toBe(2 * first + 2 * second);
  });
});
