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

function unpacked(bytes: Buffer, name: string): Buffer {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
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

/**
 * Reads a JSON file, gzipped or not; `-` reads standard input.
 *
 * @throws InputError when it cannot be read, unpacked, decoded or parsed
 */
export function readJson(path: string): unknown {
  const name = path === '-' ? 'standard input' : path;
  const text = decoded(unpacked(readBytes(path, name), name), name);
  if (text.trim() === '') throw new InputError(`${name} is empty`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(`${name} is not valid JSON: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
}
