import { pricedTrade, pts, usd } from './step-fixtures';
import { pairOffCost, tradeStatus } from './trade-status';

const trade = pricedTrade('T', {
  target: usd(1_000_000),
  min: usd(975_000),
  minBeforeHorizon: usd(975_000),
  max: usd(1_025_000),
  pairOffPoints: pts(-0.5),
});
const distant = { ...trade, min: 0, pastHorizon: true, pairOffPoints: 0 };

describe('tradeStatus', () => {
  it.each([
    ['Overfilled above U', trade, 1_025_000.01, 'Overfilled'],
    ['Filled at U', trade, 1_025_000, 'Filled'],
    ['Filled at L', trade, 975_000, 'Filled'],
    ['Short a cent below L', trade, 974_999.99, 'Short'],
    ['Empty without a loan', trade, 0, 'Empty'],
    ['Filled past the horizon when L before it is reached', distant, 975_000, 'Filled'],
    ['Open past the horizon below that', distant, 974_999.99, 'Open'],
    ['Open past the horizon when empty', distant, 0, 'Open'],
    ['Open without a target', pricedTrade('T', { target: 0, max: usd(1) }), 0, 'Open'],
    ['Filled without a target when something is in it', pricedTrade('T', { target: 0, max: usd(1) }), 1, 'Filled'],
  ])('is %s', (_, priced, fill, status) => {
    expect(tradeStatus(priced, usd(fill))).toBe(status);
  });
});

describe('pairOffCost', () => {
  it('is nothing from L up and then jumps to the fee on all that is missing', () => {
    expect(pairOffCost(trade, usd(975_000))).toBe(0);
    // 1,000,000.00 - 974,999.99 = 25,000.01 missing at -0.5 point: -125.00005 rounds to -125.00.
    expect(pairOffCost(trade, usd(974_999.99))).toBe(usd(-125));
    // Empty: -0.5 point of 1,000,000.
    expect(pairOffCost(trade, 0)).toBe(usd(-5_000));
  });
});
