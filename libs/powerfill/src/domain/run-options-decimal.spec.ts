import * as fc from 'fast-check';
import { readDecimal } from './run-options-decimal';

const rule = { scale: 8, min: 0, max: 999 };

describe('a decimal option', () => {
  it('is the same given as a number or as text', () => {
    expect(readDecimal(99.5, rule)).toEqual({ text: '99.50000000' });
    expect(readDecimal('99.5', rule)).toEqual({ text: '99.50000000' });
    expect(readDecimal(1e-8, rule)).toEqual({ text: '0.00000001' });
    expect(readDecimal(-0, rule)).toEqual({ text: '0.00000000' });
  });

  it('is refused with more decimals than it may have, never rounded', () => {
    // 9 decimals where 8 are allowed.
    expect(readDecimal(99.123456785, rule)).toEqual({ fault: 'must have at most 8 decimals' });
    expect(readDecimal('99.123456780', rule)).toEqual({ fault: 'must have at most 8 decimals' });
  });

  it('is refused outside of its bounds', () => {
    expect(readDecimal(-1, rule)).toEqual({ fault: 'must be from 0 to 999' });
    expect(readDecimal('-0.00000001', rule)).toEqual({ fault: 'must be from 0 to 999' });
    expect(readDecimal(1e30, rule)).toEqual({ fault: 'must be from 0 to 999' });
    expect(readDecimal('999.00000001', rule)).toEqual({ fault: 'must be from 0 to 999' });
  });

  it.each([NaN, Infinity, '', ' 1', '1e2', '0x10', '1,5', '01', '.5', '1.', null, true, [1], {}])(
    'refuses %p, which is no plain decimal',
    (value) => {
      expect(readDecimal(value, rule)).toHaveProperty('fault');
    },
  );

  it('keeps every digit of every value in range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_00000000 }), (units) => {
        const text = `${Math.floor(units / 1e8)}.${String(units % 1e8).padStart(8, '0')}`;
        expect(readDecimal(text, rule)).toEqual({ text });
        expect(readDecimal(Number(text), rule)).toEqual({ text });
      }),
    );
  });
});
