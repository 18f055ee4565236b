import { limitsOf } from './limits';
import { eligibleLoan, poolRule } from './step-fixtures';

const use = (ruleName: string) => ({ ruleName, tradeIds: ['T1', 'T2'] });

describe('pool rules as limits', () => {
  it('percent(loan_amount) <= 10 of each trade is a share of at most 0.1 per trade, over the loans that meet it', () => {
    const rule = poolRule('hb_10pct', { condition_text: "property_state = 'CA'" });
    const { limits, attributesOf } = limitsOf([rule], [use('hb_10pct')]);
    expect(limits).toEqual([
      { id: 'hb_10pct', trades: ['T1', 'T2'], kind: 'share', where: { hb_10pct: true }, max: '0.1', per_trade: true },
    ]);
    expect(attributesOf(eligibleLoan('A', { loan: { property_state: 'CA' } }))).toEqual({ hb_10pct: true });
    expect(attributesOf(eligibleLoan('B', { loan: { property_state: 'NY' } }))).toBeUndefined();
  });

  it('average(fico) >= 720 averages only loans that have one', () => {
    const rule = poolRule('wa', {
      function: 'average',
      column_name: 'fico',
      limit_value: 7_200_000,
      limit_sense: '>=',
    });
    const { limits, attributesOf } = limitsOf([rule], [use('wa')]);
    expect(limits).toEqual([
      {
        id: 'wa',
        trades: ['T1', 'T2'],
        kind: 'weighted_average',
        where: { wa: true },
        attribute: 'fico value',
        min: '720',
        per_trade: true,
      },
    ]);
    expect(attributesOf(eligibleLoan('A', { loan: { fico: 731 } }))).toEqual({ wa: true, 'fico value': '731' });
    expect(attributesOf(eligibleLoan('B', { loan: { fico: null } }))).toBeUndefined();
  });

  it('an averaged rate keeps its decimals', () => {
    const rule = poolRule('wac', { function: 'average', column_name: 'note_rate', limit_value: 60_000 });
    const { attributesOf } = limitsOf([rule], [use('wac')]);
    // 6.125 percent is 6125000 in integers of 1e-6 percent.
    expect(attributesOf(eligibleLoan('A', { loan: { note_rate: 6_125_000 } }))).toMatchObject({
      'note_rate value': '6.125',
    });
  });

  it('sum(loan_amount) over all trades together is one total in dollars', () => {
    const rule = poolRule('investor', { function: 'sum', limit_value: 250_000_000_000, limit_scope: 'together' });
    expect(limitsOf([rule], [use('investor')]).limits).toEqual([
      { id: 'investor', trades: ['T1', 'T2'], kind: 'total', max: '25000000' },
    ]);
  });
});
