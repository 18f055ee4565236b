import { readProblem } from '../problem/read-problem';
import { wholeStage } from '../stage/stage';
import { solve } from '../solve';
import { branchOnSides } from './trade-branching';
import { REACHED, SHORT } from '../stage/trade-sides';

/**
 * Below its L of 1,000 the trade costs 1 point of what is missing of 2,000, from there on nothing: the envelope pays 2
 * points a dollar. A dollar of A costs 1.5, so that the relaxation places A; no assignment earns by it.
 */
const problem = readProblem({
  loans: [
    { id: 'A', amount: 600 },
    { id: 'B', amount: 600 },
  ],
  trades: [{ id: 'T', target: 2000, min: 1000, max: 2000, pair_off_points: 1 }],
  candidates: [
    { loan: 'A', trade: 'T', score: -1.5 },
    { loan: 'B', trade: 'T', score: -3 },
  ],
});

describe('branching on the jump of a pair-off', () => {
  const stage = wholeStage(problem);
  const leavesWithin = (nodes: number): [side: number, cents: number][] =>
    branchOnSides(stage, nodes, () => undefined).map(({ sides, relaxed }) => [sides[0]!, Math.round(relaxed.value)]);

  it('bounds each side of L by itself, the higher first', () => {
    expect(leavesWithin(1)).toEqual([[0, -1_700]]);
    expect(leavesWithin(3)).toEqual([
      [SHORT, -2_000],
      [REACHED, -2_100],
    ]);
  });

  it('stops when the relaxation is right about every trade', () => {
    expect(leavesWithin(100)).toEqual(leavesWithin(3));
  });

  it('certifies by the highest leaf', async () => {
    const control = { shouldStop: () => false, onProgress: () => undefined };
    const outcome = await solve(problem, control, { exactWhenSmall: false });
    if (outcome.status !== 'solved') throw new Error(outcome.message);
    // Pair-off is rounded to cents, for which a bound allows.
    expect(outcome.solution).toMatchObject({ objective: -2_000, upperBound: -1_999 });
  });
});
