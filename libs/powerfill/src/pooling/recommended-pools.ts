import { type PoolBook, type PoolState } from '../eligibility/pool-book';
import { type PricedTrade } from '../steps/step-results';
import { type PooledLoan } from './pooled-loans';

/** The pool new members of a trade go to. */
export interface RecommendedPool {
  readonly poolName: string;
  /** `redesignated`: an undesignated pool that this run gives to the trade (pool action `Redesignate`). */
  readonly kind: 'existing' | 'redesignated' | 'new';
}

interface PoolDollars {
  /** Cents of today's members. */
  total: number;
  /** Cents of today's members by the trade the run gives them. */
  readonly byTrade: Map<string, number>;
}

/**
 * The recommended pool of every trade that gets new members (engine.md, step 5): (1) the largest pool designated to
 * it, not `Y`, of its instrument and coupon; (2) else an undesignated pool, not `Y`, of its instrument and coupon, more
 * than half of whose dollars the run gives to the trade; (3) else a new id. The larger pool wins, then the name.
 *
 * @returns by trade id
 */
export function recommendedPools(
  trades: readonly PricedTrade[],
  book: PoolBook,
  loans: readonly PooledLoan[],
): ReadonlyMap<string, RecommendedPool> {
  const dollars = dollarsByPool(loans);
  const growing = tradesWithNewMembers(book, loans);
  const pools = book
    .all()
    .filter((state) => state.lock !== 'Y')
    .map((state) => ({ state, total: dollars.get(state.poolName)?.total ?? 0 }))
    .sort((a, b) => b.total - a.total || (a.state.poolName < b.state.poolName ? -1 : 1));
  const taken = new Set([...book.all().map(({ poolName }) => poolName), ...dollars.keys()]);
  const recommended = new Map<string, RecommendedPool>();
  for (const priced of trades) {
    const tradeId = priced.trade.trade_id;
    if (!growing.has(tradeId)) continue;
    const fitting = pools.filter(({ state }) => fits(state, priced));
    const designated = fitting.find(({ state }) => state.tradeId === tradeId);
    const undesignated = fitting.find(
      ({ state, total }) =>
        state.tradeId === null && 2 * (dollars.get(state.poolName)?.byTrade.get(tradeId) ?? 0) > total,
    );
    if (designated) recommended.set(tradeId, { poolName: designated.state.poolName, kind: 'existing' });
    else if (undesignated) recommended.set(tradeId, { poolName: undesignated.state.poolName, kind: 'redesignated' });
    else recommended.set(tradeId, { poolName: newPoolName(tradeId, taken), kind: 'new' });
  }
  return recommended;
}

function fits({ pool }: PoolState, { trade }: PricedTrade): boolean {
  return (
    pool !== null && pool.investor_instrument_name === trade.investor_instrument_name && pool.coupon === trade.coupon
  );
}

function dollarsByPool(loans: readonly PooledLoan[]): Map<string, PoolDollars> {
  const pools = new Map<string, PoolDollars>();
  for (const { poolName, amount, fate } of loans) {
    if (poolName === null) continue;
    const pool = pools.get(poolName) ?? { total: 0, byTrade: new Map<string, number>() };
    pools.set(poolName, pool);
    pool.total += amount;
    if (fate.kind === 'placed') pool.byTrade.set(fate.tradeId, (pool.byTrade.get(fate.tradeId) ?? 0) + amount);
  }
  return pools;
}

/** Trades with a loan that is not yet in a pool designated to them. */
function tradesWithNewMembers(book: PoolBook, loans: readonly PooledLoan[]): ReadonlySet<string> {
  const trades = new Set<string>();
  for (const { poolName, fate } of loans) {
    if (fate.kind === 'placed' && book.stateOf(poolName)?.tradeId !== fate.tradeId) trades.add(fate.tradeId);
  }
  return trades;
}

/** `N-<trade_id>`, with `-2`, `-3` and so on when taken. */
function newPoolName(tradeId: string, taken: Set<string>): string {
  let name = `N-${tradeId}`;
  for (let n = 2; taken.has(name); n += 1) name = `N-${tradeId}-${n}`;
  taken.add(name);
  return name;
}
