import { pairOff, type PairOffTerms } from './pair-off';

const points = (value: number): number => Math.round(value * 1e8);
const terms = (more: Partial<PairOffTerms>): PairOffTerms => ({
  tradeType: 'mbs',
  kind: null,
  points: null,
  price: points(101),
  marketPrice: points(101.5),
  ...more,
});

describe('pair-off cost', () => {
  it('of a security is market less price plus 1/32, and may be a gain', () => {
    // 101.5 - 101 + 0.03125 = 0.53125; with the market at 100.5: -0.46875.
    expect(pairOff(terms({}))).toEqual({ kind: 'two_way', points: points(0.53125), withoutMarket: false });
    expect(pairOff(terms({ marketPrice: points(100.5) })).points).toBe(points(-0.46875));
  });

  it('of a cash trade never gains and pays an eighth on top', () => {
    // 0.5 + 0.125; with the market below the price only the fee.
    expect(pairOff(terms({ tradeType: 'wl' }))).toEqual({
      kind: 'one_way',
      points: points(0.625),
      withoutMarket: false,
    });
    expect(pairOff(terms({ tradeType: 'wl', marketPrice: points(100) })).points).toBe(points(0.125));
  });

  it('of best efforts is nothing, market or not', () => {
    expect(pairOff(terms({ tradeType: 'be', marketPrice: null }))).toEqual({
      kind: 'none',
      points: 0,
      withoutMarket: false,
    });
  });

  it("takes the trade's own points for the spread, the fee or the fixed price", () => {
    expect(pairOff(terms({ points: points(0.1) })).points).toBe(points(0.6));
    expect(pairOff(terms({ kind: 'one_way', points: points(0.25) })).points).toBe(points(0.75));
    expect(pairOff(terms({ kind: 'fixed', points: points(0.3) })).points).toBe(points(0.3));
    expect(pairOff(terms({ kind: 'fixed' })).points).toBe(points(0.125));
  });

  it.each([
    ['market', { marketPrice: null }],
    ['trade price', { price: null }],
  ])('without a %s is the fixed fee, with a warning', (_missing, more) => {
    expect(pairOff(terms(more))).toEqual({ kind: 'fixed', points: points(0.125), withoutMarket: true });
    expect(pairOff(terms({ ...more, points: points(0.2) })).points).toBe(points(0.2));
  });
});
