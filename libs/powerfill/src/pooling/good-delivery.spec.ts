import { deliveryChecks, type DeliveredPool, type DeliveryParameter } from './good-delivery';

const parameter = (rule: string, value: number, effectiveFrom = '2019-06-01'): DeliveryParameter => ({
  program: 'umbs30',
  rule,
  effectiveFrom,
  value: value * 10_000,
});
const parameters = [
  parameter('lot_amount', 1_000_000),
  parameter('variance_percent', 0.01),
  parameter('pools_per_lot', 3),
  parameter('min_pool_amount', 1_000_000),
  parameter('min_spread', 0.25),
  parameter('max_spread', 2.5, '2010-01-01'),
  parameter('max_spread', 1.125),
  parameter('high_balance_max_percent', 10),
  parameter('coop_max_percent', 10),
  parameter('relocation_max_percent', 10),
  parameter('buydown_max_percent', 10),
  parameter('non_standard_max_percent', 15),
];
const trade = { program: 'umbs30', deliveryType: 'tba', coupon: 5_500_000, settlementDate: '2026-12-14' };
const good: DeliveredPool = {
  amount: 200_000_000,
  lowestRate: 5_750_000,
  highestRate: 6_625_000,
  highBalance: 20_000_000,
  coop: 0,
  relocation: 0,
  buydown: 0,
};
const failing = (changes: Partial<DeliveredPool>, of = trade) =>
  (deliveryChecks(of, [{ ...good, ...changes }], parameters)[0] ?? [])
    .filter(({ status }) => status === 'fail')
    .map(({ rule, fails_by: by }) => [rule, by]);

describe('good delivery', () => {
  it('passes a pool on every bound and says what was compared', () => {
    const checks = deliveryChecks(trade, [good], parameters)[0] ?? [];
    expect(checks.map(({ rule, status }) => `${rule} ${status}`)).toEqual([
      'lots pass',
      'min_pool_amount pass',
      'min_spread pass',
      'max_spread pass',
      'high_balance_max_percent pass',
      'coop_max_percent pass',
      'relocation_max_percent pass',
      'buydown_max_percent pass',
      'non_standard_max_percent pass',
    ]);
    expect(checks[0]).toMatchObject({ value: '2000000.00', limit: '1000000.00 +/- 100.00', fails_by: null });
  });

  it('says by how much each rule fails', () => {
    expect(failing({ amount: 200_020_001 })).toEqual([['lots', '0.01']]);
    // 999,000 is 1,000 under the smallest pool and 900 under a lot less its variance.
    expect(failing({ amount: 99_900_000, highBalance: 0 })).toEqual([
      ['lots', '900.00'],
      ['min_pool_amount', '1000.00'],
    ]);
    expect(failing({ lowestRate: 5_749_000 })).toEqual([['min_spread', '0.001000']]);
    expect(failing({ highestRate: 6_750_000 })).toEqual([['max_spread', '0.125000']]);
    expect(failing({ highBalance: 20_000_001 })).toEqual([['high_balance_max_percent', '0.01']]);
  });

  it('lets 10 % of high balance stand beside 15 % of the other types, of which no one may pass 10 %', () => {
    const shares = { highBalance: 20_000_000, coop: 20_000_000, relocation: 10_000_000 };
    expect(failing(shares)).toEqual([]);
    expect(failing({ ...shares, buydown: 1 })).toEqual([['non_standard_max_percent', '0.01']]);
    expect(failing({ coop: 20_000_050 })).toEqual([['coop_max_percent', '0.50']]);
  });

  it('asks a stipulated trade for its band and size only', () => {
    const stip = { ...trade, deliveryType: 'stip' };
    expect(failing({ amount: 150_000_000, coop: 150_000_000 }, stip)).toEqual([]);
    expect(failing({ highestRate: 9_000_000 }, stip)).toEqual([['max_spread', '2.375000']]);
  });

  it('takes the parameters in force at settlement, and checks nothing without any', () => {
    // 7.75 is 2.25 over the coupon: good under the 2.5 of 2010, not under the 1.125 of June 2019.
    expect(failing({ highestRate: 7_750_000 }, { ...trade, settlementDate: '2019-05-31' })).toEqual([]);
    expect(failing({ highestRate: 7_750_000 }, { ...trade, settlementDate: '2019-06-01' })).toEqual([
      ['max_spread', '1.125000'],
    ]);
    expect(deliveryChecks({ ...trade, program: 'gnii30' }, [good], parameters)).toEqual([[]]);
  });
});
