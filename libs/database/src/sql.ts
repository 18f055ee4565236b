import type { QueryRunner } from 'typeorm';

/** A statement with its values kept apart, written as a template: sql`SELECT ... WHERE run_id = ${runId}`. */
export interface Sql {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
}

const isSql = (value: unknown): value is Sql =>
  typeof value === 'object' && value !== null && 'strings' in value && 'values' in value;

/** Builds a statement; a value that is itself a statement is spliced in, any other becomes a parameter. */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Sql {
  const texts: string[] = [strings[0] ?? ''];
  const parameters: unknown[] = [];
  const append = (text: string): void => {
    texts[texts.length - 1] += text;
  };
  values.forEach((value, index) => {
    if (isSql(value)) {
      value.strings.forEach((text, position) => {
        if (position > 0) {
          parameters.push(value.values[position - 1]);
          texts.push('');
        }
        append(text);
      });
    } else {
      parameters.push(value);
      texts.push('');
    }
    append(strings[index + 1] ?? '');
  });
  return { strings: texts, values: parameters };
}

/** Text taken as it is: names and expressions of our own, never anything a caller sent. */
export const raw = (text: string): Sql => ({ strings: [text], values: [] });

/** Joins statements with a separator. */
export const joinSql = (parts: readonly Sql[], separator: string): Sql =>
  parts.reduce((joined, part, index) => (index === 0 ? part : sql`${joined}${raw(separator)}${part}`), raw(''));

/** A list of parameters, for IN (...). */
export const list = (values: readonly unknown[]): Sql =>
  joinSql(
    values.map((value) => sql`${value}`),
    ', ',
  );

/** The text a driver takes: `$1` on PostgreSQL, `@0` on SQL Server. */
export function renderSql(statement: Sql, driver: 'postgres' | 'mssql'): { text: string; parameters: unknown[] } {
  const placeholder = (index: number): string => (driver === 'postgres' ? `$${index + 1}` : `@${index}`);
  const text = statement.strings.map((part, index) => (index === 0 ? part : placeholder(index - 1) + part)).join('');
  return { text, parameters: [...statement.values] };
}

const driverOf = (runner: QueryRunner): 'postgres' | 'mssql' =>
  runner.connection.options.type === 'mssql' ? 'mssql' : 'postgres';

/** Runs a statement that changes rows and answers how many it changed. */
export async function execute(runner: QueryRunner, statement: Sql): Promise<number> {
  const { text, parameters } = renderSql(statement, driverOf(runner));
  // The structured result carries the affected count on both drivers; the plain one does not on SQL Server.
  const result = await runner.query(text, parameters, true);
  return result.affected ?? 0;
}

/** Runs a query and answers its rows as the driver gives them. */
export async function select<T>(runner: QueryRunner, statement: Sql): Promise<T[]> {
  const { text, parameters } = renderSql(statement, driverOf(runner));
  const result = await runner.query(text, parameters, true);
  return result.records as T[];
}
