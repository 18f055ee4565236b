import { FractionalKnapsack } from './fractional-knapsack';
import { type HeavySet, heavySetsOf, isHeavy, noneHeavy } from './heavy-sets';
import { pairOff } from '../problem/pair-off';
import { type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { type TradeState, tradeStates } from '../stage/trade-states';

/** What a trade does best with the loans offered to it, at a profit for each. */
export interface Composition {
  /** The stage options taken; none when no budget so far met a composition at all. */
  readonly options: readonly number[];
  /** No composition earns more, cents: profits less pair-off. */
  readonly bound: number;
}

/**
 * Cents by which the linear relaxation of a composition may fall short of it: the pair-off is rounded to cents, and sums
 * of doubles are off by far less.
 */
const MARGIN = 2;
/** What a row's sums may be off by, as a share of its coefficients' sizes, summed. */
const ROUNDING = 1e-12;

/** At most so many sets of heavy options are told apart. */
const MOST_SETS = 400;

/**
 * Finds the composition of one trade that earns most: a knapsack with the trade's room, its must_reach, its pair-off with
 * the jump at L and the rows that concern this trade alone, all kept to the letter. Branch and bound in two steps. First the
 * sets of **heavy** options: those that use up a row, as a high-balance loan does of a share. Of these only few fit, and
 * once they are chosen, all others only ease the rows: a share then asks for no more than a least fill. Where the sets are
 * too many, no option is heavy and the rows are priced into the relaxation by their multipliers. Then all other options, in
 * order of their profit per cent of amount.
 */
export class TradeComposer {
  private readonly amount: Float64Array;
  /** Per own row: coefficient of each option, largest sum that still holds. */
  private readonly coefficients: readonly Float64Array[];
  private readonly bounds: readonly number[];
  /** All sets of heavy options that may fit; only the empty one where they are too many. */
  private readonly heavySets: readonly HeavySet[];
  /** Whether the rows are priced into the relaxation, since no option is heavy. */
  private readonly priced: boolean;
  /** Options that are not heavy. */
  private readonly count: number;
  /** Per own row the most a cent of such an option's amount takes off it. */
  private readonly ease: readonly number[];
  /** Stretches of fills that the trade may end in. */
  private readonly states: readonly TradeState[];
  /** The options that are not heavy, in the order they are tried. */
  private readonly knapsack: FractionalKnapsack;
  /** Per option its profit, and what the relaxation of a stretch makes of it. */
  private readonly profit: Float64Array;
  private readonly charged: Float64Array;
  /** Per own row and position in that order the option's coefficient. */
  private readonly entries: readonly Float64Array[];
  /** Per own row the most that the options from a position on can take off it. */
  private readonly relief: readonly Float64Array[];
  private readonly activity: Float64Array;
  private heavy: readonly number[] = [];
  // Of the branch that is tried, per depth: the position chosen last, and what all chosen so far amount to and leave.
  private depth = 0;
  private readonly chosen: Int32Array;
  private readonly fill: Float64Array;
  private readonly earned: Float64Array;
  private readonly relaxed: Float64Array;
  private readonly least: Float64Array;
  private readonly most: Float64Array;
  private nodes = 0;
  private best = 0;
  /** How many of the options chosen are the best composition; -1 = it is written down. */
  private unkept = -1;
  private open = 0;
  /** Options of the best composition met; null until any is. */
  private bestMembers: readonly number[] | null = null;

  /**
   * @param options the stage options into trade j
   * @param ownRows restriction rows that only options of this trade count in
   * @param mostSets most sets of heavy options that are told apart; with more of them none is heavy
   */
  constructor(
    private readonly stage: Stage,
    restrictions: Restrictions,
    private readonly j: number,
    private readonly options: readonly number[],
    private readonly ownRows: readonly number[],
    mostSets = MOST_SETS,
  ) {
    this.amount = Float64Array.from(options, (o) => stage.amount[stage.loanOf[o]!]!);
    this.coefficients = ownRows.map((r) => Float64Array.from(options, (o) => coefficientOf(restrictions, o, r)));
    this.bounds = this.coefficients.map((values, n) => {
      const bound = restrictions.bound[ownRows[n]!]!;
      return bound + ROUNDING * values.reduce((sum, value) => sum + Math.abs(value), Math.abs(bound));
    });
    const room = stage.room[j]! - stage.baseFill[j]!;
    const sets = heavySetsOf(this.amount, this.coefficients, this.bounds, room, mostSets);
    this.priced = sets === null;
    this.heavySets = sets ?? [noneHeavy(ownRows.length)];
    const others = options.map((_, i) => i).filter((i) => this.priced || !isHeavy(this.coefficients, i));
    this.count = others.length;
    this.ease = this.coefficients.map((values) =>
      others.reduce((most, i) => Math.max(most, -values[i]! / this.amount[i]!), 0),
    );
    this.states = tradeStates(stage, j, stage.baseFill[j]!, stage.room[j]!, restrictions.mustReach[j]!, false);
    this.knapsack = new FractionalKnapsack(others, this.amount);
    this.charged = new Float64Array(options.length);
    this.profit = new Float64Array(options.length);
    this.entries = ownRows.map(() => new Float64Array(this.count));
    this.relief = ownRows.map(() => new Float64Array(this.count + 1));
    this.activity = new Float64Array(ownRows.length);
    this.chosen = new Int32Array(this.count);
    const perDepth = (): Float64Array => new Float64Array(this.count + 1);
    [this.fill, this.earned, this.relaxed] = [perDepth(), perDepth(), perDepth()];
    [this.least, this.most] = [perDepth(), perDepth()];
  }

  /**
   * @param profit per stage option, cents
   * @param rowPrice per restriction row, cents per unit; those of the own rows are read
   * @param nodes branches tried for each stretch of fills; what is left untried counts in the bound by its relaxation
   */
  compose(profit: Float64Array, rowPrice: Float64Array, nodes: number): Composition {
    const { options } = this;
    for (let i = 0; i < options.length; i++) this.profit[i] = profit[options[i]!]!;
    this.open = -Infinity;
    this.best = this.valueOfLast();
    const prices = this.priced ? this.ownRows.map((r) => rowPrice[r]!) : [];
    for (const state of this.states) {
      this.arrange(state, prices);
      this.nodes = nodes;
      this.descendHeavy(this.constantOf(state, prices), state);
    }
    const chosen = this.bestMembers ?? [];
    return { options: chosen.map((i) => options[i]!), bound: Math.max(this.best, this.open) + MARGIN };
  }

  /** What the last composition found earns now: it keeps room and rows at any prices, and is often nearly the best. */
  private valueOfLast(): number {
    if (this.bestMembers === null) return -Infinity;
    let fill = this.stage.baseFill[this.j]!;
    let earned = 0;
    for (const i of this.bestMembers) {
      fill += this.amount[i]!;
      earned += this.profit[i]!;
    }
    return earned - pairOff(this.stage, this.j, fill);
  }

  /** Tries the sets of heavy options, the most promising first. */
  private descendHeavy(constant: number, state: TradeState): void {
    const branches = this.heavySets.map((set) => {
      const earned = set.members.reduce((sum, i) => sum + this.profit[i]!, 0);
      const relaxed = constant + earned - state.slope * set.amount;
      this.activity.set(set.used);
      const rest = this.knapsack.most(0, this.leastLeft(set.amount, state), this.mostLeft(set.amount, state));
      return { set, earned, relaxed, promise: relaxed + rest };
    });
    for (const { set, earned, relaxed, promise } of branches.sort((a, b) => b.promise - a.promise)) {
      if (promise <= this.best) return;
      this.activity.set(set.used);
      this.heavy = set.members;
      this.descend(set.amount, earned, relaxed, state);
    }
  }

  /** Least amount that options must add to a fill: to end within the stretch, and to ease what the rows are over by. */
  private leastLeft(fill: number, { least }: TradeState): number {
    let left = least - this.stage.baseFill[this.j]! - fill;
    for (let r = 0; r < this.ease.length; r++) {
      const over = this.activity[r]! - this.bounds[r]!;
      if (over > 0) left = Math.max(left, over / this.ease[r]! - 1);
    }
    return left;
  }

  private mostLeft(fill: number, { most }: TradeState): number {
    return most - this.stage.baseFill[this.j]! - fill;
  }

  /** What the relaxation of a stretch of fills earns beside its options. */
  private constantOf({ cost, slope }: TradeState, prices: readonly number[]): number {
    let constant = -cost - slope * this.stage.baseFill[this.j]!;
    prices.forEach((price, r) => (constant += price * this.bounds[r]!));
    return constant;
  }

  /** Orders the options that are not heavy by what the relaxation makes of them per cent of amount. */
  private arrange({ slope }: TradeState, prices: readonly number[]): void {
    const { profit, amount, coefficients, charged, knapsack, count } = this;
    for (let i = 0; i < profit.length; i++) {
      let value = profit[i]! - slope * amount[i]!;
      for (let r = 0; r < prices.length; r++) value -= prices[r]! * coefficients[r]![i]!;
      charged[i] = value;
    }
    knapsack.arrange(charged);
    const { order } = knapsack;
    for (let r = 0; r < coefficients.length; r++) {
      const [values, entries, relief] = [coefficients[r]!, this.entries[r]!, this.relief[r]!];
      for (let n = count - 1; n >= 0; n--) {
        entries[n] = values[order[n]!]!;
        relief[n] = relief[n + 1]! + Math.min(0, entries[n]!);
      }
    }
  }

  /**
   * Tries every composition of the heavy options chosen and others, in their order. No recursion: a trade may hold
   * thousands of loans.
   *
   * @param fill amount chosen, cents; @param earned its profits; @param relaxed what the relaxation makes of it
   */
  private descend(fill: number, earned: number, relaxed: number, state: TradeState): void {
    const { knapsack, chosen } = this;
    this.depth = 0;
    this.arrive(fill, earned, relaxed, state);
    for (let n = this.nextBranch(0); n >= 0 || this.depth > 0;) {
      const { depth } = this;
      if (n >= 0) {
        chosen[depth] = n;
        this.enter(n, 1);
        this.depth++;
        this.arrive(
          this.fill[depth]! + knapsack.weight[n]!,
          this.earned[depth]! + this.profit[knapsack.order[n]!]!,
          this.relaxed[depth]! + knapsack.earns[n]!,
          state,
        );
        n = this.nextBranch(n + 1);
      } else {
        if (this.unkept === depth) this.keep();
        this.depth--;
        const last = chosen[this.depth]!;
        this.enter(last, -1);
        n = this.nextBranch(last + 1);
      }
    }
    this.keep();
  }

  /** What is chosen at this depth, which may be a composition. */
  private arrive(fill: number, earned: number, relaxed: number, state: TradeState): void {
    const { depth } = this;
    this.fill[depth] = fill;
    this.earned[depth] = earned;
    this.relaxed[depth] = relaxed;
    this.least[depth] = this.leastLeft(fill, state);
    this.most[depth] = this.mostLeft(fill, state);
    if (this.least[depth] <= 0 && this.keepsRows())
      this.offer(earned - pairOff(this.stage, this.j, this.stage.baseFill[this.j]! + fill));
  }

  /** The first option from a position on that may lead to a better composition; -1 = none does. */
  private nextBranch(from: number): number {
    const { knapsack, depth } = this;
    const [relaxed, least, most] = [this.relaxed[depth]!, this.least[depth]!, this.most[depth]!];
    for (let n = from; n < this.count; n++) {
      const bound = relaxed + knapsack.most(n, least, most);
      if (bound <= this.best || !this.mayKeepRows(n)) return -1;
      if (this.nodes-- <= 0) {
        this.open = Math.max(this.open, bound);
        return -1;
      }
      if (knapsack.weight[n]! <= most) return n;
    }
    return -1;
  }

  private enter(n: number, sign: 1 | -1): void {
    for (let r = 0; r < this.activity.length; r++) this.activity[r]! += sign * this.entries[r]![n]!;
  }

  private keepsRows(): boolean {
    const { activity, bounds } = this;
    for (let r = 0; r < activity.length; r++) if (activity[r]! > bounds[r]!) return false;
    return true;
  }

  private mayKeepRows(n: number): boolean {
    const { activity, bounds, relief } = this;
    for (let r = 0; r < activity.length; r++) if (activity[r]! + relief[r]![n]! > bounds[r]!) return false;
    return true;
  }

  private offer(value: number): void {
    if (value <= this.best) return;
    this.best = value;
    this.unkept = this.depth;
  }

  /** Writes the best composition down: only once the branch leaves it, since on the way into a branch most are the best. */
  private keep(): void {
    if (this.unkept < 0) return;
    const others = this.chosen.subarray(0, this.unkept);
    this.bestMembers = [...this.heavy, ...Array.from(others, (n) => this.knapsack.order[n]!)];
    this.unkept = -1;
  }
}

function coefficientOf({ start, row, coefficient }: Restrictions, o: number, r: number): number {
  for (let n = start[o]!; n < start[o + 1]!; n++) if (row[n] === r) return coefficient[n]!;
  return 0;
}
