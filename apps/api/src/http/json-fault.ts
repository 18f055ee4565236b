/** Longest body whose fault is searched for when the parser does not say where it is. */
const SEARCHED_CHARACTERS = 100_000;

/** Whether the parser already stumbles over a token of this beginning, rather than over its end. */
function hasBadToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as Error).message.startsWith('Unexpected token');
  }
}

/** Index of the first character that makes the text no JSON. The parser names it for some faults only. */
function faultIndex(text: string, message: string): number | null {
  const named = /position (\d+)/.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  if (message.startsWith('Unexpected end')) return text.length;
  if (text.length > SEARCHED_CHARACTERS || !hasBadToken(text)) return null;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (hasBadToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return bad - 1;
}

/** Where a text stops being JSON: line and column from 1, and the index from 0; null when it cannot be told. */
export function jsonFault(text: string, message: string): { line: number; column: number; position: number } | null {
  const position = faultIndex(text, message);
  if (position === null) return null;
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, position };
}
