import { type Checkpoint } from '../checkpoint';
import { type Conditions } from './conditions';
import { offeredStage } from './offered-stage';
import { type Problem } from '../problem/problem';
import { restrict, type Restrictions } from './restrictions';
import { type Stage } from './stage';

/** Rounds of elimination; each may follow from the one before. */
const MOST_ROUNDS = 8;
/** Rounding of a row's sums, as a share of the sum of its coefficients' sizes. */
const ROUNDING = 1e-12;

/** A stage without the options that no assignment can contain, and its restrictions. */
export interface PossibleStage {
  readonly stage: Stage;
  readonly restrictions: Restrictions;
  /** 1 per candidate of the problem that is not ruled out. */
  readonly possible: Uint8Array;
}

/**
 * Rules out what is impossible in a stage on top of fixed candidates.
 *
 * @returns null: no assignment exists, since a loan that must be placed has no possible option, or a row is broken that
 *   nothing possible counts in
 */
export function possibleStage(
  problem: Problem,
  conditions: Conditions,
  stage: Stage,
  fixed: Int32Array,
  checkpoint: Checkpoint,
): PossibleStage | null {
  const restrictions = restrict(problem, conditions, stage, fixed);
  const options = possibleOptions(stage, restrictions, () => checkpoint(0));
  if (options === null) return null;
  if (isUnmeetable(problem, conditions, stage, options, fixed)) return null;
  const possible = new Uint8Array(problem.candidates.count).fill(1);
  stage.candidate.forEach((c, o) => (possible[c] = options[o]!));
  if (!options.includes(0)) return { stage, restrictions, possible };
  const offered = new Uint8Array(problem.candidates.count);
  stage.candidate.forEach((c) => (offered[c] = possible[c]!));
  return { ...offeredStage(problem, conditions, stage.baseFill, fixed, offered), possible };
}

/**
 * Which options of a stage some assignment that meets the restrictions might contain; the rest is ruled out by one
 * condition each, whatever the other loans do: by room, by a must_reach that cannot be gathered, by a row that could not
 * hold even if all else went its way. A high-balance loan, for instance, needs a pool that can grow to ten times its
 * amount under a share of 10 %.
 *
 * @returns 1 per option that is possible; null: a loan that must be placed has none, so that no assignment exists
 */
function possibleOptions(stage: Stage, restrictions: Restrictions, checkpoint: () => void): Uint8Array | null {
  const elimination = new Elimination(stage, restrictions);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    checkpoint();
    if (!elimination.round()) break;
  }
  return elimination.isBlocked() ? null : elimination.possible;
}

/** Whether a loan that must be placed is not in the stage, or a row that must hold is broken by what is fixed alone. */
function isUnmeetable(
  problem: Problem,
  conditions: Conditions,
  stage: Stage,
  options: Uint8Array,
  fixed: Int32Array,
): boolean {
  const { candidates, loans } = problem;
  const inStage = new Set(stage.loans);
  for (let i = 0; i < loans.count; i++)
    if (conditions.mustPlace[i] === 1 && fixed[i]! < 0 && !inStage.has(i)) return true;
  const possible = new Set(Array.from(stage.candidate).filter((_, o) => options[o] === 1));
  return conditions.rows.some((row) => {
    if (conditions.relaxed && row.endOnly) return false;
    let used = 0n;
    for (let n = 0; n < row.candidates.length; n++) {
      const c = row.candidates[n]!;
      if (possible.has(c)) return false;
      if (fixed[candidates.loan[c]!] === c) used += row.coefficients[n]!;
    }
    return used > row.bound;
  });
}

interface Entry {
  readonly option: number;
  readonly coefficient: number;
}

