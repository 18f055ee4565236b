/** How a TBA trade is cut into lots (SIFMA Uniform Practices ch. 8; market.md 1.1). Amounts in cents. */
export interface LotTerms {
  readonly lot: number;
  /** What a lot may miss its amount by, both ways. */
  readonly variance: number;
  readonly poolsPerLot: number;
}

/** Attempts to combine pools before the search gives up; a trade has a handful of small pools. */
const MOST_ATTEMPTS = 20_000;

/**
 * By how many cents each pool of a trade misses good delivery, in the order given; 0 = good. A pool of a lot or more
 * must be a whole number of lots, each within the variance: SIFMA's own example refuses 949,487.53 + 1,050,524.24
 * although their sum is within it, so large pools are not cut to help small ones. Smaller pools are combined, at most
 * `poolsPerLot` in a lot.
 */
export function lotMisses(amounts: readonly number[], terms: LotTerms): number[] {
  const smallest = terms.lot - terms.variance;
  const misses = amounts.map((amount) => {
    if (amount < smallest) return smallest - amount;
    const lots = Math.max(1, Math.round(amount / terms.lot));
    return Math.max(0, Math.abs(amount - lots * terms.lot) - lots * terms.variance);
  });
  const small = amounts
    .map((amount, index) => ({ amount, index }))
    .filter(({ amount }) => amount < smallest)
    .sort((a, b) => b.amount - a.amount || a.index - b.index);
  for (const { index } of combined(small, terms)) misses[index] = 0;
  return misses;
}

interface SmallPool {
  readonly amount: number;
  readonly index: number;
}

/** The pools of the largest set of lots found that small pools fill. */
function combined(pools: readonly SmallPool[], terms: LotTerms): readonly SmallPool[] {
  let attempts = 0;
  let best: readonly SmallPool[] = [];
  const search = (left: readonly SmallPool[], used: readonly SmallPool[]): void => {
    if (used.length > best.length) best = used;
    const [first, ...rest] = left;
    if (first === undefined || used.length + left.length <= best.length || (attempts += 1) > MOST_ATTEMPTS) return;
    for (const lot of lotsWith(first, rest, terms)) {
      search(
        rest.filter((pool) => !lot.includes(pool)),
        [...used, ...lot],
      );
    }
    search(rest, used);
  };
  search(pools, []);
  return best;
}

/** Every lot that holds `first` and pools behind it. */
function* lotsWith(first: SmallPool, others: readonly SmallPool[], terms: LotTerms): Generator<readonly SmallPool[]> {
  const grow = function* (lot: readonly SmallPool[], sum: number, from: number): Generator<readonly SmallPool[], void> {
    if (Math.abs(sum - terms.lot) <= terms.variance) yield lot;
    if (lot.length === terms.poolsPerLot) return;
    for (let index = from; index < others.length; index += 1) {
      const pool = others[index];
      if (pool !== undefined && sum + pool.amount <= terms.lot + terms.variance)
        yield* grow([...lot, pool], sum + pool.amount, index + 1);
    }
  };
  yield* grow([first], first.amount, 0);
}
