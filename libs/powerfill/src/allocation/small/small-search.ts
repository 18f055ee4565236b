import { netValue } from '../stage/assignment';
import { type Checkpoint } from '../checkpoint';
import { type Conditions, judgeConditions, levelCount, levelOf, missingLoanWeight } from '../stage/conditions';
import { pairOff } from '../problem/pair-off';
import { type Problem } from '../problem/problem';
import { buildStage } from '../stage/stage';
import { solveTransport } from '../relaxation/transport-lp';

/** Problems up to this size are solved exactly at every effort. */
export const SMALL_LOANS = 12;
export const SMALL_TRADES = 4;

export interface SmallOptimum {
  /** Candidate per loan, -1 = not placed. */
  readonly chosen: Int32Array;
  /** Cents of relaxed minimums that cannot be met. */
  readonly shortfall: number;
}

/**
 * Branch and bound over the loans: the exact optimum - in mode `priority` the lexicographic one - under every condition,
 * or null when nothing meets them. Assignments compare by (least shortfall, V_1 .. V_K); a branch is cut when no
 * completion can compare higher, or when a condition can no longer hold. The class bounds price each trade's room
 * by the relaxation of the class alone.
 */
export function searchSmall(problem: Problem, conditions: Conditions, checkpoint: Checkpoint): SmallOptimum | null {
  const search = new SmallSearch(problem, conditions, checkpoint);
  search.descend(0);
  return search.best;
}

/** Whether the search proves, within so many branches, that nothing meets the conditions. */
export function isProvenInfeasible(
  problem: Problem,
  conditions: Conditions,
  mostNodes: number,
  checkpoint: Checkpoint,
): boolean {
  const search = new SmallSearch(problem, conditions, checkpoint, mostNodes);
  search.descend(0);
  return search.best === null && !search.isCutShort;
}

/** Room for rounding in the floating-point bounds: cents, and per cent of UPB. */
const FLOAT_SLACK = 0.01;
const FLOAT_SLACK_SHARE = 1e-12;

class SmallSearch {
  best: SmallOptimum | null = null;
  private bestTuple: number[] = [];
  private readonly levels: number;
  private readonly loanOrder: Int32Array;
  private readonly choices: Int32Array[];
  private readonly chosen: Int32Array;
  /** Fills by level: locked loans, and pairs of classes up to the level. */
  private readonly fill: Float64Array[];
  private readonly value: Float64Array;
  private readonly price: Float64Array[];
  private readonly room: Float64Array;
  /** By depth: what the loans from there on could add - value at the prices per level, cents per level and trade. */
  private readonly promise: Float64Array[];
  private readonly potential: Float64Array[][];
  /** By row: activity so far, and by depth the least the loans from there on must add. */
  private readonly activity: Float64Array;
  private readonly leastLeft: Float64Array[];
  private readonly rowOfCandidate: Map<number, { row: number; coefficient: number }[]>;
  private readonly rowSlack: Float64Array;
  private readonly floatSlack: number;
  private nodes = 0;

  constructor(
    private readonly problem: Problem,
    private readonly conditions: Conditions,
    private readonly checkpoint: Checkpoint,
    private readonly mostNodes = Infinity,
  ) {
    const { loans, trades, candidates } = problem;
    this.levels = Math.max(1, levelCount(problem));
    this.floatSlack = FLOAT_SLACK + loans.upb * FLOAT_SLACK_SHARE;
    this.chosen = loans.lockedTo.slice();
    this.fill = Array.from({ length: this.levels }, () => trades.lockedFill.slice());
    this.value = new Float64Array(this.levels);
    loans.lockedTo.forEach((c) => {
      if (c >= 0) this.value[levelOf(problem, c)]! += netValue(problem, c);
    });
    this.room = trades.max.map((max, j) => Math.max(max, trades.lockedFill[j]!));
    this.price = Array.from({ length: this.levels }, (_, k) => this.levelPrices(k));
    const free = Array.from(loans.ids, (_, i) => i).filter((i) => loans.lockedTo[i]! < 0);
    this.loanOrder = Int32Array.from(free.sort((a, b) => loans.amount[b]! - loans.amount[a]! || a - b));
    this.choices = Array.from(this.loanOrder, (i) => this.choicesOf(i));
    const depth = this.loanOrder.length;
    this.promise = Array.from({ length: depth + 1 }, () => new Float64Array(this.levels));
    this.potential = Array.from({ length: depth + 1 }, () =>
      Array.from({ length: this.levels }, () => new Float64Array(trades.count)),
    );
    this.activity = new Float64Array(conditions.rows.length);
    this.leastLeft = Array.from({ length: depth + 1 }, () => new Float64Array(conditions.rows.length));
    this.rowSlack = Float64Array.from(
      conditions.rows,
      (row) => row.coefficients.reduce((sum, c) => sum + Math.abs(Number(c)), Math.abs(Number(row.bound))) * 1e-12,
    );
    this.rowOfCandidate = new Map(Array.from({ length: candidates.count }, (_, c) => [c, []]));
    conditions.rows.forEach((row, r) => {
      row.candidates.forEach((c, n) => {
        const coefficient = Number(row.coefficients[n]!);
        this.rowOfCandidate.get(c)!.push({ row: r, coefficient });
        if (loans.lockedTo[candidates.loan[c]!] === c) this.activity[r]! += coefficient;
      });
    });
    for (let d = depth - 1; d >= 0; d--) this.summarise(d);
  }

