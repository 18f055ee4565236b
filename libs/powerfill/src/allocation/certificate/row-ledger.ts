import { levelCount, levelOf } from '../stage/conditions';
import { type LimitRow } from '../problem/limit-rows';
import { type Problem } from '../problem/problem';

/** Exact running sums of limit rows, per class, while an assignment is built or questioned. */
export class RowLedger {
  /** Per candidate the rows it counts in, with its coefficient. */
  private readonly entries: { readonly row: number; readonly coefficient: bigint }[][];
  /** Per row and class: the sum after the class. */
  private readonly sums: bigint[][];

  constructor(
    private readonly problem: Problem,
    private readonly rows: readonly LimitRow[],
  ) {
    const { loans, candidates } = problem;
    const levels = Math.max(1, levelCount(problem));
    this.entries = Array.from({ length: candidates.count }, () => []);
    this.sums = rows.map((row, r) => {
      let locked = 0n;
      row.candidates.forEach((c, n) => {
        this.entries[c]!.push({ row: r, coefficient: row.coefficients[n]! });
        if (loans.lockedTo[candidates.loan[c]!] === c) locked += row.coefficients[n]!;
      });
      return new Array<bigint>(levels).fill(locked);
    });
  }

  /** Counts an unlocked candidate in. */
  add(candidate: number): void {
    const level = levelOf(this.problem, candidate);
    for (const { row, coefficient } of this.entries[candidate]!) {
      const sums = this.sums[row]!;
      for (let k = level; k < sums.length; k++) sums[k]! += coefficient;
    }
  }

  /** The row that would first be broken by adding a candidate, beside minimums that only hold at the end; null = none. */
  brokenBy(candidate: number): LimitRow | null {
    const level = levelOf(this.problem, candidate);
    for (const { row, coefficient } of this.entries[candidate]!) {
      const { bound, endOnly } = this.rows[row]!;
      if (endOnly || coefficient <= 0n) continue;
      if (this.sums[row]!.some((sum, k) => k >= level && sum + coefficient > bound)) return this.rows[row]!;
    }
    return null;
  }
}
