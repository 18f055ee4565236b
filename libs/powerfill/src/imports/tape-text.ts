import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { fileFault } from './import-error';

/** Delimiters of records, the most common first. */
const DELIMITERS = [',', ';', '\t', '|'] as const;
/** What parts the cells of a record. */
export type Delimiter = (typeof DELIMITERS)[number];

const LEAST_START = 4;

/** UTF-16 by its mark, or by the NUL beside the ASCII characters a header begins with; null for anything else. */
function utf16Of(start: Buffer): 'utf-16le' | 'utf-16be' | null {
  const [a, b, c, d] = start;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? null : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  return a === 0 && b !== 0 && c === 0 && d !== 0 ? 'utf-16be' : null;
}

/**
 * Passes a text file on as UTF-8: spreadsheets save "Unicode text" as UTF-16.
 * @throws {FileFault} `not_utf8` for UTF-16 that is broken
 */
export async function* utf8Bytes(source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
  let start: Buffer | null = Buffer.alloc(0);
  let decoder: TextDecoder | null = null;
  const decoded = (bytes: Buffer, stream: boolean): Buffer => {
    if (decoder === null) return bytes;
    try {
      return Buffer.from(decoder.decode(bytes, { stream }));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
      throw fileFault(1, 'not_utf8', 'the file begins as UTF-16 and is not; save it as UTF-8');
    }
  };
  for await (const piece of source) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (start === null) {
      yield decoded(chunk, true);
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < LEAST_START) continue;
    const encoding = utf16Of(start);
    if (encoding !== null) decoder = new TextDecoder(encoding, { fatal: true });
    yield decoded(start, true);
    start = null;
  }
  if (start !== null) yield start;
  else if (decoder !== null) yield decoded(Buffer.alloc(0), false);
}

const HEADER_BYTES = 65_536;

/** The delimiter that stands most often in the header outside quotes; a comma when none does. */
export async function delimiterOf(path: string): Promise<Delimiter> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const header = buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0] ?? '';
    const outside = header.replace(/"[^"]*"/g, '');
    const count = (mark: Delimiter): number => outside.split(mark).length - 1;
    return DELIMITERS.reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  } finally {
    await file.close();
  }
}
