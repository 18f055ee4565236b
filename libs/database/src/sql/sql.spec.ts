import { firstRows, id, joinSql, quote, raw, renderSql, sql } from './sql';

const rendered = (statement: ReturnType<typeof sql>) =>
  renderSql(
    statement,
    (index) => `$${index + 1}`,
    (value) => value,
  );

describe('SQL templates', () => {
  it('keep values apart from text and number them across nested pieces', () => {
    const condition = joinSql([sql`a = ${1}`, sql`b = ${'x; DROP TABLE loan'}`, raw('c IS NULL')], ' AND ');
    expect(rendered(sql`SELECT ${id('key')} FROM t WHERE ${condition} OR d = ${null} ${firstRows(3)}`)).toEqual({
      text: 'SELECT "key" FROM t WHERE a = $1 AND b = $2 AND c IS NULL OR d = $3 OFFSET 0 ROWS FETCH NEXT 3 ROWS ONLY',
      parameters: [1, 'x; DROP TABLE loan', null],
    });
  });

  it('join nothing to nothing', () => {
    expect(rendered(sql`a${joinSql([], ', ')}b`).text).toBe('ab');
  });

  it('quote names so that none can end early', () => {
    expect(quote('a"b')).toBe('"a""b"');
  });

  it('take only whole numbers as a limit', () => {
    expect(() => firstRows(1.5)).toThrow(RangeError);
    expect(() => firstRows(-1)).toThrow(RangeError);
  });
});
