/** Items that may pass another before the order counts as new, per item. */
const MOST_PASSED = 32;

/**
 * The linear relaxation of a knapsack over a fixed set of items: which parts of them earn most within two amounts. The
 * items are kept in the order of what they earn per cent of amount, so that any tail of that order is solved by a search
 * of its prefix sums (Dantzig 1957).
 */
export class FractionalKnapsack {
  /** Per position the item there; kept between calls, since from one to the next it hardly changes. */
  readonly order: Int32Array;
  /** Per position what its item earns and its amount. */
  readonly earns: Float64Array;
  readonly weight: Float64Array;
  private readonly weightBefore: Float64Array;
  private readonly earnedBefore: Float64Array;
  /** Items before this position earn something. */
  private paying = 0;
  /** Per item. */
  private readonly ratio: Float64Array;

  /**
   * @param items positions in `amount`, ascending
   * @param amount per item, cents, above 0
   */
  constructor(
    items: readonly number[],
    private readonly amount: Float64Array,
  ) {
    const count = items.length;
    this.order = Int32Array.from(items);
    this.earns = new Float64Array(count);
    this.weight = new Float64Array(count);
    this.weightBefore = new Float64Array(count + 1);
    this.earnedBefore = new Float64Array(count + 1);
    this.ratio = new Float64Array(amount.length);
  }

  /** @param value per item, cents */
  arrange(value: Float64Array): void {
    const { order, earns, weight, ratio, amount, weightBefore, earnedBefore } = this;
    for (const i of order) ratio[i] = value[i]! / amount[i]!;
    this.putInOrder();
    this.paying = 0;
    for (let n = 0; n < order.length; n++) {
      const i = order[n]!;
      earns[n] = value[i]!;
      weight[n] = amount[i]!;
      weightBefore[n + 1] = weightBefore[n]! + weight[n]!;
      earnedBefore[n + 1] = earnedBefore[n]! + earns[n]!;
      if (earns[n]! > 0) this.paying = n + 1;
    }
  }

  /** Inserts one item after the other where it belongs among those before: few steps, where the last order is nearly this. */
  private putInOrder(): void {
    const { order, ratio } = this;
    let left = MOST_PASSED * order.length;
    for (let n = 1; n < order.length; n++) {
      const item = order[n]!;
      const own = ratio[item]!;
      let to = n;
      for (; to > 0; to--) {
        const before = order[to - 1]!;
        if (ratio[before]! > own || (ratio[before] === own && before < item)) break;
        order[to] = before;
      }
      order[to] = item;
      left -= n - to;
      if (left < 0) {
        order.sort((a, b) => ratio[b]! - ratio[a]! || a - b);
        return;
      }
    }
  }

  /** Most that parts of the items from a position on earn within two amounts; -Infinity: they cannot reach the least. */
  most(from: number, least: number, most: number): number {
    const { weightBefore, earnedBefore, order } = this;
    const start = weightBefore[from]!;
    if (most < Math.max(0, least) || weightBefore[order.length]! - start < least) return -Infinity;
    const end = Math.max(from, this.paying);
    const natural = weightBefore[end]! - start;
    if (natural >= least && natural <= most) return earnedBefore[end]! - earnedBefore[from]!;
    const goal = start + (natural > most ? most : least);
    let low = from;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (weightBefore[middle + 1]! <= goal) low = middle + 1;
      else high = middle;
    }
    const part = low < order.length ? (this.earns[low]! * (goal - weightBefore[low]!)) / this.weight[low]! : 0;
    return earnedBefore[low]! - earnedBefore[from]! + part;
  }
}
