import { type LoanInput, type ProblemFile, type TradeInput } from '@powerfill/core/allocation/problem/problem-file';
import { auditSolution } from '@powerfill/core/audit';
import { marketProblem } from '../../../bench/market/problem';
import { Prng } from '../../../bench/prng';
import { SolverProcess } from './solver-process';

let solver: SolverProcess;
/** Searches what `solver` solves exactly, too. */
let searcher: SolverProcess;

beforeAll(() => {
  solver = new SolverProcess();
  searcher = new SolverProcess({ searchAll: true });
});

afterAll(() => {
  solver.close();
  searcher.close();
});

/** Every loan may go to every trade at one price; the reservation is 100, so a price of 101 is worth 1 % of a loan. */
function everywhere(amounts: readonly (number | string)[], trades: TradeInput[], score: number | string): ProblemFile {
  const loans = amounts.map((amount, at): LoanInput => ({ id: `L${at + 1}`, amount }));
  return {
    loans,
    trades,
    candidates: loans.flatMap((loan) => trades.map((trade) => ({ loan: loan.id, trade: trade.id, score }))),
    options: { reservation_price: 100 },
  };
}

/** Solves and audits; returns the objective and the number of loans placed. */
async function answerOf(by: SolverProcess, file: ProblemFile): Promise<{ objective: string; placed: number }> {
  const answer = await by.solve(file);
  if (answer.status !== 'solved') throw new Error(`${answer.status}: ${answer.message}`);
  expect(auditSolution(file, answer.result)).toEqual({ passed: true });
  const placed = answer.result.assignments.filter(({ trade }) => trade !== null).length;
  return { objective: answer.result.objective, placed };
}

/** The exact answer; the search must find one that is worth the same. */
async function solved(file: ProblemFile): Promise<{ objective: string; placed: number }> {
  const exact = await answerOf(solver, file);
  const searched = await answerOf(searcher, file);
  expect(searched.objective).toBe(exact.objective);
  return exact;
}

describe('an awkward problem is answered rightly:', () => {
  it('nothing at all', async () => {
    expect(await solved({ loans: [], trades: [], candidates: [] })).toEqual({ objective: '0.00', placed: 0 });
  });

  it('loans and trades, but no candidate', async () => {
    // 0.5 % of the 100,000 not delivered.
    const trades = [{ id: 'T1', target: 100_000, pair_off_points: 0.5 }];
    const file = { ...everywhere([50_000, 60_000], trades, 101), candidates: [] };
    expect(await solved(file)).toEqual({ objective: '-500.00', placed: 0 });
  });

  it('loans that are all equal, with room for five and a half of them', async () => {
    const file = everywhere(
      Array.from({ length: 10 }, () => 100_000),
      [{ id: 'T1', max: 550_000 }],
      101,
    );
    expect(await solved(file)).toEqual({ objective: '5000.00', placed: 5 });
  });

  it('one giant loan that fits nowhere', async () => {
    const trades = [
      { id: 'T1', max: 400_000 },
      { id: 'T2', max: 300_000 },
    ];
    expect(await solved(everywhere([9_000_000_000, 300_000], trades, 101))).toEqual({
      objective: '3000.00',
      placed: 1,
    });
  });

  it('scores below the reservation, and below zero', async () => {
    expect(await solved(everywhere([100_000, 200_000], [{ id: 'T1' }], '-5.125'))).toEqual({
      objective: '0.00',
      placed: 0,
    });
  });

  it('a loan below its reservation that saves a pair-off worth more', async () => {
    // The loan loses 1,000; empty, T1 owes 2 % of 100,000 = 2,000.
    const trades = [{ id: 'T1', target: 100_000, pair_off_points: 2 }];
    expect(await solved(everywhere([100_000], trades, 99))).toEqual({ objective: '-1000.00', placed: 1 });
  });

  it('a trade whose minimum is above everything there is', async () => {
    // 3,000 of value, less 1 % of the 10,000,000 - 300,000 still not delivered.
    const trades = [{ id: 'T1', target: 10_000_000, min: 9_000_000, max: 10_000_000, pair_off_points: 1 }];
    expect(await solved(everywhere([100_000, 200_000], trades, 101))).toEqual({ objective: '-94000.00', placed: 2 });
  });

  it('a trade that pays more for staying empty than its loans are worth', async () => {
    // Empty it pays 2 % of 1,000,000; each dollar delivered earns 1 % and gives up 2 %.
    const trades = [{ id: 'T1', target: 1_000_000, max: 1_000_000, pair_off_points: -2 }];
    expect(await solved(everywhere([300_000, 400_000], trades, 101))).toEqual({ objective: '20000.00', placed: 0 });
  });

  it('a trade without tolerance that one subset fills to the cent', async () => {
    // 200,000.01 + 300,000.02; any other subset pays at least 10 % of what is missing.
    const trades = [{ id: 'T1', target: '500000.03', min: '500000.03', max: '500000.03', pair_off_points: 10 }];
    const file = everywhere(['100000.00', '200000.01', '300000.02', '250000.00'], trades, 101);
    expect(await solved(file)).toEqual({ objective: '5000.00', placed: 2 });
  });

  it('a problem in two parts that share nothing', async () => {
    const left = everywhere([100_000], [{ id: 'T1' }], 101);
    const right = everywhere([200_000], [{ id: 'T2' }], 102);
    const file = {
      loans: [...left.loans, { id: 'R1', amount: 200_000 }],
      trades: [...left.trades, ...right.trades],
      candidates: [...left.candidates, { loan: 'R1', trade: 'T2', score: 102 }],
      options: { reservation_price: 100 },
    };
    expect(await solved(file)).toEqual({ objective: '5000.00', placed: 2 });
  });

  it('names that JavaScript knows otherwise', async () => {
    const loans = ['__proto__', 'constructor'].map((id) => ({ id, amount: 100_000, attributes: { toString: 1 } }));
    const candidates = loans.map(({ id }) => ({ loan: id, trade: 'valueOf', score: 101 }));
    const limits = [
      { id: 'hasOwnProperty', trades: ['valueOf'], kind: 'count' as const, where: { toString: 1 }, max: 1 },
    ];
    const file = { loans, trades: [{ id: 'valueOf' }], candidates, limits, options: { reservation_price: 100 } };
    expect(await solved(file)).toEqual({ objective: '1000.00', placed: 1 });
  });

  it('loans of a cent, worth nothing after rounding', async () => {
    const { objective } = await solved(everywhere(['0.01', '0.01'], [{ id: 'T1' }], 101));
    expect(objective).toBe('0.00');
  });
});

