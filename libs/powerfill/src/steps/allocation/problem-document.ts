import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type StepControl } from '../run-step';

/** A problem file in UTF-8 pieces, with the hash of the whole text. */
export interface ProblemDocument {
  /** In order; empty once the document is compressed. */
  readonly pieces: Buffer[];
  readonly bytes: number;
  /** Hex SHA-256 of the text. */
  readonly sha256: string;
}

/** Where a gzip header names the operating system (RFC 1952, 2.3.1); 255 = unknown, the same on every machine. */
const GZIP_OS_BYTE = 9;
const GZIP_OS_UNKNOWN = 255;

/** Fast: the text is repetitive, and the file is compressed while the solver needs the processor. */
const GZIP_LEVEL = 3;

/** Encodes and hashes the pieces, giving the event loop its turns. */
export async function buildDocument(text: Iterable<string>, control: StepControl): Promise<ProblemDocument> {
  const hash = createHash('sha256');
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (const part of text) {
    const piece = Buffer.from(part);
    hash.update(piece);
    pieces.push(piece);
    bytes += piece.length;
    await control.breathe();
  }
  return { pieces, bytes, sha256: hash.digest('hex') };
}

/** The whole text in one buffer that may be transferred to a thread. */
export async function joinPieces(document: ProblemDocument, control: StepControl): Promise<Uint8Array<ArrayBuffer>> {
  const joined = new Uint8Array(new ArrayBuffer(document.bytes));
  let offset = 0;
  for (const piece of document.pieces) {
    joined.set(piece, offset);
    offset += piece.length;
    await control.breathe();
  }
  return joined;
}

/**
 * Compresses the text in zlib's thread pool; time stamp 0 and no operating system, so that equal texts give equal bytes.
 * The pieces leave the document on the way: they are 74 MB of a large run, and the solver needs the memory now.
 */
export async function gzipDocument({ pieces }: ProblemDocument, signal: AbortSignal): Promise<Buffer> {
  const compressed: Buffer[] = [];
  try {
    await pipeline(
      Readable.from(taken(pieces)),
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
  const whole = Buffer.concat(compressed);
  whole[GZIP_OS_BYTE] = GZIP_OS_UNKNOWN;
  return whole;
}

function* taken(pieces: Buffer[]): Generator<Buffer> {
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
}
