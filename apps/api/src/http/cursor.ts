import { RefusedError, unknownCursor } from '@powerfill/core/domain/errors';

/** Version of what is inside a cursor. */
const VERSION = 1;
const LONGEST_CURSOR = 1_000;

/**
 * A page position as opaque text: base64url of version, name of the list and the key of the last row. A cursor
 * fits only the list that gave it.
 */
export const encodeCursor = (list: string, key: readonly string[]): string =>
  Buffer.from(JSON.stringify([VERSION, list, ...key]), 'utf8').toString('base64url');

/**
 * The key in a cursor.
 * @param parts how many parts the list's key has; any number unless said
 * @throws {RefusedError} `invalid_cursor`
 */
export function decodeCursor(list: string, cursor: string, parts?: number): readonly string[] {
  const content = contentOf(cursor);
  if (content === null) throw unknownCursor();
  const [version, name, ...key] = content;
  if (version !== VERSION || name !== list || (parts !== undefined && key.length !== parts)) {
    throw new RefusedError('invalid_cursor', `The cursor was not made by this list; start without one.`, {
      errors: [{ path: 'query.cursor', message: 'belongs to another list' }],
    });
  }
  return key as string[];
}

function contentOf(cursor: string): readonly unknown[] | null {
  if (cursor.length > LONGEST_CURSOR || !/^[\w-]+$/.test(cursor)) return null;
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(content) && content.slice(1).every((part) => typeof part === 'string') ? content : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
