import { type LimitInput, type ProblemFile } from './problem/problem-file';
import { readProblem } from './problem/read-problem';
import { type ResultFile, toResultFile } from './certificate/result-file';
import { type SolveControl, type SolveOutcome } from './solution';
import { solve } from './solve';

const quiet: SolveControl = { shouldStop: () => false, onProgress: () => undefined };

/** Four loans of $100,000 in one trade of $400,000, worth 4, 3, 2 and 1 points; A and B are high balance. */
function four(limits: LimitInput[], options: ProblemFile['options'] = {}, mustReach?: number): ProblemFile {
  return {
    loans: ['A', 'B', 'C', 'D'].map((id, i) => ({
      id,
      amount: 100_000,
      attributes: { hb: i < 2 ? 1 : 0, fico: [700, 720, 740, 760][i]! },
    })),
    trades: [{ id: 'T', max: 400_000, ...(mustReach !== undefined && { must_reach: mustReach }) }],
    candidates: ['A', 'B', 'C', 'D'].map((loan, i) => ({ loan, trade: 'T', score: 4 - i })),
    limits,
    options,
  };
}

async function outcome(file: ProblemFile, exactWhenSmall = true): Promise<SolveOutcome> {
  return solve(readProblem(file), quiet, { exactWhenSmall });
}

async function result(file: ProblemFile, exactWhenSmall = true): Promise<ResultFile> {
  const found = await outcome(file, exactWhenSmall);
  if (found.status !== 'solved') throw new Error(found.message);
  return toResultFile(found.solution, { audit: 'passed', ms: 0 });
}

const placed = ({ assignments }: ResultFile): string =>
  assignments
    .filter(({ trade }) => trade !== null)
    .map(({ loan }) => loan)
    .join('');

describe.each([
  ['solved exactly', true],
  ['searched', false],
])('a small problem, %s,', (_, exact) => {
  test('keeps a share: one high-balance loan needs two others beside it', async () => {
    // At most a third: A, C and D ($4,000 + $2,000 + $1,000); B would make it two of four.
    const file = four([{ id: 'hb', trades: ['T'], kind: 'share', where: { hb: 1 }, max: '0.33333334' }]);
    const found = await result(file, exact);
    expect(placed(found)).toBe('ACD');
    expect(found).toMatchObject({ objective: '7000.00', limits: [{ id: 'hb', value: '0.33333333' }] });
    expect(found.kickouts).toMatchObject([{ loan: 'B', code: 'LIMIT:hb' }]);
  });

  test('keeps a weighted average', async () => {
    // 740 with all but A: (720 + 740 + 760) / 3; with A and D alone it is 730, with A, C, D 733.33.
    const file = four([{ id: 'f', trades: ['T'], kind: 'weighted_average', attribute: 'fico', min: 735 }]);
    expect(placed(await result(file, exact))).toBe('BCD');
  });

  test('is infeasible where a loan that must be placed is larger than all its trades', async () => {
    const { loans, trades, candidates } = four([]);
    const large = { id: 'E', amount: 400_001 };
    const file = {
      loans: [...loans, large],
      trades,
      candidates: [...candidates, { loan: 'E', trade: 'T', score: 1 }],
      options: { place_all: true },
    };
    expect(await outcome(file, exact)).toMatchObject({ status: 'infeasible', loans: ['E'], limits: [] });
  });

  test('is infeasible where a limit asks for what no loan that fits can give', async () => {
    const { loans, trades, candidates } = four([]);
    const many: LimitInput = { id: 'many', trades: ['U'], kind: 'count', min: 1 };
    const small = { loans, trades: [...trades, { id: 'U', max: 99_999 }], limits: [many] };
    const toSmall = { ...small, candidates: [...candidates, { loan: 'A', trade: 'U', score: 9 }] };
    expect(await outcome(toSmall, exact)).toMatchObject({ status: 'infeasible', limits: ['many'] });
    // A single loan of $100,000 cannot gather the $150,000 that U asks for once it is used.
    const unreached = { ...toSmall, trades: [...trades, { id: 'U', max: 400_000, must_reach: 150_000 }] };
    const found = await outcome(unreached, exact);
    expect(found).toMatchObject({ status: 'infeasible', limits: ['many', 'must_reach:U'] });
  });

  test('keeps a total and a count', async () => {
    const total = four([{ id: 't', trades: ['T'], kind: 'total', max: '299999.99' }]);
    expect(placed(await result(total, exact))).toBe('AB');
    const count = four([{ id: 'n', trades: ['T'], kind: 'count', where: { hb: 1 }, max: 1 }]);
    expect(placed(await result(count, exact))).toBe('ACD');
  });

  test('leaves a trade empty that cannot reach its minimum', async () => {
    const file = four([{ id: 't', trades: ['T'], kind: 'total', max: 200_000 }], {}, 300_000);
    const found = await result(file, exact);
    expect(placed(found)).toBe('');
    expect(found.kickouts.map(({ code }) => code)).toEqual(new Array(4).fill('MINIMUM_NOT_REACHED'));
  });

  test('names the limits that cannot be met together', async () => {
    const limits: LimitInput[] = [
      { id: 'least', trades: ['T'], kind: 'count', min: 3 },
      { id: 'most', trades: ['T'], kind: 'total', max: 200_000 },
      { id: 'idle', trades: ['T'], kind: 'count', max: 4 },
    ];
    expect(await outcome(four(limits), exact)).toMatchObject({ status: 'infeasible', limits: ['least', 'most'] });
  });

  test('misses a minimum by as little as can be when it may', async () => {
    const limits: LimitInput[] = [
      { id: 'least', trades: ['T'], kind: 'total', min: 350_000 },
      { id: 'most', trades: ['T'], kind: 'count', max: 2 },
    ];
    const found = await result(four(limits, { unreachable: 'relax' }), exact);
    expect(placed(found)).toBe('AB');
    expect(found.warnings).toMatchObject([{ code: 'limit_unreachable', subject: 'least' }]);
  });

  test('places every loan where it must, at a loss too, and names loans it cannot place', async () => {
    const file = four([], { place_all: true, reservation_price: 3 });
    // 4 + 3 + 2 + 1 less 4 x 3 points on $100,000 each.
    expect(await result(file, exact)).toMatchObject({ objective: '-2000.00' });
    const small = { ...file, candidates: file.candidates.slice(0, 3) };
    expect(await outcome(small, exact)).toMatchObject({ status: 'infeasible', loans: ['D'] });
  });
});
