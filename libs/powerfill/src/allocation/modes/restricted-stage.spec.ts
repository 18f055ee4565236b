import { type Answer, type Crew, type CrewJob, type CrewKind, type SearchTask, type Setting, SOLO } from '../crew';
import { type ProblemFile } from '../problem/problem-file';
import { readProblem } from '../problem/read-problem';
import { type Solution } from '../solution';
import { solve } from '../solve';

/** Too many loans to be solved as one program, at most a hundred of them in the one trade. */
const problem: ProblemFile = {
  loans: Array.from({ length: 300 }, (_, n) => ({ id: `L${n}`, amount: 100_000 + 1_000 * n })),
  trades: [{ id: 'T', max: 15_000_000 }],
  candidates: Array.from({ length: 300 }, (_, n) => ({ loan: `L${n}`, trade: 'T', score: 1 + (n % 7) / 8 })),
  limits: [{ id: 'few', kind: 'count', trades: ['T'], max: 100 }],
};

/** Of some attempts all searches come back with nothing, of the others all with what the first finds. */
class LosingCrew implements Crew {
  /** Per search, in their order: of which stage search, of its which attempt, its seed and its moves. */
  readonly searches: { stage: number; attempt: number; seed: number; moves: number }[] = [];
  private stages = 0;

  constructor(private readonly loses: (stage: number, attempt: number) => boolean) {}

  take<K extends CrewKind>(kind: K, setting: Setting<K>, highs: Parameters<Crew['take']>[2]): CrewJob<K> {
    const job = SOLO.take(kind, setting, highs);
    if (kind !== 'search') return job;
    const stage = this.stages++;
    const settings = setting as Setting<'search'>;
    return {
      run: (tasks, checkpoint) => {
        const searches = (tasks as readonly SearchTask[]).map(({ of, seed }) => ({
          stage,
          attempt: of,
          seed,
          moves: settings[of]!.budget.moves,
        }));
        this.searches.push(...searches);
        if (this.loses(stage, searches[0]!.attempt)) return tasks.map(() => null as Answer<K>);
        const answers = job.run(tasks.slice(0, 1), checkpoint);
        return tasks.map(() => answers[0]!);
      },
    };
  }
}

async function solvedBy(crew: Crew, options: ProblemFile['options']): Promise<Solution> {
  const control = { shouldStop: () => false, onProgress: () => undefined, crew };
  const outcome = await solve(readProblem({ ...problem, options }), control, { exactWhenSmall: false });
  if (outcome.status !== 'solved') throw new Error(outcome.message);
  return outcome.solution;
}

describe('the search of a stage under restrictions', () => {
  const attemptsOf = ({ searches }: LosingCrew): [stage: number, attempt: number, moves: number][] =>
    searches.map(({ stage, attempt, moves }) => [stage, attempt, moves]);

  it('tries again, with more moves and other seeds, where two brief searches find nothing', async () => {
    const crew = new LosingCrew((_, attempt) => attempt === 0);
    const { moves } = await solvedBy(crew, { effort: 'standard' });
    expect(attemptsOf(crew)).toEqual([
      [0, 0, 150_000],
      [0, 0, 150_000],
      [0, 1, 600_000],
      [0, 1, 600_000],
    ]);
    expect(new Set(crew.searches.map(({ seed }) => seed)).size).toBe(4);
    expect(moves).toBe(1_500_000);
  });

  it('gives searches that may miss minimums all moves at once, after those that may not', async () => {
    const crew = new LosingCrew((stage) => stage === 0);
    const { moves } = await solvedBy(crew, { effort: 'standard', unreachable: 'relax' });
    expect(attemptsOf(crew).slice(2)).toEqual([
      [0, 1, 600_000],
      [0, 1, 600_000],
      [1, 0, 600_000],
      [1, 0, 600_000],
    ]);
    expect(moves).toBe(2_700_000);
  });

  it('searches once an attempt where the moves are few', async () => {
    const crew = new LosingCrew((_, attempt) => attempt === 0);
    await solvedBy(crew, { effort: 'interactive' });
    expect(attemptsOf(crew)).toEqual([
      [0, 0, 90_000],
      [0, 1, 90_000],
    ]);
  });
});
