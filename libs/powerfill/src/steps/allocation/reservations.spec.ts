import { DEFAULT_TENANT_SETTINGS } from '../../domain/tenant-settings';
import { reservationsOf } from './reservations';
import { candidate, eligibleLoan, idleControl, option, pts, runInput, synthetic } from './step-fixtures';

const december = synthetic('UMBS30', 5.5, '2026-12');
const january = synthetic('UMBS30', 5.5, '2027-01');
const market = runInput({ reservation_price: 'market' }).options;

describe('reservationsOf', () => {
  it('takes the best synthetic score less the placement bonus', async () => {
    const loan = eligibleLoan('A', {
      candidates: [candidate('T1', pts(105))],
      synthetics: [option(december, pts(101), pts(0.25)), option(january, pts(101.125))],
    });
    // December scores 101.25, January 101.125; 101.25 - 0.125 = 101.125.
    expect(await reservationsOf([loan], market, DEFAULT_TENANT_SETTINGS, idleControl())).toEqual({
      byLoan: new Map([['A', pts(101.125)]]),
      withoutMarket: 0,
    });
  });

  it('without a synthetic takes the own best score less 0.50 and counts the loan', async () => {
    const loan = eligibleLoan('A', { candidates: [candidate('T1', pts(101)), candidate('T2', pts(100))] });
    expect(await reservationsOf([loan], market, DEFAULT_TENANT_SETTINGS, idleControl())).toEqual({
      byLoan: new Map([['A', pts(100.5)]]),
      withoutMarket: 1,
    });
  });

  it('has none for a loan without market and without a priced pair', async () => {
    const loans = [
      eligibleLoan('A'),
      eligibleLoan('B', { candidates: [candidate('T1', 0, { locked: true, unpriceable: true })] }),
    ];
    expect(await reservationsOf(loans, market, DEFAULT_TENANT_SETTINGS, idleControl())).toEqual({
      byLoan: new Map(),
      withoutMarket: 0,
    });
  });

  it('takes a number for every loan alike', async () => {
    const { options } = runInput({ reservation_price: '99.50000000' });
    expect(await reservationsOf([eligibleLoan('A')], options, DEFAULT_TENANT_SETTINGS, idleControl())).toEqual({
      byLoan: new Map([['A', pts(99.5)]]),
      withoutMarket: 0,
    });
  });
});
