/** Hands out rows part by part, without holding or looking ahead of what is asked for. */
export class RowSupply<R> {
  private readonly rows: Iterator<R>;
  private count = 0;

  constructor(rows: Iterable<R>) {
    this.rows = rows[Symbol.iterator]();
  }

  /** Rows handed out so far. */
  get taken(): number {
    return this.count;
  }

  /** The next rows, at most `limit`; fewer than that only at the end. */
  *take(limit: number): Generator<R> {
    for (let left = limit; left > 0; left -= 1) {
      const next = this.rows.next();
      if (next.done === true) return;
      this.count += 1;
      yield next.value;
    }
  }
}
