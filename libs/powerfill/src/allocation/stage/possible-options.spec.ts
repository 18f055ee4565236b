import { lockedAssignment } from './assignment';
import { conditionsOf } from './conditions';
import { possibleStage } from './possible-options';
import { type ProblemFile } from '../problem/problem-file';
import { readProblem } from '../problem/read-problem';
import { wholeStage } from './stage';

/** Pairs that are left, as `loan@trade`; null = some loan that must be placed has none. */
function possiblePairs(file: ProblemFile): string[] | null {
  const problem = readProblem(file);
  const { candidate } = lockedAssignment(problem);
  const left = possibleStage(problem, conditionsOf(problem), wholeStage(problem), candidate, () => undefined);
  if (left === null) return null;
  const { loans, trades, candidates } = problem;
  return Array.from(
    left.stage.candidate,
    (c) => `${loans.ids[candidates.loan[c]!]}@${trades.ids[candidates.trade[c]!]}`,
  );
}

/** H is high balance; under a share of 10 % it needs $4,500,000 of the others beside its $500,000. */
const file: ProblemFile = {
  loans: [
    { id: 'H', amount: 500_000, attributes: { hb: 1 } },
    ...['A', 'B', 'C'].map((id) => ({ id, amount: 1_500_000, attributes: { hb: 0 } })),
  ],
  trades: [
    { id: 'T1', max: 5_000_000 },
    { id: 'T2', max: 4_999_999 },
  ],
  candidates: ['H', 'A', 'B', 'C'].flatMap((loan) => ['T1', 'T2'].map((trade) => ({ loan, trade, score: 100 }))),
  limits: [{ id: 'hb', trades: ['T1', 'T2'], kind: 'share', where: { hb: 1 }, max: 0.1, per_trade: true }],
};
const all = ['A@T1', 'A@T2', 'B@T1', 'B@T2', 'C@T1', 'C@T2'];

describe('the options some assignment might contain', () => {
  it('leave out a high-balance loan where the pool cannot grow large enough for it', () => {
    expect(possiblePairs(file)).toEqual([...all, 'H@T1']);
  });

  it('leave out a trade that cannot gather its minimum', () => {
    // T2 has room for three of the loans of $1,500,000, and for no more than $4,999,999 in any case.
    const trades = [file.trades[0]!, { id: 'T2', max: 4_999_999, must_reach: 4_600_000 }];
    const candidates = file.candidates.filter(({ loan, trade }) => loan !== 'H' || trade === 'T1');
    expect(possiblePairs({ ...file, trades, candidates })).toEqual(['A@T1', 'B@T1', 'C@T1', 'H@T1']);
  });

  it('follow from what is left to the loans that must be placed', () => {
    // H must go to T1, which then has 4,500,000 left: with a maximum of 1,999,999 a loan of 1,500,000 fits no more.
    const trades = [
      { id: 'T1', max: 1_999_999 },
      { id: 'T2', max: 4_999_999 },
    ];
    const options = { place_all: true };
    const candidates = file.candidates.filter(({ loan, trade }) => loan !== 'H' || trade === 'T1');
    expect(possiblePairs({ ...file, trades, candidates, options, limits: [] })).toEqual([
      'A@T2',
      'B@T2',
      'C@T2',
      'H@T1',
    ]);
  });

  it('prove that a loan that must be placed has nowhere to go', () => {
    const trades = [
      { id: 'T1', max: 4_000_000 },
      { id: 'T2', max: 4_000_000 },
    ];
    expect(possiblePairs({ ...file, trades, options: { place_all: true } })).toBeNull();
    expect(possiblePairs({ ...file, trades })).toEqual(all);
  });

  it('count what the other loans can take off a limit over several trades', () => {
    // FICO 600 against 720, 720 and 720 of $1,500,000 each: (500,000 x -80 + 4,500,000 x 40) / 5,000,000 = 28 over 680.
    const fico = (least: number): ProblemFile => ({
      ...file,
      loans: file.loans.map((loan) => ({ ...loan, attributes: { fico: loan.id === 'H' ? 600 : 720 } })),
      limits: [{ id: 'fico', trades: ['T1', 'T2'], kind: 'weighted_average', attribute: 'fico', min: least }],
    });
    expect(possiblePairs(fico(708))).toEqual([...all, 'H@T1', 'H@T2']);
    expect(possiblePairs(fico(708.01))).toEqual(all);
  });
});
