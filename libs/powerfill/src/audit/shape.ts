import { UnreadableError } from './exact';

/** A JSON object whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function asObject(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnreadableError(path, 'expected an object');
  }
  return value as Fields;
}

export function asList(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnreadableError(path, 'expected a list');
  return value as readonly unknown[];
}

export function asText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new UnreadableError(path, 'expected text');
  return value;
}

/** Absent and `null` mean the same in a problem file: the field does not say anything. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** The list's positions by id, and a fault when an id occurs twice. */
export function positions(items: readonly { id: string }[], path: string): Map<string, number> {
  const byId = new Map<string, number>();
  items.forEach((item, index) => {
    if (byId.has(item.id)) throw new UnreadableError(`${path}[${index}].id`, `"${item.id}" occurs twice`);
    byId.set(item.id, index);
  });
  return byId;
}
