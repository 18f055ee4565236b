import { grouped, textTable } from '../demo/text-table';
import type { Comparison, Difference } from './compare-rows';
import type { WriteTime } from './write-times';

/** A table, a report or the response, compared. */
export interface Compared extends Comparison {
  readonly name: string;
}

const SHOWN_CHARACTERS = 300;

/** The counts, then the first differences of whatever is not the same. */
export function presentComparisons(compared: readonly Compared[]): string {
  const table = textTable(compared, [
    { title: 'compared', align: 'left', value: ({ name }) => name },
    { title: 'PostgreSQL', align: 'right', value: ({ left }) => grouped(String(left)) },
    { title: 'SQL Server', align: 'right', value: ({ right }) => grouped(String(right)) },
    { title: 'different', align: 'right', value: ({ different }) => grouped(String(different)) },
  ]);
  const differences = compared.flatMap(({ name, first }) => first.map((difference) => told(name, difference)));
  return [table, ...(differences.length === 0 ? [] : ['', ...differences])].join('\n');
}

function told(name: string, { key, left, right }: Difference): string {
  const cells = (side: Difference['left']): string =>
    side === null ? 'no such row' : JSON.stringify(side).slice(0, SHOWN_CHARACTERS);
  return `DIFFERENT ${name} ${key}\n  PostgreSQL ${cells(left)}\n  SQL Server ${cells(right)}`;
}

/** Seconds that writing the same rows took on each. */
export function presentWriteTimes(left: readonly WriteTime[], right: readonly WriteTime[]): string {
  const seconds = (time: WriteTime | undefined): string => (time?.seconds ?? 0).toFixed(2);
  return textTable(
    left.map((time, index) => ({ ...time, other: right[index] })),
    [
      { title: 'seconds to write', align: 'left', value: ({ table }) => table },
      { title: 'rows', align: 'right', value: ({ rows }) => grouped(String(rows)) },
      { title: 'PostgreSQL', align: 'right', value: (row) => seconds(row) },
      { title: 'SQL Server', align: 'right', value: ({ other }) => seconds(other) },
    ],
  );
}
