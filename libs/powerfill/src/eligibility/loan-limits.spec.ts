import { loanRow, usd } from '../steps/allocation/step-fixtures';
import { LoanLimitBook } from './loan-limits';

const row = (year: number, state: string, county: string, units: number, base: number, limit: number) => ({
  year,
  state,
  county,
  units,
  base_limit: usd(base),
  limit_amount: usd(limit),
});

const ROWS = [
  row(2026, '*', '', 1, 832_750, 832_750),
  row(2026, '*', '', 2, 1_066_250, 1_066_250),
  row(2026, 'HI', '', 1, 1_249_125, 1_249_125),
  row(2026, 'CA', 'Orange', 1, 832_750, 1_249_125),
  row(2025, '*', '', 1, 806_500, 806_500),
  row(2027, '*', '', 1, 870_000, 870_000),
];
const book = new LoanLimitBook(ROWS, 2026);
const standing = (amount: number, state: string | null, county: string | null, units: number | null = 1) => {
  const columns = { loan_amount: usd(1), orig_loan_amount: usd(amount), units };
  const { highBalance, overLimit } = book.standing(
    loanRow('L', { ...columns, property_state: state, property_county: county }),
  );
  return [highBalance, overLimit];
};

describe('loan limits', () => {
  it('test the original amount against the nation where no area has its own', () => {
    expect(standing(832_750, 'TX', 'Harris')).toEqual([false, false]);
    expect(standing(832_750.01, 'TX', 'Harris')).toEqual([true, true]);
    expect(standing(900_000, null, null)).toEqual([true, true]);
  });

  it('let a high-cost county go beyond the base, as high balance', () => {
    expect(standing(1_000_000, 'CA', 'ORANGE ')).toEqual([true, false]);
    expect(standing(1_000_000, 'CA', 'Kern')).toEqual([true, true]);
  });

  it('may hold for a whole state', () => {
    expect(standing(1_000_000, 'HI', 'Honolulu')).toEqual([false, false]);
  });

  it('depend on the units; unknown units are one', () => {
    expect(standing(1_000_000, 'TX', 'Harris', 2)).toEqual([false, false]);
    expect(standing(1_000_000, 'TX', 'Harris', null)).toEqual([true, true]);
  });

  it('are those of the newest year not after as-of', () => {
    const in2028 = new LoanLimitBook(ROWS, 2028).standing(loanRow('L', { loan_amount: usd(860_000) }));
    expect(in2028.highBalance).toBe(false);
    const in2025 = new LoanLimitBook(ROWS, 2025).standing(loanRow('L', { loan_amount: usd(810_000) }));
    expect(in2025).toEqual({ highBalance: true, overLimit: true });
  });

  it('leave the loan its own flag where nothing is known', () => {
    const empty = new LoanLimitBook([], 2026);
    expect(empty.standing(loanRow('L', { high_balance_indicator: 'Y' }))).toEqual({
      highBalance: true,
      overLimit: false,
    });
    expect(empty.standing(loanRow('L', {}))).toEqual({ highBalance: false, overLimit: false });
  });
});
