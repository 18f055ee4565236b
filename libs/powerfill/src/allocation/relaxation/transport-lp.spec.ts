import fc from 'fast-check';
import { lagrangianBound, WEIGHT_SCALE } from '../bound/lagrangian-bound';
import { readProblem } from '../problem/read-problem';
import { fillsOf, wholeStage } from '../stage/stage';
import { totalPairOff } from '../stage/assignment';
import { solveTransport } from './transport-lp';

/** Loans for trades whose pair-off jumps, with few scores, so that many moves lose the same, nothing, or gain. */
const problems = fc
  .record({
    amounts: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 }),
    trades: fc.array(fc.record({ least: fc.nat(3_000), more: fc.nat(1_000), rate: fc.integer({ min: -1, max: 3 }) }), {
      minLength: 1,
      maxLength: 8,
    }),
    scores: fc.array(fc.integer({ min: -2, max: 6 }), { minLength: 320, maxLength: 320 }),
  })
  .map(({ amounts, trades, scores }) =>
    readProblem({
      loans: amounts.map((amount, i) => ({ id: `L${i}`, amount: amount * 1_000 })),
      trades: trades.map(({ least, more, rate }, j) => ({
        id: `T${j}`,
        min: least * 1_000,
        target: (least + (more >> 1)) * 1_000,
        max: (least + more) * 1_000,
        pair_off_points: rate / 2,
      })),
      candidates: amounts.flatMap((_, i) =>
        trades.flatMap((_, j) => {
          const score = scores[i * 8 + j]!;
          return score < 0 ? [] : [{ loan: `L${i}`, trade: `T${j}`, score: score / 4 }];
        }),
      ),
    }),
  );

describe('solveTransport', () => {
  it('ends with a flow that is worth what its prices prove to be the most', () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const stage = wholeStage(problem);
        const { price, flow, value } = solveTransport(stage, () => undefined);
        flow.forEach((cents) => expect(cents).toBeGreaterThanOrEqual(0));
        fillsOf(stage, flow).forEach((fill, j) => expect(fill).toBeLessThanOrEqual(stage.room[j]!));
        stage.loans.forEach((_, s) => {
          const placed = flow.slice(stage.start[s], stage.start[s + 1]).reduce((sum, cents) => sum + cents, 0);
          expect(placed).toBeLessThanOrEqual(stage.amount[s]!);
        });
        const level = {
          firstClass: 0,
          lastClass: problem.candidates.classPriority.length,
          weight: WEIGHT_SCALE,
          achieved: 0,
          price,
        };
        const most = lagrangianBound(problem, [level]) - totalPairOff(problem, problem.trades.lockedFill);
        // A cent of rounding for each loan and trade.
        expect(Math.abs(most - value)).toBeLessThanOrEqual(stage.loans.length + 2 * stage.tradeCount);
      }),
      { numRuns: 300 },
    );
  });
});
