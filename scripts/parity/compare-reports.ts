import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { compareRows, type Comparison, type KeyedRow } from './compare-rows';
import type { Side, Sides } from './sides';

const ANSWER_MS = 600_000;

/** Links of a run response that are no reports. */
const NO_REPORTS = new Set(['self', 'events', 'cancel', 'problem', 'accept']);

/** Fields of a run response that are never the same twice: ids and times, and those inside addresses. */
const LEFT_OUT_FIELDS = /^(run_id|submitted_at|claimed_at|completed_at|links\..*|steps\.\d+\.ms)$/;

/** The reports of a run, by the name in its links. */
export const reportsOf = ({ left }: Sides): string[] =>
  Object.keys(left.run.links).filter((name) => !NO_REPORTS.has(name));

/** Compares a report line by line, as both databases give it for a CSV file. */
export const compareReport = ({ origin, left, right }: Sides, name: string): Promise<Comparison> =>
  compareRows(csvLines(origin, left, name), csvLines(origin, right, name));

/** Compares the run responses field by field. */
export const compareResponses = ({ left, right }: Sides): Promise<Comparison> =>
  compareRows(fieldsOf(left.run), fieldsOf(right.run));

async function* csvLines(origin: string, { tenant, run }: Side, name: string): AsyncGenerator<KeyedRow> {
  const path = `${run.links[name] ?? ''}?format=csv`;
  const response = await fetch(`${origin}${path}`, {
    headers: { 'x-tenant-id': tenant.key },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!response.ok || response.body === null) throw new Error(`${path} was answered ${response.status}.`);
  let number = 0;
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    number += 1;
    yield { key: [number], cells: { line } };
  }
}

async function* fieldsOf(response: object): AsyncGenerator<KeyedRow> {
  const fields = flat(response, '').filter(([path]) => !LEFT_OUT_FIELDS.test(path));
  fields.sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [path, value] of fields) yield await Promise.resolve({ key: [path], cells: { value } });
}

/** Every value that is not an object with its path, `a.b.0`. */
function flat(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => flat(inner, path === '' ? name : `${path}.${name}`));
}
