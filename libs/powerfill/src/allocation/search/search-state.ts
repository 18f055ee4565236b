import { pairOff } from '../problem/pair-off';
import { type Stage, type StageAssignment } from '../stage/stage';

/**
 * The mutable state of a local search over one stage: options, fills and, per trade, its loans in order of amount, so
 * that the loans which would make enough room are found by bisection. Loans are numbered by ascending amount here.
 */
export class SearchState {
  readonly loanCount: number;
  /** Stage loan of each searched loan. */
  readonly stageLoan: Int32Array;
  readonly amount: Float64Array;
  readonly start: Int32Array;
  /** Searched loan of each option. */
  readonly loanOf: Int32Array;
  readonly trade: Int32Array;
  readonly net: Float64Array;
  /** Stage option behind each option. */
  readonly stageOption: Int32Array;

  readonly option: Int32Array;
  readonly fill: Float64Array;
  readonly members: Int32Array[];
  readonly memberCount: Int32Array;

  constructor(
    readonly stage: Stage,
    from: StageAssignment,
  ) {
    const count = stage.loans.length;
    this.loanCount = count;
    this.stageLoan = Int32Array.from(stage.loans, (_, s) => s).sort(
      (a, b) => stage.amount[a]! - stage.amount[b]! || a - b,
    );
    this.amount = new Float64Array(count);
    this.start = new Int32Array(count + 1);
    this.loanOf = new Int32Array(stage.trade.length);
    this.trade = new Int32Array(stage.trade.length);
    this.net = new Float64Array(stage.trade.length);
    this.stageOption = new Int32Array(stage.trade.length);
    this.option = new Int32Array(count).fill(-1);
    this.fill = from.fill.slice();
    this.members = Array.from({ length: stage.tradeCount }, () => new Int32Array(16));
    this.memberCount = new Int32Array(stage.tradeCount);
    let next = 0;
    for (let p = 0; p < count; p++) {
      const s = this.stageLoan[p]!;
      this.amount[p] = stage.amount[s]!;
      for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++) {
        if (from.option[s] === o) {
          this.option[p] = next;
          this.append(stage.trade[o]!, p);
        }
        this.loanOf[next] = p;
        this.stageOption[next] = o;
        this.trade[next] = stage.trade[o]!;
        this.net[next] = stage.net[o]!;
        next++;
      }
      this.start[p + 1] = next;
    }
  }

  /** First position in trade j's list whose loan's amount is at least `wanted`. */
  positionOf(j: number, wanted: number): number {
    const list = this.members[j]!;
    let low = 0;
    let high = this.memberCount[j]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.amount[list[middle]!]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Gives loan p another option (-1 = none) in the lists; the caller keeps the fills. */
  assign(p: number, o: number): void {
    const old = this.option[p]!;
    if (old >= 0) this.removeMember(this.trade[old]!, p);
    if (o >= 0) this.insertMember(this.trade[o]!, p);
    this.option[p] = o;
  }

  /** Change of the objective by a change of trade j's fill, cents, without the rounding of the pair-off. */
  pairOffGain(j: number, by: number): number {
    const { min, target, pairOffRate } = this.stage;
    const rate = pairOffRate[j]! * 1e-10;
    const before = this.fill[j]!;
    const after = before + by;
    const least = min[j]!;
    if ((before >= least && after >= least) || rate === 0) return 0;
    return (before < least ? rate * (target[j]! - before) : 0) - (after < least ? rate * (target[j]! - after) : 0);
  }

  /** Value of the options less the pair-off cost, cents. */
  objective(): number {
    let total = 0;
    for (let p = 0; p < this.loanCount; p++) if (this.option[p]! >= 0) total += this.net[this.option[p]!]!;
    for (let j = 0; j < this.stage.tradeCount; j++) total -= pairOff(this.stage, j, this.fill[j]!);
    return total;
  }

  /** The assignment in the stage's own numbering. */
  snapshot(): StageAssignment {
    return this.translated(this.option, this.fill);
  }

  /** Options and fills in this state's numbering, in the stage's own. */
  translated(own: Int32Array, fill: Float64Array): StageAssignment {
    const option = new Int32Array(this.loanCount);
    for (let p = 0; p < this.loanCount; p++) {
      const o = own[p]!;
      option[this.stageLoan[p]!] = o < 0 ? -1 : this.stageOption[o]!;
    }
    return { option, fill: fill.slice() };
  }

  private append(j: number, p: number): void {
    const n = this.memberCount[j]!;
    if (n === this.members[j]!.length) this.grow(j);
    this.members[j]![n] = p;
    this.memberCount[j] = n + 1;
  }

  private grow(j: number): void {
    const larger = new Int32Array(this.members[j]!.length * 2);
    larger.set(this.members[j]!);
    this.members[j] = larger;
  }

  private indexOf(j: number, p: number): number {
    const list = this.members[j]!;
    let low = 0;
    let high = this.memberCount[j]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (list[middle]! < p) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insertMember(j: number, p: number): void {
    if (this.memberCount[j] === this.members[j]!.length) this.grow(j);
    const at = this.indexOf(j, p);
    this.members[j]!.copyWithin(at + 1, at, this.memberCount[j]);
    this.members[j]![at] = p;
    this.memberCount[j]!++;
  }

  private removeMember(j: number, p: number): void {
    const at = this.indexOf(j, p);
    this.members[j]!.copyWithin(at, at + 1, this.memberCount[j]);
    this.memberCount[j]!--;
  }
}
