import { isDeepStrictEqual } from 'node:util';

/** A row with what identifies it; `key` grows from row to row, text by code units. */
export interface KeyedRow {
  readonly key: readonly (string | number | boolean)[];
  readonly cells: Readonly<Record<string, unknown>>;
}

/** One row that is not the same on both sides: `left` and `right` hold what differs, null where the row is missing. */
export interface Difference {
  readonly key: string;
  readonly left: Readonly<Record<string, unknown>> | null;
  readonly right: Readonly<Record<string, unknown>> | null;
}

export interface Comparison {
  readonly left: number;
  readonly right: number;
  readonly different: number;
  /** The first few. */
  readonly first: readonly Difference[];
}

const SHOWN = 3;

/** Compares two streams of rows in the order of their keys; holds one row of each. */
export async function compareRows(
  leftRows: AsyncIterable<KeyedRow>,
  rightRows: AsyncIterable<KeyedRow>,
): Promise<Comparison> {
  const [left, right] = [new RowReader(leftRows), new RowReader(rightRows)];
  const first: Difference[] = [];
  let different = 0;
  const differ = (difference: Difference): void => {
    different += 1;
    if (first.length < SHOWN) first.push(difference);
  };
  await Promise.all([left.next(), right.next()]);
  while (left.row !== null || right.row !== null) {
    const order = left.row === null ? 1 : right.row === null ? -1 : compareKeys(left.row.key, right.row.key);
    const [one, other] = [order <= 0 ? left.row : null, order >= 0 ? right.row : null];
    if (one === null || other === null) {
      const key = (one ?? other)?.key.join(' ') ?? '';
      differ({ key, left: one?.cells ?? null, right: other?.cells ?? null });
    } else {
      const names = unequal(one.cells, other.cells);
      if (names.length > 0)
        differ({ key: one.key.join(' '), left: only(one.cells, names), right: only(other.cells, names) });
    }
    await Promise.all([...(one === null ? [] : [left.next()]), ...(other === null ? [] : [right.next()])]);
  }
  return { left: left.count, right: right.count, different, first };
}

class RowReader {
  row: KeyedRow | null = null;
  count = 0;
  private readonly rows: AsyncIterator<KeyedRow>;

  constructor(rows: AsyncIterable<KeyedRow>) {
    this.rows = rows[Symbol.asyncIterator]();
  }

  /** @throws Error when the rows are not in the order of their keys: a comparison would find differences that are none */
  async next(): Promise<void> {
    const before = this.row;
    const next = await this.rows.next();
    this.row = next.done === true ? null : next.value;
    if (this.row === null) return;
    this.count += 1;
    if (before !== null && compareKeys(before.key, this.row.key) >= 0)
      throw new Error(`Row ${this.row.key.join(' ')} comes behind ${before.key.join(' ')}.`);
  }
}

function compareKeys(left: KeyedRow['key'], right: KeyedRow['key']): number {
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

const unequal = (left: KeyedRow['cells'], right: KeyedRow['cells']): string[] =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (name) => !isDeepStrictEqual(left[name], right[name]),
  );

const only = (cells: KeyedRow['cells'], names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, cells[name]]));
