/** Removes trailing blanks (U+0020), which fixed-width legacy columns are padded with. */
export function trimTrailingBlanks(value: string): string {
  let end = value.length;
  while (end > 0 && value.charCodeAt(end - 1) === 0x20) end -= 1;
  return end === value.length ? value : value.slice(0, end);
}

/** Removes leading blanks. */
export function trimLeadingBlanks(value: string): string {
  let start = 0;
  while (start < value.length && value.charCodeAt(start) === 0x20) start += 1;
  return start === 0 ? value : value.slice(start);
}

const ASCII = /^[\x00-\x7f]*$/;

/**
 * Form in which strings are compared: trailing blanks removed, letters folded one code point at a time by the
 * locale-free Unicode mappings. Mappings that change the number of characters (`ß` -> `SS`) are not applied.
 */
export function foldString(value: string): string {
  const trimmed = trimTrailingBlanks(value);
  if (ASCII.test(trimmed)) return trimmed.toLowerCase();
  let folded = '';
  for (const point of trimmed) folded += foldPoint(point);
  return folded;
}

function foldPoint(point: string): string {
  const upper = point.toUpperCase();
  const single = [...upper].length === 1 ? upper : point;
  const lower = single.toLowerCase();
  return [...lower].length === 1 ? lower : single;
}

/** `'it''s'`: a string as the rule language writes it. */
export const quoteString = (value: string): string => `'${value.replaceAll("'", "''")}'`;
