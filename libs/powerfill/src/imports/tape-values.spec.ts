import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { date, decimal, flag, int, money, rate } from '@powerfill/database';
import { cellReader } from './cell-reader';
import { utf8Bytes } from './tape-text';
import { US_TAPE, type TapeFormat } from './tape-values';

const read = (column: Parameters<typeof cellReader>[0], text: string, rule = {}, format: TapeFormat = US_TAPE) => {
  const cell = cellReader(column, rule, format)(text);
  return cell.ok ? cell.value : cell.code;
};

describe('values as tapes write them', () => {
  it.each([
    ['$1,234.50', 123_450],
    ['1,234,567', 123_456_700],
    ['$ 12', 1_200],
    ['.5', 50],
    ['1,23', 'not_a_number'],
    ['12,34,567', 'not_a_number'],
    ['5%', 'not_a_number'],
    ['(12.00)', 'out_of_range'],
  ])('an amount %s is %s', (text, value) => {
    expect(read(money(), text)).toBe(value);
  });

  it('a negative amount may stand in brackets where amounts may be negative', () => {
    expect(read(money(), '($1,012.00)', { min: -Infinity })).toBe(-101_200);
  });

  it('a percent sign stays with rates and makes shares fractions', () => {
    expect(read(rate(), '6.125%')).toBe(6_125_000);
    expect(read(decimal(5, 4), '75.5 %', { min: 0, max: 1 })).toBe(7_550);
    expect(read(decimal(5, 4), '100%', { min: 0, max: 1 })).toBe(10_000);
    expect(read(decimal(5, 4), '100.01%', { min: 0, max: 1 })).toBe('out_of_range');
    expect(read(rate(), '$6.125')).toBe('not_a_number');
    expect(read(int(), '1,250')).toBe(1_250);
  });

  it('a decimal comma is read where a profile says so, and refused where nobody knows', () => {
    expect(read(money(), '1.234,50', {}, { ...US_TAPE, decimalMark: ',' })).toBe(123_450);
    expect(read(money(), '1,234', {}, { ...US_TAPE, isGrouped: false })).toBe('not_a_number');
    expect(read(money(), '1234.50', {}, { ...US_TAPE, isGrouped: false })).toBe(123_450);
  });

  it.each([
    ['11/23/2026', '2026-11-23'],
    ['1/2/26', '2026-01-02'],
    ['12-31-1999', '1999-12-31'],
    ['20261123', '2026-11-23'],
    ['2026/1/2', '2026-01-02'],
    ['2026-11-23T17:30:00Z', '2026-11-23'],
    ['11/23/2026 0:00', '2026-11-23'],
    ['23/11/2026', 'not_a_date'],
    ['02/30/2026', 'not_a_date'],
    ['Nov 23 2026', 'not_a_date'],
  ])('a date %s is %s', (text, value) => {
    expect(read(date(), text)).toBe(value);
  });

  it('the day comes first where a profile says so; yes and no are flags', () => {
    expect(read(date(), '23.11.2026', {}, { ...US_TAPE, dateOrder: 'dmy' })).toBe('2026-11-23');
    expect(['Y', 'no', 'Yes', 'maybe'].map((text) => read(flag(), text))).toEqual([true, false, true, 'not_a_boolean']);
  });
});

describe('text of other encodings', () => {
  const text = 'loan_id,county\nL1,Doña Ana\n';
  const decoded = async (bytes: Buffer, size: number) => {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    return (await buffer(Readable.from(utf8Bytes(Readable.from(pieces))))).toString();
  };
  const utf16le = Buffer.from(`\ufeff${text}`, 'utf16le');

  it('is read in UTF-16 of both orders, marked or not, however it arrives', async () => {
    for (const size of [1, 3, 1_000]) {
      expect(await decoded(utf16le, size)).toBe(text);
      expect(await decoded(Buffer.from(utf16le).swap16(), size)).toBe(text);
      expect(await decoded(Buffer.from(text, 'utf16le'), size)).toBe(text);
      expect(await decoded(Buffer.from(text), size)).toBe(text);
    }
  });

  it('is refused when it breaks off within a character', async () => {
    await expect(decoded(utf16le.subarray(0, -1), 1_000)).rejects.toThrow('begins as UTF-16');
  });
});
