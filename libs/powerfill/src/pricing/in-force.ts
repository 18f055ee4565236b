import type { IsoDate } from '../domain/calendar';

/**
 * Of rows that share a key, the one with the newest effective date not after as-of; keys without one are left out.
 * The map keeps the order in which keys first appear.
 */
export function inForce<T extends { readonly effective_from: IsoDate }>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  asOf: IsoDate,
): Map<string, T> {
  const newest = new Map<string, T>();
  for (const row of rows) {
    if (row.effective_from > asOf) continue;
    const key = keyOf(row);
    const known = newest.get(key);
    if (known === undefined || row.effective_from > known.effective_from) newest.set(key, row);
  }
  return newest;
}