describe('a problem that is none is refused, with its place:', () => {
  const base = everywhere([100_000], [{ id: 'T1' }], 101);
  const pair = { loan: 'L1', trade: 'T1', score: 101 };
  const broken: [name: string, file: ProblemFile, place: string][] = [
    ['a loan of nothing', { ...base, loans: [{ id: 'L1', amount: 0 }] }, 'loans[0].amount'],
    ['a negative loan', { ...base, loans: [{ id: 'L1', amount: '-5' }] }, 'loans[0].amount'],
    ['the same pair twice', { ...base, candidates: [pair, pair] }, 'candidates[1]'],
    ['the same loan twice', { ...base, loans: [...base.loans, ...base.loans] }, 'loans[1]'],
    ['a loan nobody knows', { ...base, candidates: [{ ...pair, loan: 'L9' }] }, 'candidates[0].loan'],
    ['a score that is no number', { ...base, candidates: [{ ...pair, score: 'par' }] }, 'candidates[0].score'],
    ['a score of NaN', { ...base, candidates: [{ ...pair, score: NaN }] }, 'candidates[0].score'],
    ['an infinite score', { ...base, candidates: [{ ...pair, score: Infinity }] }, 'candidates[0].score'],
    ['a score beyond all prices', { ...base, candidates: [{ ...pair, score: 1e15 }] }, 'candidates[0].score'],
    ['an infinite maximum', { ...base, trades: [{ id: 'T1', max: Infinity }] }, 'trades[0].max'],
    ['a pair-off of NaN', { ...base, trades: [{ id: 'T1', pair_off_points: NaN }] }, 'trades[0].pair_off_points'],
    ['a reservation of NaN', { ...base, options: { reservation_price: NaN } }, 'options.reservation_price'],
    ['a seed of NaN', { ...base, options: { seed: NaN } }, 'options.seed'],
    ['a loan that is null', { ...base, loans: [null as unknown as LoanInput] }, 'loans[0]'],
    ['a priority of NaN', { ...base, candidates: [{ ...pair, priority: NaN }] }, 'candidates[0].priority'],
    [
      'a limit of minus infinity',
      { ...base, limits: [{ id: 'x', trades: ['T1'], kind: 'share', min: -Infinity }] },
      'limits[0].min',
    ],
    [
      'an average of what is no number',
      {
        ...base,
        loans: [{ id: 'L1', amount: 100_000, attributes: { fico: 'good' } }],
        limits: [{ id: 'x', trades: ['T1'], kind: 'weighted_average', attribute: 'fico', min: 700 }],
      },
      'loans[0].attributes.fico',
    ],
    ['a minimum above the target', { ...base, trades: [{ id: 'T1', min: 2, target: 1 }] }, 'trades[0].min'],
    ['a target above the maximum', { ...base, trades: [{ id: 'T1', target: 2, max: 1 }] }, 'trades[0].max'],
    ['a lock without a trade', { ...base, loans: [{ id: 'L1', amount: 1, locked: true }] }, 'loans[0].locked'],
    ['amounts beyond exact arithmetic', { ...base, loans: [{ id: 'L1', amount: 1e18 }] }, 'loans[0].amount'],
  ];

  it.each(broken)('%s', async (_, file, place) => {
    const answer = await solver.solve(file);
    expect(answer.status).toBe('invalid');
    expect(answer).toMatchObject({ message: expect.stringContaining(place) as string });
  });
});

describe('the answer depends on the problem alone', () => {
  it.each(['global', 'priority'] as const)(
    'not on the order of its lines, nor on the time of day (%s)',
    async (mode) => {
      const file = marketProblem({ loans: 400, trades: 20, tolerance: 'mixed', seed: 5, mode });
      const random = new Prng(9);
      const first = await solver.solve(file);
      const again = await solver.solve(file);
      const shuffled = await solver.solve({
        ...file,
        loans: random.shuffled(file.loans),
        trades: random.shuffled(file.trades),
        candidates: random.shuffled(file.candidates),
      });
      expect(first.status).toBe('solved');
      expect(again).toEqual(first);
      expect(shuffled).toEqual(first);
    },
  );

  it('and on nothing where all scores are equal', async () => {
    const amounts = Array.from({ length: 30 }, (_, at) => 100_000 + 10_000 * (at % 3));
    const trades = ['T1', 'T2', 'T3'].map((id) => ({ id, target: 700_000, max: 710_000, pair_off_points: 0.25 }));
    const file = everywhere(amounts, trades, 101);
    const answer = await solver.solve({ ...file, candidates: [...file.candidates].reverse() });
    expect(answer.status).toBe('solved');
    expect(await solver.solve(file)).toEqual(answer);
  });
});
