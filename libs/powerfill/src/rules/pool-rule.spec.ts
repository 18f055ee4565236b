import { columnCatalogue, parsePoolRule, RuleError, type PoolRuleRow } from './index';

const columns = columnCatalogue({
  loan_amount: { kind: 'money' },
  fico: { kind: 'number', scale: 0 },
  occupancy: { kind: 'string' },
  property_type: { kind: 'string' },
  high_balance_indicator: { kind: 'string' },
});

const row = (changes: Partial<PoolRuleRow>): PoolRuleRow => ({
  function: 'percent',
  column_name: 'loan_amount',
  limit_value: '10.00',
  limit_sense: '<=',
  limit_scope: 'each',
  condition_text: "high_balance_indicator = 'Y'",
  ...changes,
});

describe('pool rules of the sample data', () => {
  it('hb_10pct is a share of at most 0.10 in each trade', () => {
    const limit = parsePoolRule(row({ function: 'percent   ' }), columns);
    // 10 % = 0.10 = 10000000 x 10^-8.
    expect(limit).toMatchObject({ kind: 'share', scope: 'each', bounds: { min: null, max: 10_000_000 } });
    expect(limit.condition?.columns).toEqual(['high_balance_indicator']);
  });

  it('wa_fico_720 is a weighted average of at least 720', () => {
    const limit = parsePoolRule(
      row({ function: 'average', column_name: 'FICO', limit_value: '720', limit_sense: '>=', condition_text: null }),
      columns,
    );
    expect(limit).toEqual({
      kind: 'weighted_average',
      scope: 'each',
      condition: null,
      attribute: 'fico',
      attributeType: { kind: 'number', scale: 0 },
      bounds: { min: 72_000_000_000, max: null },
    });
  });

  it('investor_25mm is a total over all trades in cents', () => {
    const limit = parsePoolRule(
      row({
        function: 'sum',
        limit_value: '25000000',
        limit_scope: 'together',
        condition_text: "occupancy = 'investor'",
      }),
      columns,
    );
    expect(limit).toMatchObject({ kind: 'total', scope: 'together', bounds: { min: null, max: 2_500_000_000 } });
  });

  it('percent(*) is a count share and count a count', () => {
    expect(parsePoolRule(row({ column_name: '*', limit_value: 0.000001, limit_sense: '=' }), columns)).toMatchObject({
      kind: 'count_share',
      bounds: { min: 1, max: 1 },
    });
    expect(
      parsePoolRule(row({ function: 'count', column_name: null, limit_value: '5', limit_scope: null }), columns),
    ).toMatchObject({
      kind: 'count',
      scope: 'each',
      bounds: { min: null, max: 5 },
    });
  });

  it.each<[string, Partial<PoolRuleRow>]>([
    ['POOL_RULE_NOT_SUPPORTED', { function: 'max' }],
    ['POOL_RULE_NOT_SUPPORTED', { column_name: 'fico' }],
    ['POOL_RULE_NOT_SUPPORTED', { function: 'sum', column_name: 'fico' }],
    ['POOL_RULE_NOT_SUPPORTED', { function: 'count', column_name: 'fico' }],
    ['RULE_UNKNOWN_COLUMN', { function: 'average', column_name: 'fcio' }],
    ['RULE_TYPE_MISMATCH', { function: 'average', column_name: 'occupancy' }],
    ['POOL_RULE_BAD_LIMIT', { limit_value: 'ten' }],
    ['POOL_RULE_BAD_LIMIT', { limit_value: '101' }],
    ['POOL_RULE_BAD_LIMIT', { limit_value: '-1' }],
    ['POOL_RULE_BAD_LIMIT', { limit_value: '0.0000001' }],
    ['POOL_RULE_BAD_LIMIT', { function: 'count', column_name: null, limit_value: '1.5' }],
    ['POOL_RULE_BAD_LIMIT', { limit_sense: '<' }],
    ['POOL_RULE_BAD_LIMIT', { limit_scope: 'all' }],
    ['RULE_SYNTAX', { condition_text: 'fico >' }],
  ])('refuses with %s: %j', (code, changes) => {
    let thrown: unknown;
    try {
      parsePoolRule(row(changes), columns);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RuleError);
    expect(thrown).toMatchObject({ code });
  });
});
