import { type Conditions, levelCount, levelOf } from './conditions';
import { isPlain, type LimitRow } from '../problem/limit-rows';
import { type Problem } from '../problem/problem';
import { type Stage } from './stage';

/**
 * The conditions of a stage beside rooms, in the form its search works on: rows `activity <= bound` over the options
 * and trades that must be empty or reach a fill. Doubles: what is reported is judged again in exact integers.
 */
export interface Restrictions {
  readonly rowCount: number;
  /** Rows an option counts in: `start[o] .. start[o + 1] - 1` of `row` and `coefficient`. */
  readonly start: Int32Array;
  readonly row: Int32Array;
  readonly coefficient: Float64Array;
  /** Per row: bound less what the fixed part uses, less the rounding error of its sums. */
  readonly bound: Float64Array;
  /** The condition behind each row. */
  readonly source: readonly LimitRow[];
  /** 1 per row that may be missed: relaxed minimums. Then must_reach may be missed, too. */
  readonly soft: Uint8Array;
  readonly relaxed: boolean;
  readonly mustReach: Float64Array;
  /** 1 per stage loan that must be placed. */
  readonly mustPlace: Uint8Array;
}

/** What prices of the rows charge a stage option, cents. */
export function rowCharge({ start, row, coefficient }: Restrictions, o: number, rowPrice: Float64Array): number {
  let charge = 0;
  for (let n = start[o]!; n < start[o + 1]!; n++) charge += rowPrice[row[n]!]! * coefficient[n]!;
  return charge;
}

/** Restrictions of a stage on top of fixed candidates; rows that its options cannot change are left out. */
export function restrict(problem: Problem, conditions: Conditions, stage: Stage, fixed: Int32Array): Restrictions {
  const optionOf = new Int32Array(problem.candidates.count).fill(-1);
  stage.candidate.forEach((c, o) => (optionOf[c] = o));
  const entries: { option: number; row: number; coefficient: number }[] = [];
  const bounds: number[] = [];
  const source: LimitRow[] = [];
  for (const row of conditions.rows) {
    let used = 0n;
    let size = 0;
    const before = entries.length;
    row.candidates.forEach((c, n) => {
      const coefficient = row.coefficients[n]!;
      if (fixed[problem.candidates.loan[c]!] === c) used += coefficient;
      else if (optionOf[c]! >= 0) {
        entries.push({ option: optionOf[c]!, row: bounds.length, coefficient: Number(coefficient) });
        size += Math.abs(Number(coefficient));
      }
    });
    if (entries.length === before) continue;
    bounds.push(Number(row.bound - used) - (size < 2 ** 52 ? 0 : size * 1e-13));
    source.push(row);
  }
  const start = new Int32Array(stage.candidate.length + 1);
  for (const entry of entries) start[entry.option + 1]!++;
  for (let o = 0; o < stage.candidate.length; o++) start[o + 1]! += start[o]!;
  const next = start.slice();
  const row = new Int32Array(entries.length);
  const coefficient = new Float64Array(entries.length);
  for (const entry of entries) {
    const at = next[entry.option]!++;
    row[at] = entry.row;
    coefficient[at] = entry.coefficient;
  }
  return {
    rowCount: bounds.length,
    start,
    row,
    coefficient,
    bound: Float64Array.from(bounds),
    source,
    soft: Uint8Array.from(source, (limitRow) => (conditions.relaxed && limitRow.endOnly ? 1 : 0)),
    relaxed: conditions.relaxed,
    mustReach: conditions.mustReach,
    mustPlace: Uint8Array.from(stage.loans, (i) => conditions.mustPlace[i]!),
  };
}

/** What holds where nothing but loans and rooms restricts a stage. */
export function noRestrictions(stage: Stage): Restrictions {
  return {
    rowCount: 0,
    start: new Int32Array(stage.candidate.length + 1),
    row: new Int32Array(0),
    coefficient: new Float64Array(0),
    bound: new Float64Array(0),
    source: [],
    soft: new Uint8Array(0),
    relaxed: false,
    mustReach: new Float64Array(stage.tradeCount),
    mustPlace: new Uint8Array(stage.loans.length),
  };
}

/**
 * Rows for every class after which they must hold: of shares and averages one per class, as later classes may mend what
 * an earlier one must not break; of the rest the last class implies the others.
 */
export function rowsByClass(problem: Problem, rows: readonly LimitRow[]): LimitRow[] {
  const last = levelCount(problem) - 1;
  return rows.flatMap((row) => {
    if (row.endOnly || isPlain(problem.limits[row.limit]!)) return [row];
    const versions = Array.from({ length: Math.max(0, last) }, (_, level) => rowUpTo(problem, row, level));
    return [...versions.filter((version) => version.candidates.length > 0), row];
  });
}

/** The row over the pairs of the classes up to `level`, and the locked loans. */
export function rowUpTo(problem: Problem, row: LimitRow, level: number): LimitRow {
  const { loans, candidates } = problem;
  const kept = Array.from(row.candidates.keys()).filter((n) => {
    const c = row.candidates[n]!;
    return levelOf(problem, c) <= level || loans.lockedTo[candidates.loan[c]!] === c;
  });
  return {
    ...row,
    candidates: Int32Array.from(kept, (n) => row.candidates[n]!),
    coefficients: kept.map((n) => row.coefficients[n]!),
    doubles: row.doubles && Float64Array.from(kept, (n) => row.doubles![n]!),
  };
}
