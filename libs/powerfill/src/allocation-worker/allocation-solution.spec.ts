import { readProblem, type Solution } from '../allocation';
import { kickoutAt, packSolution } from './allocation-solution';

/** Three loans, of which A is placed in T1; only what packing reads is real. */
const solution = (): Solution => ({
  problem: readProblem({
    loans: ['A', 'B', 'C'].map((id) => ({ id, amount: 100 })),
    trades: [{ id: 'T1' }, { id: 'T2' }],
    candidates: [],
  }),
  assignment: Int32Array.of(0, -1, -1),
  objective: 5,
  upperBound: 7,
  gap: 2,
  gapMicroBp: 9,
  greedyObjective: null,
  classes: null,
  orderCost: null,
  trades: [
    { id: 'T1', fill: 10_000, status: 'Filled', shadowPrice: 3, pairOff: 0 },
    { id: 'T2', fill: 0, status: 'Open', shadowPrice: 0, pairOff: 4 },
  ],
  limits: [],
  placements: [],
  kickouts: [
    { loan: 'B', code: 'NO_ROOM', nearestTrade: 'T2', marginPoints: -5, displacedBy: 'A' },
    { loan: 'C', code: 'NO_CANDIDATE', nearestTrade: null, marginPoints: null, displacedBy: null },
  ],
  warnings: [],
  moves: 1,
  seed: 1,
  replayable: true,
});

describe('packSolution', () => {
  it('keeps every reason through the columns', () => {
    const packed = packSolution(solution());
    expect(kickoutAt(packed, 1)).toEqual({
      code: 'NO_ROOM',
      nearestTradeId: 'T2',
      marginPoints: -5,
      displacedByIndex: 0,
    });
    expect(kickoutAt(packed, 2)).toEqual({
      code: 'NO_CANDIDATE',
      nearestTradeId: null,
      marginPoints: null,
      displacedByIndex: null,
    });
  });

  it('survives a structured clone unchanged', () => {
    const packed = packSolution(solution());
    expect(structuredClone(packed)).toEqual(packed);
  });
});
