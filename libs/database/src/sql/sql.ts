import type { Column } from '../schema/columns';

/** A value bound to a statement with the type of a column. */
export class Param {
  constructor(
    readonly column: Column,
    readonly value: unknown,
  ) {}
}

/** Values that may be bound without naming a column. */
export type Bindable = string | number | boolean | Date | Buffer | null;

/** A piece of SQL with its values; the dialect turns it into text and numbered parameters. */
export class Sql {
  constructor(
    readonly strings: readonly string[],
    readonly values: readonly (Param | Bindable)[],
  ) {}
}

/** Name quoted for both databases (SQL Server with QUOTED_IDENTIFIER ON, as its driver sets it). */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** SQL text taken as it is; never pass a value of a request. */
export const raw = (text: string): Sql => new Sql([text], []);

/** A quoted name as a piece of SQL. */
export const id = (name: string): Sql => raw(quote(name));

/** A value with the type of a column: needed for null, decimals and dates, and keeps indexes usable on SQL Server. */
export const param = (column: Column, value: unknown): Param => new Param(column, value);

/** Template tag: nested SQL is inserted, every other value becomes a parameter. */
export function sql(strings: TemplateStringsArray, ...values: readonly (Sql | Param | Bindable)[]): Sql {
  const texts: string[] = [strings[0] ?? ''];
  const bound: (Param | Bindable)[] = [];
  const append = (text: string): void => {
    texts[texts.length - 1] = (texts[texts.length - 1] ?? '') + text;
  };
  values.forEach((value, index) => {
    if (value instanceof Sql) {
      append(value.strings[0] ?? '');
      value.values.forEach((inner, at) => {
        bound.push(inner);
        texts.push(value.strings[at + 1] ?? '');
      });
    } else {
      bound.push(value);
      texts.push('');
    }
    append(strings[index + 1] ?? '');
  });
  return new Sql(texts, bound);
}

/** Joins pieces of SQL; the separator is text such as `, ` or ` AND `. */
export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return parts.reduce((all, part, index) => (index === 0 ? part : sql`${all}${raw(separator)}${part}`), raw(''));
}

/** Text and parameter values of a statement. */
export interface RenderedSql {
  readonly text: string;
  readonly parameters: unknown[];
}

/** Renders with a driver's placeholders, numbered from 0, and its way to bind. */
export function renderSql(
  statement: Sql,
  placeholder: (index: number) => string,
  bind: (value: Param | Bindable) => unknown,
): RenderedSql {
  const text = statement.strings.reduce((all, part, index) => `${all}${placeholder(index - 1)}${part}`);
  return { text, parameters: statement.values.map(bind) };
}

/** Limit of a sorted query, in the spelling both databases know; goes after ORDER BY. */
export function firstRows(count: number): Sql {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is not a row count`);
  return raw(`OFFSET 0 ROWS FETCH NEXT ${count} ROWS ONLY`);
}
