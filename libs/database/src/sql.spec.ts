import { list, raw, renderSql, sql } from './sql';

describe('sql', () => {
  it('keeps values apart from the text, numbered as each driver wants', () => {
    const statement = sql`UPDATE t SET a = ${1} WHERE b = ${'x'}`;
    expect(renderSql(statement, 'postgres')).toEqual({
      text: 'UPDATE t SET a = $1 WHERE b = $2',
      parameters: [1, 'x'],
    });
    expect(renderSql(statement, 'mssql')).toEqual({ text: 'UPDATE t SET a = @0 WHERE b = @1', parameters: [1, 'x'] });
  });

  it('splices statements into statements and renumbers their values', () => {
    const condition = sql`b = ${2} AND c IN (${list(['x', 'y'])})`;
    expect(renderSql(sql`SELECT ${raw('a')} FROM t WHERE d = ${1} AND ${condition} AND e = ${3}`, 'postgres')).toEqual({
      text: 'SELECT a FROM t WHERE d = $1 AND b = $2 AND c IN ($3, $4) AND e = $5',
      parameters: [1, 2, 'x', 'y', 3],
    });
  });

  it('never lets a value become text', () => {
    expect(renderSql(sql`SELECT ${"'; DROP TABLE loan; --"}`, 'postgres').text).toBe('SELECT $1');
  });
});
