import fc from 'fast-check';
import { date, decimal, flag, int, json, money, nullable, rate, text, code } from '@powerfill/database';
import { cellReader } from './cell-reader';

const fault = (read: ReturnType<typeof cellReader>, cell: string) => {
  const result = read(cell);
  return result.ok ? result.value : result.code;
};

describe('a decimal cell', () => {
  const amount = cellReader(money(), {});

  it('becomes an exact scaled integer', () => {
    // 1250.5 dollars are 125,050 cents; 0.07 * 100 is not 7 in floating point, but the text is exact.
    expect(fault(amount, '1250.5')).toBe(125_050);
    expect(fault(amount, '0.07')).toBe(7);
    expect(fault(amount, '324000')).toBe(32_400_000);
    expect(fault(amount, ' 007.00 ')).toBe(700);
    expect(fault(cellReader(rate(), {}), '6.125')).toBe(6_125_000);
  });

  it('equals its integer for every amount that a column of 14 digits holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (cents) => {
        const digits = String(cents).padStart(3, '0');
        expect(fault(amount, `${digits.slice(0, -2)}.${digits.slice(-2)}`)).toBe(cents);
      }),
    );
  });

  it('is refused when it has more decimals than the column, unless they are zeros', () => {
    expect(fault(amount, '1.005')).toBe('too_many_decimals');
    expect(fault(amount, '1.5000')).toBe(150);
  });

  it('is refused when it is no plain decimal', () => {
    for (const cell of ['1e3', 'abc', '--1', '.', '1.2.3', 'NaN', '+5', '1,2', '$', '%']) {
      expect([cell, fault(amount, cell)]).toEqual([cell, 'not_a_number']);
    }
  });

  it('is refused when it has more digits than the column', () => {
    expect(fault(amount, '999999999999.99')).toBe(99_999_999_999_999);
    expect(fault(amount, '1000000000000')).toBe('out_of_range');
    expect(fault(amount, '9'.repeat(400))).toBe('out_of_range');
    expect(fault(cellReader(decimal(5, 4), { min: 0, max: 1 }), '1.0001')).toBe('out_of_range');
  });

  it('is refused below zero, and at zero where it must be positive', () => {
    expect(fault(amount, '-0.01')).toBe('out_of_range');
    expect(fault(amount, '-0.00')).toBe(0);
    expect(fault(cellReader(money(), { positive: true }), '0.00')).toBe('out_of_range');
    expect(fault(cellReader(rate(), { min: Number.NEGATIVE_INFINITY }), '-0.25')).toBe(-250_000);
  });
});

describe('a cell of another type', () => {
  it('accepts only dates that exist', () => {
    const read = cellReader(date(), {});
    expect(fault(read, '2028-02-29')).toBe('2028-02-29');
    for (const cell of ['2026-02-29', '2026-13-01', '13/23/2026', 'tomorrow', '20261323', '2026']) {
      expect([cell, fault(read, cell)]).toEqual([cell, 'not_a_date']);
    }
    expect(fault(read, '0001-01-01')).toBe('out_of_range');
  });

  it('accepts whole numbers of 32 bits', () => {
    const read = cellReader(int(), { max: 850 });
    expect(fault(read, '740')).toBe(740);
    expect(Object.is(fault(read, '-0'), 0)).toBe(true);
    expect(fault(read, '740.5')).toBe('not_a_number');
    expect(fault(read, '851')).toBe('out_of_range');
    expect(fault(cellReader(int(), {}), '2147483648')).toBe('out_of_range');
  });

  it('accepts true and false', () => {
    const read = cellReader(flag(), {});
    expect([fault(read, 'TRUE'), fault(read, '0')]).toEqual([true, false]);
    expect(fault(read, 'maybe')).toBe('not_a_boolean');
  });

  it('accepts codes of printable ASCII within the length and the allowed values', () => {
    const read = cellReader(code(5), {});
    expect(fault(read, 'AB   ')).toBe('AB');
    expect(fault(read, 'ABCDEF')).toBe('too_long');
    expect(fault(read, 'Ä')).toBe('not_ascii');
    expect(fault(read, 'a\tb')).toBe('not_ascii');
    expect(fault(cellReader(code(9), { oneOf: ['fha', 'va'] }), 'FHA')).toBe('not_allowed');
    expect(fault(cellReader(text(9), {}), 'Zürich')).toBe('Zürich');
  });

  it('accepts JSON objects only', () => {
    const read = cellReader(json(), {});
    expect(fault(read, '{"a":1}')).toBe('{"a":1}');
    for (const cell of ['[1]', '1', '{a:1}', '"x"']) expect(fault(read, cell)).toBe('invalid_json');
  });

  it('is null when empty, a fault when required, and empty text where that is a value', () => {
    expect(fault(cellReader(nullable(money()), {}), '')).toBeNull();
    expect(fault(cellReader(money(), {}), '  ')).toBe('required');
    expect(fault(cellReader(code(30), { mayBeEmpty: true }), '')).toBe('');
  });
});
