import { type ProblemFile } from '../problem/problem-file';
import { readProblem } from '../problem/read-problem';
import { Random } from '../random';
import { type Kickout, type Solution } from '../solution';
import { solve } from '../solve';

/** The placed, unlocked loan of an earlier class worth least in the nearest trade, by looking at all; null = none is worth less. */
function weakestBefore({ problem, assignment }: Solution, { loan, nearestTrade }: Kickout): string | null {
  const { loans, trades, candidates } = problem;
  const j = trades.ids.indexOf(nearestTrade!);
  const pair = (i: number): number => {
    for (let c = candidates.start[i]!; c < candidates.start[i + 1]!; c++) if (candidates.trade[c] === j) return c;
    throw new Error('no such pair');
  };
  const points = (i: number): number => candidates.score[pair(i)]! - loans.reservation[i]!;
  const own = loans.ids.indexOf(loan);
  const earlier = [...loans.ids.keys()].filter(
    (i) =>
      assignment[i] === j &&
      loans.lockedTo[i]! < 0 &&
      candidates.priorityClass[pair(i)]! < candidates.priorityClass[pair(own)]! &&
      points(i) < points(own),
  );
  earlier.sort((a, b) => points(a) - points(b) || a - b);
  return earlier.length === 0 ? null : loans.ids[earlier[0]!]!;
}

/** Four trades with room for half of the loans, three classes, scores of few sizes. */
function crowded(random: Random): ProblemFile {
  const loans = Array.from({ length: 80 }, (_, i) => ({ id: `L${i}`, amount: 100_000 + random.below(50_000) }));
  const trades = Array.from({ length: 4 }, (_, j) => ({ id: `T${j}`, max: 1_250_000 }));
  const candidates = loans.flatMap(({ id }) =>
    trades.flatMap((trade) =>
      random.below(3) === 0
        ? []
        : [{ loan: id, trade: trade.id, score: 1 + random.below(8) / 4, priority: random.below(3), constraint: 'C' }],
    ),
  );
  return { loans, trades, candidates, options: { mode: 'priority', effort: 'interactive' } };
}

test('a loan that an earlier class kept out names the one that is worth least in its place', async () => {
  const random = new Random(1);
  let taken = 0;
  for (let number = 0; number < 5; number += 1) {
    const problem = readProblem(crowded(random));
    const outcome = await solve(problem, { shouldStop: () => false, onProgress: () => undefined });
    if (outcome.status !== 'solved') throw new Error(outcome.status);
    for (const kickout of outcome.solution.kickouts) {
      if (kickout.code === 'TAKEN_BY_PRIORITY:C') {
        expect(kickout.displacedBy).toBe(weakestBefore(outcome.solution, kickout));
        taken += 1;
      } else if (kickout.code === 'NO_ROOM') expect(weakestBefore(outcome.solution, kickout)).toBeNull();
    }
  }
  expect(taken).toBeGreaterThan(20);
});
