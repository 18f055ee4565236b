import { isUtf8 } from 'node:buffer';
import { fileFault } from './import-error';

/** Bounds of a file; tests make them smaller. */
export interface ByteBounds {
  readonly maxFileBytes: number;
  readonly maxLineBytes: number;
}

/** 100 MB a file (data.md), 1 MB a line. */
export const BYTE_BOUNDS: ByteBounds = { maxFileBytes: 100 * 1024 * 1024, maxLineBytes: 1024 * 1024 };

const LINE_FEED = 10;

/**
 * Passes the bytes of a file on, whole lines at a time, after checking that they are UTF-8 text of bounded size.
 * @throws {FileFault} `empty_file`, `file_too_large`, `line_too_long`, `nul_byte`, `not_utf8`
 */
export async function* guardedBytes(
  source: AsyncIterable<Buffer | string>,
  { maxFileBytes, maxLineBytes }: ByteBounds = BYTE_BOUNDS,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of source) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    const isFirst = bytes < 4;
    bytes += chunk.length;
    if (bytes > maxFileBytes) throw fileFault(line, 'file_too_large', `the file is larger than ${maxFileBytes} bytes`);
    const joined: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (isFirst) refuseOtherEncodings(joined);
    const end = joined.lastIndexOf(LINE_FEED) + 1;
    const lines = joined.subarray(0, end);
    rest = joined.subarray(end);
    if (end > 0) {
      line = checkLines(lines, line, maxLineBytes);
      yield lines;
    }
    if (rest.length > maxLineBytes) throw tooLong(line, maxLineBytes);
  }
  if (bytes === 0) throw fileFault(1, 'empty_file', 'the file is empty');
  if (rest.length > 0) {
    checkLines(rest, line, maxLineBytes);
    yield rest;
  }
}

/** Passes bytes on as long as they are not too many. @throws {FileFault} `empty_file`, `file_too_large` */
export async function* boundedBytes(
  source: AsyncIterable<Buffer | string>,
  { maxFileBytes }: ByteBounds = BYTE_BOUNDS,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of source) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    bytes += chunk.length;
    if (bytes > maxFileBytes) throw fileFault(1, 'file_too_large', `the file is larger than ${maxFileBytes} bytes`);
    yield chunk;
  }
  if (bytes === 0) throw fileFault(1, 'empty_file', 'the file is empty');
}

const tooLong = (line: number, limit: number) =>
  fileFault(line, 'line_too_long', `the line is longer than ${limit} bytes`);

/** Byte order marks of UTF-16 and UTF-32, and the NUL beside every ASCII character of a file without one. */
function refuseOtherEncodings(start: Buffer): void {
  const [first, second] = start;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const unmarked = start.length >= 2 && (first === 0) !== (second === 0);
  if (marked || unmarked) {
    throw fileFault(1, 'not_utf8', 'the file is UTF-16 or UTF-32; save it as UTF-8');
  }
}

/** Checks whole lines that begin at line number `line`; answers the number of the line after them. */
function checkLines(lines: Buffer, line: number, maxLineBytes: number): number {
  const isClean = lines.indexOf(0) < 0 && isUtf8(lines);
  let number = line;
  for (let start = 0; start < lines.length;) {
    const at = lines.indexOf(LINE_FEED, start);
    const end = at < 0 ? lines.length : at;
    if (end - start > maxLineBytes) throw tooLong(number, maxLineBytes);
    if (!isClean) checkText(lines.subarray(start, end), number);
    number += 1;
    start = end + 1;
  }
  return number;
}

function checkText(text: Buffer, line: number): void {
  if (text.includes(0)) throw fileFault(line, 'nul_byte', 'the line holds a NUL byte');
  if (!isUtf8(text)) throw fileFault(line, 'not_utf8', 'the line is not UTF-8; save the file as UTF-8');
}
