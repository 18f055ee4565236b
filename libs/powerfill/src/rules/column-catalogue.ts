/**
 * Type of a column and of the values its reader returns:
 * `money` integer cents; `number` integer of 10^-scale (note_rate 6.125 at scale 6 = 6125000); `string`; `date`
 * `YYYY-MM-DD`; `boolean`; `json` an already parsed JSON object whose members are written `custom_data.name`.
 */
export type ColumnType =
  | { readonly kind: 'money' }
  | { readonly kind: 'number'; readonly scale: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'date' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'json' };

/** Columns a rule may use. Names are lower case; a rule may write them in any case. */
export type ColumnCatalogue = ReadonlyMap<string, ColumnType>;

const MAX_SCALE = 8;

/** Catalogue from an object literal. Throws RangeError for a name that is not lower case or a scale outside 0..8. */
export function columnCatalogue(columns: Readonly<Record<string, ColumnType>>): ColumnCatalogue {
  const entries = Object.entries(columns);
  for (const [name, type] of entries) {
    if (name !== name.toLowerCase()) throw new RangeError(`Column "${name}" must be written in lower case.`);
    if (type.kind === 'number' && !(Number.isInteger(type.scale) && type.scale >= 0 && type.scale <= MAX_SCALE)) {
      throw new RangeError(`Scale of column "${name}" must be an integer from 0 to ${MAX_SCALE}.`);
    }
  }
  return new Map(entries);
}

/** Up to three names nearest to a misspelt one, nearest first, ties by name; empty when nothing is near. */
export function nearestNames(wanted: string, names: Iterable<string>): string[] {
  const target = wanted.toLowerCase().slice(0, 64);
  const allowed = Math.max(2, Math.floor(target.length / 3));
  return [...names]
    .map((name) => ({ name, distance: nameDistance(target, name) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Edit distance; a name that contains the other whole word (`state` in `property_state`) counts as near. */
function nameDistance(a: string, b: string): number {
  if (a.length >= 3 && b.split('_').includes(a)) return 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? b.length;
}
