import { constants } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A file that cannot be read, or holds no JSON; the message is one line for the user. */
export class InputError extends Error {
  readonly code = 'INPUT';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

function readBytes(path: string, name: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`cannot read ${name}: ${REASONS[code ?? ''] ?? message}`);
  }
}

/** What a text may have at most: a longer one fits in no string. */
const MOST_BYTES = constants.MAX_STRING_LENGTH;
/** A problem file has five levels; JSON.parse takes gigabytes for millions of them. */
const MOST_LEVELS = 100;

/** Unpacks gzip, never to more than `most` bytes. */
function unpacked(bytes: Buffer, name: string, most: number): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new InputError(`${name} is too large to read in one piece`);
    throw new InputError(`cannot unpack ${name}: ${(error as Error).message}`);
  }
}

function decoded(bytes: Buffer, name: string): string {
  try {
    // The decoder also drops a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    const tooLong = (error as NodeJS.ErrnoException).code === 'ERR_STRING_TOO_LONG';
    throw new InputError(tooLong ? `${name} is too large to read in one piece` : `${name} is not UTF-8 text`);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{` differ in one bit, and so do `]` and `}`. */
const BRACE_BIT = 0x20;
const OPENING = 0x5b;
const CLOSING = 0x5d;

/** Whether lists and objects stand deeper in one another than any file of ours. */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if ((byte & ~BRACE_BIT) === OPENING) {
      depth += 1;
      if (depth > MOST_LEVELS) return true;
    } else if ((byte & ~BRACE_BIT) === CLOSING) depth -= 1;
  }
  return false;
}

/**
 * Reads a JSON file, gzipped or not; `-` reads standard input.
 *
 * @param most bytes unpacked at most
 * @throws InputError when it cannot be read, unpacked, decoded or parsed
 */
export function readJson(path: string, most: number = MOST_BYTES): unknown {
  const name = path === '-' ? 'standard input' : path;
  const bytes = unpacked(readBytes(path, name), name, most);
  if (isTooDeep(bytes)) throw new InputError(`${name} is no problem: its lists and objects are nested too deep`);
  const text = decoded(bytes, name);
  if (text.trim() === '') throw new InputError(`${name} is empty`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(`${name} is not valid JSON: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
}
