import { foldString } from './string-values';

type Piece =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'many' }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

/** Tests an unfolded string. */
export type LikeMatcher = (value: string) => boolean;

/**
 * Compiles a T-SQL LIKE pattern: `%` any run, `_` one character, `[abc]`, `[a-f]`, `[^a]`; a literal `%` is `[%]`.
 * Pattern and value are folded and lose trailing blanks. No regular expression is built, so that no pattern can make
 * matching exponential. Returns a message instead when the pattern is malformed.
 */
export function compileLike(pattern: string): LikeMatcher | string {
  const pieces: Piece[] = [];
  const chars = [...foldString(pattern)];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '%') {
      if (pieces.at(-1)?.kind !== 'many') pieces.push({ kind: 'many' });
    } else if (char === '_') {
      pieces.push({ kind: 'any' });
    } else if (char === '[') {
      const close = chars.indexOf(']', at + 1);
      if (close < 0) return 'The pattern has "[" without "]"; write [[] for a literal bracket.';
      const set = parseSet(chars.slice(at + 1, close));
      if (typeof set === 'string') return set;
      pieces.push(set);
      at = close;
    } else {
      pieces.push({ kind: 'char', char });
    }
  }
  return (value) => matches(pieces, [...foldString(value)]);
}

function parseSet(content: readonly string[]): Piece | string {
  const negated = content[0] === '^' && content.length > 1;
  const chars = negated ? content.slice(1) : content;
  if (chars.length === 0) return 'The pattern has an empty set "[]"; list the characters it may match.';
  const ranges: [string, string][] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const low = chars[at] ?? '';
    const isRange = chars[at + 1] === '-' && at + 2 < chars.length;
    const high = isRange ? (chars[at + 2] ?? low) : low;
    if (codePoint(low) > codePoint(high))
      return `The range "${low}-${high}" runs backwards; write the lower end first.`;
    ranges.push([low, high]);
    if (isRange) at += 2;
  }
  return { kind: 'set', negated, ranges };
}

const codePoint = (char: string): number => char.codePointAt(0) ?? 0;

function matchesOne(piece: Piece, char: string): boolean {
  switch (piece.kind) {
    case 'char':
      return piece.char === char;
    case 'any':
      return true;
    case 'many':
      return false;
    case 'set': {
      const code = codePoint(char);
      return piece.ranges.some(([low, high]) => codePoint(low) <= code && code <= codePoint(high)) !== piece.negated;
    }
  }
}

/** Greedy match with one point of return, the last `%`: at most pieces x characters steps. */
function matches(pieces: readonly Piece[], chars: readonly string[]): boolean {
  let piece = 0;
  let char = 0;
  let lastMany = -1;
  let resumeAt = 0;
  while (char < chars.length) {
    const current = pieces[piece];
    if (current?.kind === 'many') {
      lastMany = piece;
      resumeAt = char;
      piece += 1;
    } else if (current !== undefined && matchesOne(current, chars[char] ?? '')) {
      piece += 1;
      char += 1;
    } else if (lastMany >= 0) {
      piece = lastMany + 1;
      resumeAt += 1;
      char = resumeAt;
    } else {
      return false;
    }
  }
  return pieces.slice(piece).every(({ kind }) => kind === 'many');
}
