import { parityPlan } from './plan';

describe('the arguments of the parity check', () => {
  it('mean the sample unless loans are said', () => {
    const rows = { guideRows: 0, candidateRows: 0 };
    expect(parityPlan([])).toEqual({ dataset: null, effort: 'standard', ...rows });
    expect(parityPlan(['--loans', '10000', '--effort', 'interactive'])).toEqual({
      dataset: { loans: 10_000, trades: 100, seed: 7 },
      effort: 'interactive',
      ...rows,
    });
    expect(parityPlan(['--help'])).toBeUndefined();
  });

  it.each([
    [['--effort', 'high'], '--effort must be one of interactive, standard, deep; it is "high".'],
    [['--trades', '5'], 'say --loans too'],
    [['--guide-rows', '0'], '--guide-rows must be a whole number from 1 to 5000000; it is "0".'],
    [['--bogus'], "Unknown option '--bogus'"],
  ])('%j are refused: %s', (args, message) => {
    expect(() => parityPlan(args)).toThrow(message);
  });
});