  get isCutShort(): boolean {
    return this.nodes > this.mostNodes;
  }

  /** Tries every choice of the loans from this depth on. */
  descend(depth: number): void {
    if ((++this.nodes & 1023) === 0) this.checkpoint(0);
    if (this.isCutShort || this.isHopeless(depth)) return;
    if (depth === this.loanOrder.length) {
      this.judge();
      return;
    }
    const i = this.loanOrder[depth]!;
    const { amount } = this.problem.loans;
    const { trade } = this.problem.candidates;
    for (const c of this.choices[depth]!) {
      if (c >= 0) {
        if (this.fill[this.levels - 1]![trade[c]!]! + amount[i]! > this.room[trade[c]!]!) continue;
        this.place(c, amount[i]!, 1);
      }
      this.chosen[i] = c;
      this.descend(depth + 1);
      this.chosen[i] = -1;
      if (c >= 0) this.place(c, amount[i]!, -1);
    }
  }

  private place(c: number, amount: number, sign: 1 | -1): void {
    const level = levelOf(this.problem, c);
    const j = this.problem.candidates.trade[c]!;
    this.value[level]! += sign * netValue(this.problem, c);
    for (let k = level; k < this.levels; k++) this.fill[k]![j]! += sign * amount;
    for (const { row, coefficient } of this.rowOfCandidate.get(c)!) this.activity[row]! += sign * coefficient;
  }

  /** Whether no completion of the choices so far is feasible and better than the best. */
  private isHopeless(depth: number): boolean {
    const { rows, mustReach, relaxed } = this.conditions;
    const last = this.levels - 1;
    for (let r = 0; r < rows.length; r++) {
      if (relaxed && rows[r]!.endOnly) continue;
      if (this.activity[r]! + this.leastLeft[depth]![r]! > Number(rows[r]!.bound) + this.rowSlack[r]!) return true;
    }
    if (!relaxed)
      for (let j = 0; j < mustReach.length; j++) {
        const fill = this.fill[last]![j]!;
        if (fill > 0 && fill < mustReach[j]!) {
          let reach = fill;
          for (let k = 0; k < this.levels; k++) reach += this.potential[depth]![k]![j]!;
          if (reach < mustReach[j]!) return true;
        }
      }
    if (this.best === null) return false;
    const least = this.leastShortfall(depth);
    if (least !== this.best.shortfall) return least > this.best.shortfall;
    for (let k = 0; k < this.levels; k++) {
      const bound = Math.floor(this.levelBound(depth, k) + this.floatSlack);
      if (bound !== this.bestTuple[k]) return bound < this.bestTuple[k]!;
    }
    return true;
  }

  /** Least cents by which relaxed minimums will be missed. */
  private leastShortfall(depth: number): number {
    const { rows, relaxed } = this.conditions;
    if (!relaxed) return 0;
    let total = 0;
    rows.forEach((row, r) => {
      if (!row.endOnly) return;
      // Rows of minimums have their sign turned: passing the bound is missing the minimum.
      const scale = this.shortfallScale(r);
      const missing = (this.activity[r]! + this.leastLeft[depth]![r]! - Number(row.bound)) * scale;
      if (missing > 0) total += Math.floor(missing + FLOAT_SLACK);
    });
    return total;
  }

  /** Cents per unit of a minimum's row, whose coefficients were divided by their common divisor. */
  private shortfallScale(r: number): number {
    const row = this.conditions.rows[r]!;
    const limit = this.problem.limits[row.limit]!;
    const weight = limit.kind === 'total' ? 1 : missingLoanWeight(this.problem);
    const c = row.candidates[0];
    if (c === undefined) return row.bound === 0n ? 0 : (limit.min! / -Number(row.bound)) * weight;
    const part = limit.kind === 'total' ? this.problem.loans.amount[this.problem.candidates.loan[c]!]! : 1;
    return (part / -Number(row.coefficients[0]!)) * weight;
  }

  /** Bound on V_k over all completions, cents; in mode `global` on the objective. */
  private levelBound(depth: number, k: number): number {
    const { trades } = this.problem;
    const last = this.fill[this.levels - 1]!;
    let total = this.value[k]! + this.promise[depth]![k]!;
    for (let j = 0; j < trades.count; j++) {
      const price = this.price[k]![j]!;
      const own = Math.min(this.room[j]! - last[j]!, this.potential[depth]![k]![j]!);
      if (trades.pairOffRate[j] === 0) {
        total += Math.max(0, price * own);
        continue;
      }
      if (this.levels === 1) {
        total += this.bestFill(j, last[j]!, own, price);
        continue;
      }
      let before = 0;
      for (let l = 0; l < k; l++) before += this.potential[depth]![l]![j]!;
      const left = this.room[j]! - last[j]!;
      const fillBefore = k === 0 ? trades.lockedFill[j]! : this.fill[k - 1]![j]!;
      total += Math.max(0, price * own);
      total += this.pairOffExtreme(j, fillBefore, Math.min(left, before), 1);
      total += this.pairOffExtreme(j, this.fill[k]![j]!, Math.min(left, before + own), -1);
    }
    return total;
  }

