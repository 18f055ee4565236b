import { readProblem } from '@powerfill/core/allocation';
import { marketProblem } from './problem';

function sum(values: readonly unknown[]): number {
  return values.reduce((total: number, value) => total + Number(value), 0);
}

describe('a generated market problem', () => {
  it.each([1, 2, 3, 4, 5])('has the shape of a desk of 5,000 loans and 60 trades (seed %d)', (seed) => {
    const file = marketProblem({ loans: 5_000, trades: 60, tolerance: 'mixed', seed });
    const upb = sum(file.loans.map(({ amount }) => amount));
    // engine.md, "What is known to work": $1.68 bn, some eight eligible trades a loan.
    expect(Math.abs(upb / 1e9 - 1.72)).toBeLessThan(0.06);
    expect(Math.abs(file.candidates.length / 5_000 - 8.75)).toBeLessThan(2);
    // The book covers most of the pipeline, not all; some pair-offs pay, most cost; some trades owe nothing yet.
    const book = sum(file.trades.map(({ target }) => target)) / upb;
    expect(book).toBeGreaterThan(0.75);
    expect(book).toBeLessThan(1);
    const paying = file.trades.filter((trade) => Number(trade.pair_off_points) < 0).length;
    expect(paying).toBeGreaterThan(5);
    expect(paying).toBeLessThan(35);
    expect(file.trades.some(({ min }) => min === '0')).toBe(true);
  });

  it('is a problem the core reads, in every regime and mode', () => {
    for (const tolerance of ['tight', 'wide', 'mixed'] as const) {
      const file = marketProblem({ loans: 300, trades: 15, tolerance, seed: 8, mode: 'priority', limits: true });
      expect(readProblem(file).candidates.count).toBe(file.candidates.length);
    }
  });

  it('is the same for the same seed, and another for another', () => {
    const spec = { loans: 200, trades: 12, tolerance: 'wide', seed: 3 } as const;
    expect(marketProblem(spec)).toEqual(marketProblem(spec));
    expect(marketProblem({ ...spec, seed: 4 })).not.toEqual(marketProblem(spec));
  });

  it('keeps the same loans and candidates when only the tolerance changes', () => {
    const spec = { loans: 200, trades: 12, seed: 3 };
    const [tight, wide] = (['tight', 'wide'] as const).map((tolerance) => marketProblem({ ...spec, tolerance }));
    expect(tight?.candidates).toEqual(wide?.candidates);
    expect(tight?.trades.map(({ target }) => target)).toEqual(wide?.trades.map(({ target }) => target));
  });
});
