import { Penalties } from './penalties';
import { readProblem } from '../problem/read-problem';
import { Random } from '../random';
import { SearchState } from './search-state';
import { lockedAssignment } from '../stage/assignment';
import { conditionsOf } from '../stage/conditions';
import { restrict } from '../stage/restrictions';
import { wholeStage } from '../stage/stage';
import { TradeMoves } from './trade-moves';

describe('moves that open and close trades', () => {
  const problem = readProblem({
    loans: ['L1', 'L2', 'L3'].map((id) => ({ id, amount: '100000.00' })),
    trades: [
      { id: 'T1', max: '300000.00', must_reach: '200000.00' },
      { id: 'T2', max: '300000.00', must_reach: '200000.00' },
    ],
    // No loan may go to T2.
    candidates: ['L1', 'L2', 'L3'].map((loan) => ({ loan, trade: 'T1', score: 1 })),
  });

  it('open a trade up to its minimum, and leave one without options alone', () => {
    const stage = wholeStage(problem);
    const restrictions = restrict(problem, conditionsOf(problem), stage, lockedAssignment(problem).candidate);
    const state = new SearchState(stage, {
      option: new Int32Array(stage.loans.length).fill(-1),
      fill: stage.baseFill.slice(),
    });
    const rates = { row: new Float64Array(restrictions.rowCount), reach: 1, fixed: 1, out: 1 };
    const moves = new TradeMoves(
      state,
      restrictions,
      new Penalties(state, restrictions, rates),
      stage.net,
      new Random(1),
    );
    const seen = new Set<number>();
    for (let n = 0; n < 100; n++) {
      moves.move(1e9);
      expect(state.fill[1]).toBe(0);
      seen.add(state.fill[0]!);
    }
    expect([...seen].filter((fill) => fill !== 0 && (fill < 20_000_000 || fill > 30_000_000))).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  });
});