  /** Largest `price * x - pairOff(fill + x)`, 0 <= x <= most; half a cent over for the rounding between the corners. */
  private bestFill(j: number, fill: number, most: number, price: number): number {
    const { trades } = this.problem;
    let best = -Infinity;
    for (const x of [0, trades.min[j]! - 1 - fill, trades.min[j]! - fill, most])
      if (x >= 0 && x <= most) best = Math.max(best, price * x - pairOff(trades, j, fill + x));
    return best + 1;
  }

  /** Largest `sign * pairOff` over the fills within `most` above `fill`. */
  private pairOffExtreme(j: number, fill: number, most: number, sign: 1 | -1): number {
    const { trades } = this.problem;
    let best = -Infinity;
    for (const x of [0, trades.min[j]! - 1 - fill, trades.min[j]! - fill, most])
      if (x >= 0 && x <= most) best = Math.max(best, sign * pairOff(trades, j, fill + x));
    return best;
  }

  private judge(): void {
    const verdict = judgeConditions(this.problem, this.conditions, this.chosen);
    if (verdict.broken !== null) return;
    const tuple = this.tuple();
    if (this.best !== null) {
      const order = this.best.shortfall - verdict.shortfall || compareTuples(tuple, this.bestTuple);
      if (order <= 0) return;
    }
    this.best = { chosen: this.chosen.slice(), shortfall: verdict.shortfall };
    this.bestTuple = tuple;
  }

  private tuple(): number[] {
    const { trades } = this.problem;
    let before = 0;
    if (this.levels > 1) for (let j = 0; j < trades.count; j++) before += pairOff(trades, j, trades.lockedFill[j]!);
    return Array.from(this.value, (value, k) => {
      let after = 0;
      for (let j = 0; j < trades.count; j++) after += pairOff(trades, j, this.fill[k]![j]!);
      const change = after - before;
      before = after;
      return value - change;
    });
  }

  /** Prices per cent of the class's own relaxation, the other classes left out. */
  private levelPrices(k: number): Float64Array {
    const { loans, trades } = this.problem;
    const stage = buildStage(
      this.problem,
      trades.lockedFill,
      (i) => loans.lockedTo[i]! < 0,
      (c) => levelOf(this.problem, c) === k,
    );
    return solveTransport(stage, this.checkpoint).price.map((price) => price * 1e-10);
  }

  /** The candidates of a loan, the most promising first, then staying out where that is allowed. */
  private choicesOf(i: number): Int32Array {
    const { start, trade } = this.problem.candidates;
    const own = Array.from({ length: start[i + 1]! - start[i]! }, (_, n) => start[i]! + n);
    const reduced = (c: number): number =>
      netValue(this.problem, c) - this.price[levelOf(this.problem, c)]![trade[c]!]! * this.problem.loans.amount[i]!;
    own.sort((a, b) => levelOf(this.problem, a) - levelOf(this.problem, b) || reduced(b) - reduced(a) || a - b);
    return Int32Array.from(this.conditions.mustPlace[i] === 1 ? own : [...own, -1]);
  }

  /** Sums up what the loans from depth `d` on could add. */
  private summarise(d: number): void {
    const i = this.loanOrder[d]!;
    const amount = this.problem.loans.amount[i]!;
    const forced = this.conditions.mustPlace[i] === 1;
    this.promise[d]!.set(this.promise[d + 1]!);
    this.leastLeft[d]!.set(this.leastLeft[d + 1]!);
    for (let k = 0; k < this.levels; k++) this.potential[d]![k]!.set(this.potential[d + 1]![k]!);
    const top = new Float64Array(this.levels).fill(forced && this.levels === 1 ? -Infinity : 0);
    const least = new Float64Array(this.activity.length).fill(forced ? Infinity : 0);
    for (const c of this.choices[d]!) {
      if (c < 0) continue;
      const k = levelOf(this.problem, c);
      const j = this.problem.candidates.trade[c]!;
      top[k] = Math.max(top[k]!, netValue(this.problem, c) - this.price[k]![j]! * amount);
      this.potential[d]![k]![j]! += amount;
      const own = new Float64Array(least.length);
      for (const { row, coefficient } of this.rowOfCandidate.get(c)!) own[row] = coefficient;
      for (let r = 0; r < least.length; r++) least[r] = Math.min(least[r]!, own[r]!);
    }
    for (let k = 0; k < this.levels; k++) this.promise[d]![k]! += top[k]!;
    for (let r = 0; r < least.length; r++) this.leastLeft[d]![r]! += least[r]!;
  }
}

function compareTuples(a: readonly number[], b: readonly number[]): number {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return a[k]! - b[k]!;
  return 0;
}