class Elimination {
  readonly possible: Uint8Array;
  private readonly rows: Entry[][];
  /** The one trade of a row, or -1. */
  private readonly rowTrade: Int32Array;
  /** Sum of the coefficients' sizes, per row. */
  private readonly size: Float64Array;
  private changed = false;

  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
  ) {
    const { start, row, coefficient, rowCount } = restrictions;
    const count = stage.net.length;
    this.possible = new Uint8Array(count).fill(1);
    this.rows = Array.from({ length: rowCount }, () => []);
    this.rowTrade = new Int32Array(rowCount).fill(-2);
    for (let o = 0; o < count; o++)
      for (let n = start[o]!; n < start[o + 1]!; n++) {
        const r = row[n]!;
        this.rows[r]!.push({ option: o, coefficient: coefficient[n]! });
        const j = stage.trade[o]!;
        this.rowTrade[r] = this.rowTrade[r] === -2 || this.rowTrade[r] === j ? j : -1;
      }
    this.size = Float64Array.from(this.rows, (entries) =>
      entries.reduce((sum, entry) => sum + Math.abs(entry.coefficient), 0),
    );
    const ratio = ({ option, coefficient: value }: Entry): number => value / this.amount(option);
    for (const entries of this.rows) entries.sort((a, b) => ratio(a) - ratio(b) || a.option - b.option);
  }

  /** @returns whether anything was ruled out */
  round(): boolean {
    this.changed = false;
    const room = this.ruleOutByRoom();
    this.ruleOutByReach();
    this.rows.forEach((entries, r) => {
      if (this.restrictions.soft[r] === 1) return;
      const j = this.rowTrade[r]!;
      if (j >= 0) this.ruleOutInTrade(r, entries, room[j]!);
      else this.ruleOutInRow(r, entries);
    });
    return this.changed;
  }

  isBlocked(): boolean {
    const { stage, restrictions, possible } = this;
    for (let s = 0; s < stage.loans.length; s++)
      if (restrictions.mustPlace[s] === 1 && !possible.subarray(stage.start[s], stage.start[s + 1]).includes(1))
        return true;
    return false;
  }

  private amount(o: number): number {
    return this.stage.amount[this.stage.loanOf[o]!]!;
  }

  /** Whether a loan that must be placed has this option alone. */
  private isForced(o: number): boolean {
    const { stage, restrictions, possible } = this;
    const s = stage.loanOf[o]!;
    if (possible[o] === 0 || restrictions.mustPlace[s] === 0) return false;
    for (let other = stage.start[s]!; other < stage.start[s + 1]!; other++)
      if (other !== o && possible[other] === 1) return false;
    return true;
  }

  private ruleOut(o: number): void {
    this.possible[o] = 0;
    this.changed = true;
  }

  /** Room per trade beside what is placed and forced there. */
  private ruleOutByRoom(): Float64Array {
    const { stage, possible } = this;
    const room = stage.room.map((most, j) => most - stage.baseFill[j]!);
    for (let o = 0; o < possible.length; o++) if (this.isForced(o)) room[stage.trade[o]!]! -= this.amount(o);
    for (let o = 0; o < possible.length; o++)
      if (possible[o] === 1 && (this.isForced(o) ? 0 : this.amount(o)) > room[stage.trade[o]!]!) this.ruleOut(o);
    return room;
  }

  private ruleOutByReach(): void {
    const { stage, restrictions, possible } = this;
    if (restrictions.relaxed) return;
    const arriving = stage.baseFill.slice();
    for (let o = 0; o < possible.length; o++) if (possible[o] === 1) arriving[stage.trade[o]!]! += this.amount(o);
    for (let o = 0; o < possible.length; o++) {
      const j = stage.trade[o]!;
      if (possible[o] === 1 && Math.min(arriving[j]!, stage.room[j]!) < restrictions.mustReach[j]!) this.ruleOut(o);
    }
  }

  /** A row of one trade: an option needs what others could take off the row within the room it leaves. */
  private ruleOutInTrade(r: number, entries: readonly Entry[], room: number): void {
    let forced = 0;
    const helpers: Entry[] = [];
    for (const entry of entries) {
      if (this.possible[entry.option] === 0) continue;
      if (this.isForced(entry.option)) forced += entry.coefficient;
      else if (entry.coefficient < 0) helpers.push(entry);
    }
    const amountBefore = [0];
    const sumBefore = [0];
    helpers.forEach(({ option, coefficient }, n) => {
      amountBefore.push(amountBefore[n]! + this.amount(option));
      sumBefore.push(sumBefore[n]! + coefficient);
    });
    const leastWithin = (left: number): number => {
      let low = 0;
      let high = helpers.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (amountBefore[middle + 1]! <= left) low = middle + 1;
        else high = middle;
      }
      const part = low < helpers.length ? Math.max(0, left - amountBefore[low]!) : 0;
      return (
        sumBefore[low]! + (part === 0 ? 0 : (helpers[low]!.coefficient * part) / this.amount(helpers[low]!.option))
      );
    };
    for (const { option, coefficient } of entries) {
      if (coefficient <= 0 || this.possible[option] === 0) continue;
      const least = this.isForced(option)
        ? forced + leastWithin(room)
        : forced + coefficient + leastWithin(room - this.amount(option));
      if (this.exceeds(r, least)) this.ruleOut(option);
    }
  }

  /** A row of several trades: an option needs what the other loans could take off it at best. */
  private ruleOutInRow(r: number, entries: readonly Entry[]): void {
    const { stage, restrictions, possible } = this;
    const least = new Map<number, number>();
    const counted = new Map<number, number>();
    for (const { option, coefficient } of entries) {
      if (possible[option] === 0) continue;
      const s = stage.loanOf[option]!;
      least.set(s, Math.min(least.get(s) ?? Infinity, coefficient));
      counted.set(s, (counted.get(s) ?? 0) + 1);
    }
    let total = 0;
    for (const [s, value] of least) {
      let options = 0;
      for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) options += possible[o]!;
      // Unless all that a loan can do counts in the row, it can stay clear of it.
      const own = restrictions.mustPlace[s] === 1 && counted.get(s) === options ? value : Math.min(0, value);
      least.set(s, own);
      total += own;
    }
    for (const { option, coefficient } of entries) {
      if (coefficient <= 0 || possible[option] === 0) continue;
      if (this.exceeds(r, total - least.get(stage.loanOf[option]!)! + coefficient)) this.ruleOut(option);
    }
  }

  /** Beyond doubt, whatever the rounding of the sums. */
  private exceeds(r: number, least: number): boolean {
    const bound = this.restrictions.bound[r]!;
    return least - bound > ROUNDING * (this.size[r]! + Math.abs(bound));
  }
}
