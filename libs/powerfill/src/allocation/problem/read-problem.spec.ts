import { ProblemError } from '../errors';
import { type ProblemFile } from './problem-file';
import { readProblem } from './read-problem';

function file(): ProblemFile {
  return {
    loans: [
      { id: 'L2', amount: '250000.00', attributes: { fico: 740, hb: 1, state: 'CA' } },
      { id: 'L1', amount: 100000, current_trade: 'T2', reservation: '99.5', attributes: { fico: 700 } },
    ],
    trades: [
      { id: 'T2', min: '300000.00', max: '400000.00' },
      { id: 'T1', target: '500000.00', pair_off_points: -0.25 },
    ],
    candidates: [
      { loan: 'L1', trade: 'T1', score: '101.25', priority: 20, constraint: 'b' },
      { loan: 'L1', trade: 'T2', score: 100, priority: 10, constraint: 'a' },
      { loan: 'L2', trade: 'T1', score: 102 },
    ],
    options: { reservation_price: 100, switch_cost_bp: 15 },
  };
}

function faultOf(change: (problem: ProblemFile) => void): string {
  const problem = file();
  change(problem);
  try {
    readProblem(problem);
  } catch (error) {
    if (error instanceof ProblemError) return error.path;
    throw error;
  }
  return 'none';
}

test('a problem is compiled in the order of ids, with values in whole cents', () => {
  const { loans, trades, candidates } = readProblem(file());
  expect(loans.ids).toEqual(['L1', 'L2']);
  expect(trades.ids).toEqual(['T1', 'T2']);
  expect(Array.from(candidates.trade)).toEqual([0, 1, 0]);
  // L1: 1.75 and 0.50 points above 99.5 on $100,000; L2: 2 points above 100 on $250,000.
  expect(Array.from(candidates.value)).toEqual([175_000, 50_000, 500_000]);
  // 15 bp of $100,000, only where L1 leaves T2.
  expect(Array.from(candidates.switchCost)).toEqual([15_000, 0, 0]);
  // Classes 10, 20 and the pairs without a number.
  expect(Array.from(candidates.classPriority)).toEqual([10, 20, Infinity]);
  expect(Array.from(candidates.priorityClass)).toEqual([1, 0, 2]);
  // T1: no min, so min = target, and no max; T2: no target, so target = min.
  expect([trades.min[0], trades.target[1], trades.max[0]]).toEqual([50_000_000, 30_000_000, Infinity]);
});

test.each<[string, (problem: ProblemFile) => void]>([
  ['loans[0].amount', (p) => (p.loans[0]!.amount = 0)],
  ['loans[0].amount', (p) => (p.loans[0]!.amount = '1.001')],
  ['loans[1].id', (p) => (p.loans[1]!.id = 'L2')],
  ['loans[0].locked', (p) => (p.loans[0]!.locked = true)],
  ['loans[1].current_trade', (p) => (p.loans[1]!.current_trade = 'T9')],
  ['trades[0].max', (p) => (p.trades[0]!.max = 100)],
  ['trades[1].min', (p) => (p.trades[1]!.min = 600000)],
  ['candidates[2].trade', (p) => (p.candidates[2]!.trade = 'T9')],
  ['candidates[3]', (p) => p.candidates.push({ loan: 'L2', trade: 'T1', score: 1 })],
  ['candidates[0].score', (p) => (p.candidates[0]!.score = 'high')],
  ['options.reservation_price', (p) => (p.options!.reservation_price = 'market')],
  ['options.effort', (p) => (p.options!.effort = 'heroic' as 'deep')],
  ['options.seeds', (p) => Object.assign(p.options!, { seeds: 3 })],
  ['limits[0].max', (p) => (p.limits = [{ id: 'x', trades: ['T1'], kind: 'share' }])],
  ['limits[0].trades[1]', (p) => (p.limits = [{ id: 'x', trades: ['T1', 'T9'], kind: 'count', max: 1 }])],
  ['limits[0].attribute', (p) => (p.limits = [{ id: 'x', trades: ['T1'], kind: 'weighted_average', max: 1 }])],
  [
    'loans[1].attributes.ltv',
    (p) => {
      p.loans[0]!.attributes!['ltv'] = 80;
      p.limits = [{ id: 'x', trades: ['T1'], kind: 'weighted_average', attribute: 'ltv', max: 80 }];
    },
  ],
])('a fault is named by its place: %s', (path, change) => {
  expect(faultOf(change)).toBe(path);
});

test('a limit per trade becomes one limit for each, and matches by its where', () => {
  const problem = file();
  problem.limits = [
    { id: 'hb', trades: ['T2', 'T1'], kind: 'share', where: { hb: [1, 2] }, max: '0.1', per_trade: true },
  ];
  const { limits } = readProblem(problem);
  expect(limits.map(({ id }) => id)).toEqual(['hb@T1', 'hb@T2']);
  expect(Array.from(limits[0]!.matches)).toEqual([0, 1]);
  expect(limits[0]!.max).toBe(10_000_000);
});
