import type { QueryRunner } from 'typeorm';

/** A statement as it would go to the server. */
export interface RecordedStatement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Stands where a connection would, writes down what it is given and answers nothing: there is no server here. */
export function recorder(): { runner: QueryRunner; statements: RecordedStatement[] } {
  const statements: RecordedStatement[] = [];
  const runner = {
    isTransactionActive: true,
    query: (text: string, parameters: unknown[] = []) => {
      statements.push({ text, parameters });
      return Promise.resolve({ records: [], affected: 0 });
    },
  };
  return { runner: runner as unknown as QueryRunner, statements };
}

/** Breaks one-line SQL where a reader would, so that a change shows as a line. */
export const readable = (sql: string): string =>
  sql
    .replaceAll(/ (FROM|WHERE|SET|ON|WHEN|SELECT|USING|VALUES|ORDER BY|INNER JOIN) /g, '\n$1 ')
    .replaceAll(/, (?=")/g, ',\n  ')
    .trim();
