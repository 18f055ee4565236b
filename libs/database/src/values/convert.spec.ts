import { blob, code, date, decimal, flag, int, json, money, nullable, text, timestamp, uuid } from '../schema/columns';
import { ColumnValueError } from '../errors';
import { fromDatabase, toDatabase } from './convert';

describe('values on their way to the database', () => {
  it('become decimal text and lower-case ids, and are otherwise left alone', () => {
    const instant = new Date(0);
    expect(toDatabase(money(), -1)).toBe('-0.01');
    expect(toDatabase(uuid(), 'ABCDEF00-0000-0000-0000-000000000000')).toBe('abcdef00-0000-0000-0000-000000000000');
    expect([toDatabase(flag(), false), toDatabase(timestamp(), instant), toDatabase(json(), '{}')]).toEqual([
      false,
      instant,
      '{}',
    ]);
    expect(toDatabase(nullable(int()), undefined)).toBeNull();
  });

  it.each([
    ['a missing value', int(), null],
    ['a fraction', int(), 1.5],
    ['an integer of more than 32 bits', int(), 2_147_483_648],
    ['a decimal of too many digits', decimal(5, 4), 100_000],
    ['a decimal that is no integer in memory', money(), 0.5],
    ['a text that is too long', code(2), 'abc'],
    ['a NUL character', text(9), 'a\0'],
    ['a date with a time', date(), '2026-11-23T00:00:00Z'],
    ['an invalid instant', timestamp(), new Date(NaN)],
    ['a number for a text', code(9), 7],
    ['a text for a flag', flag(), 'true'],
    ['a text for binary data', blob(), 'x'],
  ])('refuse %s', (_, column, value) => {
    expect(() => toDatabase(column, value)).toThrow(ColumnValueError);
  });
});

describe('values on their way from the database', () => {
  it('are understood in the forms of both drivers', () => {
    // PostgreSQL gives text; SQL Server doubles, bits, UTC midnights and upper-case ids.
    expect([fromDatabase(money(), '1234.50'), fromDatabase(money(), 1234.5)]).toEqual([123_450, 123_450]);
    // 0.29 * 100 is 28.999999999999996 in floating point.
    expect(fromDatabase(money(), 0.29)).toBe(29);
    expect([fromDatabase(flag(), true), fromDatabase(flag(), 1), fromDatabase(flag(), 0)]).toEqual([true, true, false]);
    expect([fromDatabase(date(), '2026-03-08'), fromDatabase(date(), new Date('2026-03-08T00:00:00Z'))]).toEqual([
      '2026-03-08',
      '2026-03-08',
    ]);
    expect(fromDatabase(uuid(), 'ABCDEF00-0000-0000-0000-000000000000')).toBe('abcdef00-0000-0000-0000-000000000000');
    expect(fromDatabase(nullable(money()), null)).toBeNull();
  });

  it('lose trailing blanks in codes and texts, never in documents', () => {
    expect([fromDatabase(code(9), 'A B  '), fromDatabase(text(9), ' x '), fromDatabase(json(), '{} ')]).toEqual([
      'A B',
      ' x',
      '{} ',
    ]);
    expect(fromDatabase(code(3), '   ')).toBe('');
  });

  it('are refused when they would not be exact', () => {
    // decimal(18,8) reaches past 2^53: 100,000,000 is 1e16 units of 1e-8.
    expect(() => fromDatabase(decimal(18, 8), '100000000.00000000')).toThrow('too large to be held exactly');
  });
});
