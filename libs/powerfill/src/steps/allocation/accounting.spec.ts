import { type LoanOutcome } from '../step-results';
import { checkAccounting } from './accounting';
import { eligibleLoan, usd } from './step-fixtures';

const loans = [
  eligibleLoan('A', { amount: usd(100.01) }),
  eligibleLoan('B', { amount: usd(200) }),
  eligibleLoan('C', { amount: usd(300) }),
];
const outcomes = new Map<string, LoanOutcome>([
  ['A', { kind: 'placed', tradeId: 'T1' }],
  ['B', { kind: 'held', code: 'LOCKED' }],
  ['C', { kind: 'kicked_out', code: 'NO_ROOM' }],
]);

describe('checkAccounting', () => {
  it('adds up placed, held and kicked out', () => {
    expect(checkAccounting(loans, outcomes, [usd(100.01), 0])).toEqual({
      placed: { amount: usd(100.01), count: 1 },
      held: { amount: usd(200), count: 1 },
      kicked_out: { amount: usd(300), count: 1 },
    });
  });

  it('finds a loan without an outcome', () => {
    const without = new Map([...outcomes].slice(1));
    expect(() => checkAccounting(loans, without, [])).toThrow('3 loans are eligible, 2 have an outcome');
  });

  it('finds an outcome of a loan that is not in the run', () => {
    const other = new Map([...outcomes].map(([id, outcome]) => [id === 'C' ? 'X' : id, outcome]));
    // 100.01 + 200.00 + 300.00 are eligible, of which only the first two are accounted for.
    expect(() => checkAccounting(loans, other, [usd(100.01)])).toThrow(
      'eligible 600.01 is not placed + held + kicked out = 300.01',
    );
  });

  it('finds a cent too much in a trade', () => {
    expect(() => checkAccounting(loans, outcomes, [usd(100.02)])).toThrow('the trades hold 100.02, placed are 100.01');
  });
});
