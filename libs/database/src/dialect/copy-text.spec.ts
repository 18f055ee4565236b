import fc from 'fast-check';
import { code, date, decimal, flag, int, json, money, nullable, price, text, timestamp, uuid } from '../schema/columns';
import { defineTable } from '../schema/table';
import { formatScaled } from '../values/decimal';
import { copyPieces } from './copy-text';

const table = defineTable('t', 'output', {
  columns: {
    run_id: uuid(),
    key: code(10),
    words: nullable(text(40)),
    amount: money(),
    points: nullable(price()),
    large: decimal(18, 0),
    count: int(),
    flagged: flag(),
    day: nullable(date()),
    at: nullable(timestamp()),
    document: nullable(json()),
  },
  primaryKey: ['key'],
});
const NAMES = Object.keys(table.columns);
const RUN_ID = 'AAAAAAAA-0000-7000-8000-000000000001';

const row = (more: object = {}) => ({
  key: 'K',
  words: null,
  amount: 0,
  points: null,
  large: 0,
  count: 0,
  flagged: true,
  day: null,
  at: null,
  document: null,
  ...more,
});

/** The pieces joined; each is read before the next is made. */
function copied(rows: Iterable<object>, names: readonly string[] = NAMES): string {
  let all = '';
  for (const piece of copyPieces(table, names, rows, { run_id: RUN_ID })) all += piece.toString();
  return all;
}

const cell = (name: string, value: unknown): string => copied([row({ [name]: value })], [name]).slice(0, -1);

describe('copyPieces', () => {
  it('writes a line a row, tabs between the cells, and what all rows share', () => {
    const full = row({
      words: 'two words',
      amount: -5,
      points: 10_112_500_000,
      large: -12,
      count: -2_147_483_647,
      flagged: false,
      day: '2026-11-23',
      at: new Date('2026-11-23T14:00:00.120Z'),
      document: '{"a": 1}',
    });
    const id = RUN_ID.toLowerCase();
    expect(copied([full, row()])).toBe(
      `${id}\tK\ttwo words\t-0.05\t101.12500000\t-12\t-2147483647\tfalse\t2026-11-23\t2026-11-23T14:00:00.120Z\t{"a": 1}\n` +
        `${id}\tK\t\\N\t0.00\t\\N\t0\t0\ttrue\t\\N\t\\N\t\\N\n`,
    );
  });

  it('escapes what the format gives a meaning to, and leaves other text as it is', () => {
    expect(cell('words', 'a\\b\tc\nd\re')).toBe('a\\\\b\\tc\\nd\\re');
    expect(cell('words', '\\N')).toBe('\\\\N');
    expect(cell('words', 'Größe 日本 👍 \u007f\u0001')).toBe('Größe 日本 👍 \u007f\u0001');
    expect(cell('words', '')).toBe('');
  });

  it('writes any decimal as the exact text of its scaled integer', () => {
    const integers = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constantFrom(0, -0, 1, -1, 99, 100, -100));
    fc.assert(
      fc.property(integers, (value) => {
        if (Math.abs(value) < 1e14) expect(cell('amount', value)).toBe(formatScaled(value, 2));
        if (Math.abs(value) < 1e12) expect(cell('points', value)).toBe(formatScaled(value, 8));
        expect(cell('large', value)).toBe(formatScaled(value, 0));
      }),
    );
  });

  it('writes values that follow each other as if each were the first', () => {
    const days = ['2026-11-23', '2026-11-23', null, '2026-11-24', '2026-11-23'];
    const text = copied(
      days.map((day) => row({ day })),
      ['day'],
    );
    expect(text).toBe(`${days.map((day) => day ?? '\\N').join('\n')}\n`);
  });

  it('hands out pieces of whole rows, however long a row is', () => {
    const long = { document: 'x'.repeat(300_000) };
    const rows = Array.from({ length: 20_000 }, (_, index) => row({ key: `K${index}`, ...(index === 7 ? long : {}) }));
    const ends: (string | undefined)[] = [];
    for (const piece of copyPieces(table, ['key', 'document'], rows)) ends.push(piece.toString().at(-1));
    expect(ends.length).toBeGreaterThan(2);
    expect(new Set(ends)).toEqual(new Set(['\n']));
    const text = copied(rows, ['key', 'document']);
    expect(text.split('\n').map((line) => line.split('\t')[0])).toEqual([...rows.map(({ key }) => key), '']);
    expect(text.split('\n')[7]).toBe(`K7\t${long.document}`);
  });

  it.each([
    ['key', 'twelve chars', 't.key: text of 12 characters is longer than 10'],
    ['key', null, 't.key: a required varchar is missing'],
    ['words', 'a\0b', 't.words: text holds a NUL character'],
    ['amount', 0.5, 't.amount: 0.5 is not a safe integer'],
    ['amount', 100_000_000_000_000, 't.amount: 1000000000000.00 is out of range of decimal(14,2)'],
    ['count', 2_147_483_648, 't.count: 2147483648 is not a 32-bit integer'],
    ['count', 1.5, 't.count: 1.5 is not a 32-bit integer'],
    ['day', '23.11.2026', 't.day: "23.11.2026" is not a date YYYY-MM-DD'],
    ['flagged', 1, 't.flagged: boolean cannot hold a value of type number'],
  ])('refuses in column %s what it cannot hold (%j)', (name, value, message) => {
    expect(() => cell(name, value)).toThrow(message);
  });
});
