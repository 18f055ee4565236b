import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { QueryFailedError, type QueryRunner } from 'typeorm';

/** The part of pg's connection that COPY needs; pg hands it to whatever `client.query` is asked to submit. */
interface CopyConnection {
  readonly stream: Writable;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

interface CopyClient {
  query(submittable: CopyIn): unknown;
}

/** One `COPY ... FROM STDIN`, as pg's client drives it. */
class CopyIn {
  readonly done: Promise<void>;
  /** Called by pg with an error, or without one when the server is ready again; pg wraps it with its time limit. */
  callback: (error?: Error | null) => void = () => undefined;
  /** Aborted with the error to report when nothing more may be sent; the first one counts. */
  private readonly failure = new AbortController();

  /** @param pieces made while the server takes those before; sent at once, so they may share memory */
  constructor(
    private readonly text: string,
    private readonly pieces: Iterable<Buffer>,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.callback = (error) => {
        if (error) this.serverFailed(error);
        if (this.failure.signal.aborted) reject(this.failure.signal.reason as Error);
        else resolve();
      };
    });
  }

  submit(connection: CopyConnection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    void this.send(connection).then(
      () => connection.endCopyFrom(),
      (error: unknown) => {
        this.failure.abort(error);
        // Makes the server end the statement; one that has ended it with an error of its own ignores this.
        connection.sendCopyFail('given up by the client');
      },
    );
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

  private serverFailed(error: Error): void {
    this.failure.abort(new QueryFailedError(this.text, [], error));
  }

  /** The event loop gets a turn after each piece, and a longer one while the server does not keep up. */
  private async send(connection: CopyConnection): Promise<void> {
    const stop = AbortSignal.any([this.failure.signal, ...(this.signal === undefined ? [] : [this.signal])]);
    for (const piece of this.pieces) {
      stop.throwIfAborted();
      connection.sendCopyFromChunk(piece);
      await (connection.stream.writableNeedDrain ? drained(connection.stream, stop) : nextTurn());
    }
    stop.throwIfAborted();
  }
}

async function drained(stream: Writable, signal: AbortSignal): Promise<void> {
  try {
    await once(stream, 'drain', { signal });
  } catch (error) {
    // `once` reports an abort in its own words.
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Sends rows by COPY, several times faster than any INSERT, inside the runner's transaction.
 *
 * @param statement `COPY table (columns) FROM STDIN`
 * @param pieces of COPY's text format
 * @param signal stops the statement wherever it is; its reason is thrown
 * @throws QueryFailedError when the server refuses the rows; else whatever making a piece threw
 */
export async function copyIn(
  runner: QueryRunner,
  statement: string,
  pieces: Iterable<Buffer>,
  signal?: AbortSignal,
): Promise<void> {
  const client = (await runner.connect()) as CopyClient;
  const copy = new CopyIn(statement, pieces, signal);
  client.query(copy);
  await copy.done;
}
