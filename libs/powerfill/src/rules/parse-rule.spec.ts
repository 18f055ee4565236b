import { columnCatalogue, compileRule, parseRule, propertyReaders, RuleError, Truth, canonicalText } from './index';

const columns = columnCatalogue({
  orig_loan_amount: { kind: 'money' },
  loan_amount: { kind: 'money' },
  note_rate: { kind: 'number', scale: 6 },
  ltv: { kind: 'number', scale: 3 },
  dti: { kind: 'number', scale: 3 },
  fico: { kind: 'number', scale: 0 },
  property_state: { kind: 'string' },
  property_type: { kind: 'string' },
  occupancy: { kind: 'string' },
  purpose: { kind: 'string' },
  agency_type: { kind: 'string' },
  high_balance_indicator: { kind: 'string' },
  is_first_lien: { kind: 'boolean' },
  lock_date: { kind: 'date' },
  close_date: { kind: 'date' },
  custom_data: { kind: 'json' },
});

const evaluate = (text: string, row: Record<string, unknown>): Truth =>
  compileRule(parseRule(text, columns), propertyReaders)(row);

function errorOf(text: string): RuleError {
  try {
    parseRule(text, columns);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

describe('rules of the sample data', () => {
  // $125,000.00 = 12500000 cents; ltv 95 at scale 3 = 95000.
  it.each([
    ["property_type <> 'mh'", { property_type: 'MH  ' }, Truth.False],
    ["property_type <> 'mh'", { property_type: 'sf' }, Truth.True],
    ['orig_loan_amount <= 85000', { orig_loan_amount: 8_500_000 }, Truth.True],
    ['orig_loan_amount <= 85000', { orig_loan_amount: 8_500_001 }, Truth.False],
    [
      "orig_loan_amount <= 125000 and property_state <> 'NY'",
      { orig_loan_amount: 12_500_000, property_state: 'CA' },
      Truth.True,
    ],
    [
      "orig_loan_amount <= 125000 and property_state <> 'NY'",
      { orig_loan_amount: 12_500_000, property_state: 'ny' },
      Truth.False,
    ],
    [
      "orig_loan_amount <= 125000 and property_state <> 'NY'",
      { orig_loan_amount: 12_500_000, property_state: null },
      Truth.Unknown,
    ],
    [
      "orig_loan_amount <= 125000 and property_state <> 'NY'",
      { orig_loan_amount: 12_500_001, property_state: null },
      Truth.False,
    ],
    ['fico >= 680 and ltv <= 95 and dti <= 45', { fico: 680, ltv: 95_000, dti: 45_000 }, Truth.True],
    ['fico >= 680 and ltv <= 95 and dti <= 45', { fico: null, ltv: 95_000, dti: 45_000 }, Truth.Unknown],
    ['fico >= 680 and ltv <= 95 and dti <= 45', { fico: null, ltv: 95_001, dti: 45_000 }, Truth.False],
    ["not (property_state = 'TX' and purpose = 'cashout')", { property_state: 'TX', purpose: 'cashout' }, Truth.False],
    ["not (property_state = 'TX' and purpose = 'cashout')", { property_state: 'TX', purpose: 'purchase' }, Truth.True],
    ["not (property_state = 'TX' and purpose = 'cashout')", { property_state: 'TX', purpose: null }, Truth.Unknown],
    ["agency_type in ('fha','va','usda') and fico >= 580", { agency_type: 'VA', fico: 580 }, Truth.True],
    ["agency_type in ('fha','va','usda') and fico >= 580", { agency_type: 'conventional', fico: 800 }, Truth.False],
  ])('%s of %j is %i', (text, row, truth) => {
    expect(evaluate(text, row)).toBe(truth);
  });
});

describe('precedence', () => {
  // node-sql-parser alone reads the first as (fico = 1 or fico = 2) and ltv = 3, which is FALSE for fico 1.
  it.each([
    ['fico = 1 or (fico = 2) and ltv = 3', '(fico = 1) or ((fico = 2) and (ltv = 3))'],
    [
      'fico = 1 or not (fico = 2) and ltv = 3 or dti = 4',
      '(fico = 1) or ((not (fico = 2)) and (ltv = 3)) or (dti = 4)',
    ],
    ['(fico = 1 or fico = 2) and ltv = 3', '((fico = 1) or (fico = 2)) and (ltv = 3)'],
    ['not (fico) = 1', 'not (fico = 1)'],
    ['not (fico + 1) * 2 in (3, 4)', 'not (((fico + 1) * 2) in (3, 4))'],
    ['not fico = 1 and ltv = 2', '(not (fico = 1)) and (ltv = 2)'],
    ['fico between 1 and 2 and ltv = 3', '(fico >= 1) and (fico <= 2) and (ltv = 3)'],
    ['fico not between 1 and 2 or ltv = 3', '(not ((fico >= 1) and (fico <= 2))) or (ltv = 3)'],
    ['fico - ltv - dti * 2 / 4 = -1', '((fico - ltv) - ((dti * 2) / 4)) = -1'],
    ['fico - (ltv - dti) = 1', '(fico - (ltv - dti)) = 1'],
    ['fico is not null', 'not (fico is null)'],
    ["[Property_State] NOT LIKE N'C%'", "not (property_state like 'C%')"],
    ["lock_date >= '20261101'", "lock_date >= '2026-11-01'"],
    ['isnull(fico, 0.50) != 1e2', 'coalesce(fico, 0.5) <> 100'],
    ['datediff(dd, lock_date, close_date) > 30', 'datediff(day, lock_date, close_date) > 30'],
  ])('%s is read as %s', (text, normal) => {
    const rule = parseRule(text, columns);
    expect(canonicalText(rule)).toBe(normal);
    expect(canonicalText(parseRule(normal, columns))).toBe(normal);
  });
});

describe('values', () => {
  it.each<[string, Record<string, unknown>, Truth]>([
    // Exact decimals: 6.125 % = 6125000; 0.1 + 0.2 is 0.3; 80.001 is above 80.
    ['note_rate = 6.125', { note_rate: 6_125_000 }, Truth.True],
    ['0.1 + 0.2 = 0.3', {}, Truth.True],
    ['ltv > 80', { ltv: 80_001 }, Truth.True],
    ['ltv = 80.0001', { ltv: 80_000 }, Truth.False],
    ['ltv < 80.0001', { ltv: 80_000 }, Truth.True],
    ['ltv >= 80.0001', { ltv: 80_000 }, Truth.False],
    ['-80.0001 < ltv', { ltv: -80_001 }, Truth.False],
    ['loan_amount < 99999999999999999999', { loan_amount: Number.MAX_SAFE_INTEGER }, Truth.True],
    ['loan_amount > -99999999999999999999', { loan_amount: -Number.MAX_SAFE_INTEGER }, Truth.True],
    ['fico in (680.5, 700)', { fico: 680 }, Truth.False],
    ['fico in (680.5, 700)', { fico: 700 }, Truth.True],
    ['fico not in (700)', { fico: null }, Truth.Unknown],
    // A quotient is exact: 250000 / 300000 * 6 = 5; division by zero gives no data.
    ['loan_amount / orig_loan_amount * 6 = 5', { loan_amount: 25_000_000, orig_loan_amount: 30_000_000 }, Truth.True],
    ['loan_amount / orig_loan_amount = 1', { loan_amount: 1, orig_loan_amount: 0 }, Truth.Unknown],
    ['5 / 2 = 2.5', {}, Truth.True],
    ['abs(fico - 700) <= 20', { fico: 681 }, Truth.True],
    ['coalesce(fico, 0) < 620', { fico: null }, Truth.True],
    ['fico is null', { fico: null }, Truth.True],
    ['fico is not null', {}, Truth.False],
    // Text: trailing blanks and case do not count, leading blanks do.
    ["property_state = 'ca  '", { property_state: 'CA' }, Truth.True],
    ["property_state = 'ca'", { property_state: ' CA' }, Truth.False],
    ["trim(property_state) = 'ca'", { property_state: ' CA ' }, Truth.True],
    ["property_type = 'STRASSE é'", { property_type: 'strasse É' }, Truth.True],
    ["property_type = 'it''s \\'", { property_type: "IT'S \\" }, Truth.True],
    ["property_type like '2-4%'", { property_type: '2-4 Unit  ' }, Truth.True],
    ["property_type like '[a-c]_%'", { property_type: 'Condo' }, Truth.True],
    ["property_type like '[^a-c]%'", { property_type: 'Condo' }, Truth.False],
    ["property_type like '%[%]'", { property_type: '100%' }, Truth.True],
    ["property_type like '%a%b%c'", { property_type: 'xxaabbcabd' }, Truth.False],
    [
      "left(property_type, 2) = 'co' and right(property_type, 1) = 'p' and len(property_type) = 4",
      { property_type: 'coop  ' },
      Truth.False,
    ],
    [
      "left(property_type, 2) = 'co' and right(rtrim(property_type), 1) = 'p' and len(property_type) = 4",
      { property_type: 'coop  ' },
      Truth.True,
    ],
    // Dates: 2026-11-23 less 2026-10-01 = 30 + 23 = 53 days (30 to 10-31, 23 more).
    ["close_date > '2026-11-22'", { close_date: '2026-11-23' }, Truth.True],
    ['datediff(day, lock_date, close_date) = 53', { lock_date: '2026-10-01', close_date: '2026-11-23' }, Truth.True],
    [
      'year(close_date) = 2026 and month(close_date) = 11 and day(close_date) = 23',
      { close_date: '2026-11-23' },
      Truth.True,
    ],
    ['lock_date < close_date', { lock_date: null, close_date: '2026-11-23' }, Truth.Unknown],
    // Flags.
    ["is_first_lien = 'Y'", { is_first_lien: true }, Truth.True],
    ['is_first_lien <> 1', { is_first_lien: false }, Truth.True],
    ['is_first_lien = true', { is_first_lien: null }, Truth.Unknown],
    // Custom columns take the type of what they are compared with.
    ['custom_data.score >= 7.5', { custom_data: { score: 7.5 } }, Truth.True],
    ['custom_data.score >= 7.5', { custom_data: { score: '7.49' } }, Truth.False],
    ['custom_data.score >= 7.5', { custom_data: { score: 'n/a' } }, Truth.Unknown],
    ["custom_data.branch = '12'", { custom_data: { branch: 12 } }, Truth.True],
    ["custom_data.Branch = '12'", { custom_data: { branch: 12 } }, Truth.Unknown],
    ['custom_data.constructor is null', { custom_data: {} }, Truth.True],
    [
      'close_date > custom_data.[paid to]',
      { close_date: '2026-11-23', custom_data: { 'paid to': '2026-11-22' } },
      Truth.True,
    ],
    ['custom_data.x = 1', { custom_data: null }, Truth.Unknown],
  ])('%s of %j is %i', (text, row, truth) => {
    expect(evaluate(text, row)).toBe(truth);
  });

  it('names the columns a rule reads once each, sorted', () => {
    const rule = parseRule("fico > 1 and (Property_State = 'CA' or FICO < 800) and custom_data.Branch = 'x'", columns);
    expect(rule.columns).toEqual(['custom_data.Branch', 'fico', 'property_state']);
  });

  it('refuses a row value that breaks its column type instead of guessing', () => {
    expect(() => evaluate('fico > 1', { fico: 680.5 })).toThrow(
      expect.objectContaining({ code: 'RULE_BAD_VALUE' }) as Error,
    );
    expect(() => evaluate("lock_date > '2026-01-01'", { lock_date: '11/23/2026' })).toThrow(RuleError);
  });
});

describe('refusals', () => {
  it.each([
    ['', 'RULE_EMPTY', 0],
    ['   ', 'RULE_EMPTY', 0],
    ['fico >', 'RULE_SYNTAX', 6],
    ['fico > 680 and', 'RULE_SYNTAX', 14],
    ['fico > 680 ltv < 80', 'RULE_SYNTAX', 11],
    ['(fico > 680', 'RULE_SYNTAX', 0],
    ['fico > 680)', 'RULE_SYNTAX', 10],
    ['fico > 680, ltv > 1', 'RULE_SYNTAX', 10],
    ['fico in ()', 'RULE_SYNTAX', 9],
    ['fico = +680', 'RULE_SYNTAX', 7],
    ['fico == 680', 'RULE_SYNTAX', 6],
    ['fico', 'RULE_TYPE_MISMATCH', 0],
    ['fico > 1 = ltv', 'RULE_TYPE_MISMATCH', 0],
    ['fico = null', 'RULE_SYNTAX', 7],
    ['fico > 680; drop table loan', 'RULE_NOT_SUPPORTED', 10],
    ['fico > 680 -- trailing', 'RULE_NOT_SUPPORTED', 11],
    ['fico > /* x */ 680', 'RULE_NOT_SUPPORTED', 7],
    ['fico in (select 1)', 'RULE_NOT_SUPPORTED', 9],
    ['exists (fico)', 'RULE_NOT_SUPPORTED', 0],
    ['case when fico > 1 then 1 end = 1', 'RULE_NOT_SUPPORTED', 0],
    ['cast(fico as int) = 1', 'RULE_NOT_SUPPORTED', 0],
    ['fico > 1 union select 1', 'RULE_NOT_SUPPORTED', 9],
    ['count(fico) > 1', 'RULE_NOT_SUPPORTED', 0],
    ['datediff(month, lock_date, close_date) > 1', 'RULE_NOT_SUPPORTED', 9],
    ['property_type like property_state', 'RULE_NOT_SUPPORTED', 19],
    ["xp_cmdshell('x') = 1", 'RULE_UNKNOWN_FUNCTION', 0],
    ['fcio > 680', 'RULE_UNKNOWN_COLUMN', 0],
    ['loan.fico > 680', 'RULE_UNKNOWN_COLUMN', 0],
    ['constructor = 1', 'RULE_UNKNOWN_COLUMN', 0],
    ["fico > '680'", 'RULE_TYPE_MISMATCH', 7],
    ['property_state = 5', 'RULE_TYPE_MISMATCH', 17],
    ['property_state > fico', 'RULE_TYPE_MISMATCH', 17],
    ['property_state + 1 = 2', 'RULE_TYPE_MISMATCH', 0],
    ['custom_data = 1', 'RULE_TYPE_MISMATCH', 0],
    ['is_first_lien > false', 'RULE_TYPE_MISMATCH', 0],
    ["lock_date > '2026-02-30'", 'RULE_BAD_LITERAL', 12],
    ["property_state = 'NY", 'RULE_BAD_LITERAL', 17],
    ['fico > 680x', 'RULE_BAD_LITERAL', 7],
    ["property_type like '[a'", 'RULE_BAD_LITERAL', 19],
    ['left(property_type, -1) = occupancy', 'RULE_BAD_LITERAL', 0],
    [`${'('.repeat(30)}fico = 1${')'.repeat(30)}`, 'RULE_TOO_LARGE', 24],
    [`${'not '.repeat(30)}fico = 1`, 'RULE_TOO_LARGE', 96],
    [`fico = ${'1+'.repeat(70)}1`, 'RULE_TOO_LARGE', 7],
    [`fico in (${'1,'.repeat(1000)}1)`, 'RULE_TOO_LARGE', 1506],
    [`property_state = '${'x'.repeat(5000)}'`, 'RULE_TOO_LARGE', 4000],
  ])('%s is refused with %s', (text, code, offset) => {
    const error = errorOf(text);
    expect([error.code, error.position.offset]).toEqual([code, offset]);
  });

  it('points to line and column and says what to write', () => {
    const error = errorOf("fico > 680\n  and state = 'NY'");
    expect(error.position).toEqual({ offset: 17, line: 2, column: 7 });
    expect(error.message).toContain('Did you mean property_state?');
  });
});
