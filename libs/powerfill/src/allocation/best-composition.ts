import { type HeavySet, heavySetsOf, isHeavy, noneHeavy } from './heavy-sets';
import { pairOff } from './pair-off';
import { type Restrictions } from './restrictions';
import { type Stage } from './stage';
import { type TradeState, tradeStates } from './trade-states';

/** What a trade does best with the loans offered to it, at a profit for each. */
export interface Composition {
  /** The stage options taken; none when the budget met no composition at all. */
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
  // Of one search, in its order.
  private readonly order: Int32Array;
  private readonly profit: Float64Array;
  private readonly charged: Float64Array;
  private readonly weight: Float64Array;
  private readonly entries: readonly Float64Array[];
  /** Per own row the most that the options from a position on can take off it. */
  private readonly relief: readonly Float64Array[];
  private readonly amountBefore: Float64Array;
  private readonly chargedBefore: Float64Array;
  private readonly ratio: Float64Array;
  /** Options before this position earn something. */
  private paying = 0;
  private readonly activity: Float64Array;
  private heavy: readonly number[] = [];
  private readonly chosen: number[] = [];
  private nodes = 0;
  private best = 0;
  private open = 0;
  private bestOptions: readonly number[] = [];

  /**
   * @param options the stage options into trade j
   * @param ownRows restriction rows that only options of this trade count in
   * @param mostSets most sets of heavy options that are told apart; with more of them none is heavy
   */
  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
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
    const each = (): Float64Array => new Float64Array(options.length);
    this.order = Int32Array.from(others);
    [this.profit, this.charged, this.weight, this.ratio] = [each(), each(), each(), each()];
    this.entries = ownRows.map(each);
    this.relief = ownRows.map(() => new Float64Array(this.count + 1));
    this.amountBefore = new Float64Array(this.count + 1);
    this.chargedBefore = new Float64Array(this.count + 1);
    this.activity = new Float64Array(ownRows.length);
  }

  /**
   * @param profit per stage option, cents
   * @param rowPrice per restriction row, cents per unit; those of the own rows are read
   * @param nodes branches tried for each stretch of fills; what is left untried counts in the bound by its relaxation
   */
  compose(profit: Float64Array, rowPrice: Float64Array, nodes: number): Composition {
    const { stage, restrictions, j, ownRows } = this;
    this.best = this.open = -Infinity;
    this.bestOptions = [];
    const prices = ownRows.map((r) => (this.priced ? rowPrice[r]! : 0));
    for (const state of tradeStates(stage, j, stage.baseFill[j]!, stage.room[j]!, restrictions.mustReach[j]!, false)) {
      this.sort(state, profit, prices);
      this.nodes = nodes;
      this.descendHeavy(profit, this.constantOf(state, prices), state);
    }
    return { options: this.bestOptions, bound: Math.max(this.best, this.open) + MARGIN };
  }

  /** Tries the sets of heavy options, the most promising first. */
  private descendHeavy(profit: Float64Array, constant: number, state: TradeState): void {
    const branches = this.heavySets.map((set) => {
      const earned = set.members.reduce((sum, i) => sum + profit[this.options[i]!]!, 0);
      const relaxed = constant + earned - state.slope * set.amount;
      this.activity.set(set.used);
      const rest = this.restFrom(0, this.leastLeft(set.amount, state), this.mostLeft(set.amount, state));
      return { set, earned, relaxed, promise: relaxed + rest };
    });
    for (const { set, earned, relaxed, promise } of branches.sort((a, b) => b.promise - a.promise)) {
      if (promise <= this.best) return;
      this.activity.set(set.used);
      this.heavy = set.members;
      this.descend(0, set.amount, earned, relaxed, state);
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

  /** Sorts the options that are not heavy by what they earn per cent of amount. */
  private sort({ slope }: TradeState, profit: Float64Array, prices: readonly number[]): void {
    const { options, amount, coefficients, order, ratio, count } = this;
    const chargedOf = (i: number): number => {
      let value = profit[options[i]!]! - slope * amount[i]!;
      prices.forEach((price, r) => (value -= price * coefficients[r]![i]!));
      return value;
    };
    for (const i of order) ratio[i] = chargedOf(i) / amount[i]!;
    order.sort((a, b) => ratio[b]! - ratio[a]! || a - b);
    this.paying = 0;
    for (let n = 0; n < count; n++) {
      const i = order[n]!;
      this.profit[n] = profit[options[i]!]!;
      this.charged[n] = ratio[i]! * amount[i]!;
      this.weight[n] = amount[i]!;
      this.amountBefore[n + 1] = this.amountBefore[n]! + amount[i]!;
      this.chargedBefore[n + 1] = this.chargedBefore[n]! + this.charged[n]!;
      if (ratio[i]! > 0) this.paying = n + 1;
    }
    coefficients.forEach((values, r) => {
      for (let n = count - 1; n >= 0; n--) {
        const value = values[order[n]!]!;
        this.entries[r]![n] = value;
        this.relief[r]![n] = this.relief[r]![n + 1]! + Math.min(0, value);
      }
    });
  }

  /**
   * Tries every composition that extends what is chosen by options from a position on.
   *
   * @param fill amount chosen, cents; @param earned its profits; @param relaxed what the relaxation makes of it
   */
  private descend(from: number, fill: number, earned: number, relaxed: number, state: TradeState): void {
    const least = this.leastLeft(fill, state);
    const most = this.mostLeft(fill, state);
    if (least <= 0 && this.keepsRows())
      this.offer(earned - pairOff(this.stage, this.j, this.stage.baseFill[this.j]! + fill));
    for (let n = from; n < this.count; n++) {
      const bound = relaxed + this.restFrom(n, least, most);
      if (bound <= this.best || !this.mayKeepRows(n)) return;
      if (this.nodes-- <= 0) {
        this.open = Math.max(this.open, bound);
        return;
      }
      if (this.weight[n]! > most) continue;
      this.chosen.push(n);
      this.enter(n, 1);
      this.descend(n + 1, fill + this.weight[n]!, earned + this.profit[n]!, relaxed + this.charged[n]!, state);
      this.enter(n, -1);
      this.chosen.pop();
    }
  }

  private enter(n: number, sign: 1 | -1): void {
    for (let r = 0; r < this.activity.length; r++) this.activity[r]! += sign * this.entries[r]![n]!;
  }

  private keepsRows(): boolean {
    return this.activity.every((used, r) => used <= this.bounds[r]!);
  }

  private mayKeepRows(n: number): boolean {
    return this.activity.every((used, r) => used + this.relief[r]![n]! <= this.bounds[r]!);
  }

  private offer(value: number): void {
    if (value <= this.best) return;
    this.best = value;
    this.bestOptions = [...this.heavy, ...this.chosen.map((n) => this.order[n]!)].map((i) => this.options[i]!);
  }

  /** Most that parts of the options from a position on can earn within two amounts. */
  private restFrom(from: number, least: number, most: number): number {
    const { amountBefore, chargedBefore, count } = this;
    const start = amountBefore[from]!;
    if (most < Math.max(0, least) || amountBefore[count]! - start < least) return -Infinity;
    const end = Math.max(from, this.paying);
    const natural = amountBefore[end]! - start;
    if (natural >= least && natural <= most) return chargedBefore[end]! - chargedBefore[from]!;
    const goal = start + (natural > most ? most : least);
    let low = from;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (amountBefore[middle + 1]! <= goal) low = middle + 1;
      else high = middle;
    }
    const part = low < count ? (this.charged[low]! * (goal - amountBefore[low]!)) / this.weight[low]! : 0;
    return chargedBefore[low]! - chargedBefore[from]! + part;
  }
}

function coefficientOf({ start, row, coefficient }: Restrictions, o: number, r: number): number {
  for (let n = start[o]!; n < start[o + 1]!; n++) if (row[n] === r) return coefficient[n]!;
  return 0;
}
