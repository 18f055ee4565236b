import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type StepControl } from '../run-step';

/** A problem file, compressed, with the hash of its text. */
export interface ProblemDocument {
  readonly gzip: Buffer;
  /** Hex SHA-256 of the text in UTF-8. */
  readonly sha256: string;
}

/** Where a gzip header names the operating system (RFC 1952, 2.3.1); 255 = unknown, the same on every machine. */
const GZIP_OS_BYTE = 9;
const GZIP_OS_UNKNOWN = 255;

/** Fast: the text is repetitive, and the solver waits for it. */
const GZIP_LEVEL = 3;

/**
 * Hashes and compresses a text while it is made, so that the 74 MB of a large problem never stand in memory. zlib works
 * in its own thread pool; time stamp 0 and no operating system, so that equal texts give equal bytes.
 */
export async function compressDocument(text: Iterable<string>, control: StepControl): Promise<ProblemDocument> {
  const hash = createHash('sha256');
  const compressed: Buffer[] = [];
  const { signal } = control;
  try {
    await pipeline(
      hashedPieces(text, hash, control),
      createGzip({ level: GZIP_LEVEL }),
      async (source: AsyncIterable<Buffer>) => {
        for await (const part of source) compressed.push(part);
      },
      { signal },
    );
  } catch (error) {
    // The stream reports an abort in its own words; the run needs the reason.
    signal.throwIfAborted();
    throw error;
  }
  const gzip = Buffer.concat(compressed);
  gzip[GZIP_OS_BYTE] = GZIP_OS_UNKNOWN;
  return { gzip, sha256: hash.digest('hex') };
}

async function* hashedPieces(
  text: Iterable<string>,
  hash: ReturnType<typeof createHash>,
  control: StepControl,
): AsyncGenerator<Buffer> {
  for (const part of text) {
    const piece = Buffer.from(part);
    hash.update(piece);
    yield piece;
    await control.breathe();
  }
}
