import { QueryFailedError, type QueryRunner } from 'typeorm';
import type { TableDefinition } from '../schema/table';
import { cellToDatabase } from '../values/convert';

/** The part of pg's connection that COPY needs; pg hands it to whatever `client.query` is asked to submit. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

interface CopyClient {
  query(submittable: CopyIn): unknown;
}

/** One `COPY ... FROM STDIN` whose data is at hand, as pg's client drives it. */
class CopyIn {
  readonly done: Promise<void>;
  /** Called by pg with an error, or without one when the server is ready again; pg wraps it with its time limit. */
  callback: (error?: Error | null) => void = () => undefined;

  constructor(
    private readonly text: string,
    private readonly data: Buffer,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.callback = (error) => {
        if (error) reject(error);
        else resolve();
      };
    });
  }

  submit(connection: CopyConnection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.data);
    connection.endCopyFrom();
  }

  handleCommandComplete(): void {
    // The server says it once more when it is ready for the next query.
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (text: string): string =>
  /[\\\n\r\t]/.test(text) ? text.replaceAll(/[\\\n\r\t]/g, (char) => ESCAPES[char] ?? char) : text;

/** Rows in COPY's text format: a line a row, tabs between, `\N` for null. */
export function copyText(table: TableDefinition, columns: readonly string[], rows: readonly object[]): string {
  let text = '';
  for (const row of rows) {
    for (let index = 0; index < columns.length; index += 1) {
      const name = columns[index]!;
      const value = cellToDatabase(table, name, (row as Record<string, unknown>)[name]);
      if (index > 0) text += '\t';
      if (value === null) text += '\\N';
      else if (typeof value === 'string') text += escaped(value);
      else if (value instanceof Date) text += value.toISOString();
      else if (Buffer.isBuffer(value)) text += `\\\\x${value.toString('hex')}`;
      else text += String(value);
    }
    text += '\n';
  }
  return text;
}

/**
 * Sends rows by COPY, several times faster than any INSERT, inside the runner's transaction.
 * @param statement `COPY table (columns) FROM STDIN`
 */
export async function copyIn(runner: QueryRunner, statement: string, text: string): Promise<void> {
  const client = (await runner.connect()) as CopyClient;
  const copy = new CopyIn(statement, Buffer.from(text, 'utf8'));
  client.query(copy);
  try {
    await copy.done;
  } catch (error) {
    throw new QueryFailedError(statement, [], error as Error);
  }
}
