import { type PoolBook } from '../eligibility/pool-book';
import { type PooledLoan } from './pooled-loans';
import { type RecommendedPool } from './recommended-pools';

export type MemberAction = 'Remaining' | 'Switching' | 'Leaving' | 'Joining';

/** A loan's way from the pool it is in to the pool it will be in. */
export interface PoolMove {
  readonly pooled: PooledLoan;
  readonly action: MemberAction;
  readonly from: string | null;
  readonly to: string | null;
}

/** A pool as the run leaves it. */
export interface PoolAfter {
  readonly poolName: string;
  /** Null for an undesignated pool that stays so. */
  readonly tradeId: string | null;
  readonly kind: RecommendedPool['kind'];
  readonly lock: 'N' | 'Y' | 'O';
}

/** The whole plan: every loan's move, and every pool that loses, keeps or gets one, by name. */
export interface PoolPlan {
  readonly moves: readonly PoolMove[];
  readonly pools: ReadonlyMap<string, PoolAfter>;
}

/**
 * Decides each loan's action (table of engine.md, step 5). A loan stays when its pool is `Y` or `O`, when it is held, or
 * when its pool is designated, or redesignated by this run, to the trade it got.
 *
 * @param recommended by trade id
 */
export function planPools(
  book: PoolBook,
  loans: readonly PooledLoan[],
  recommended: ReadonlyMap<string, RecommendedPool>,
): PoolPlan {
  const pools = poolsAfter(book, loans, recommended);
  const moves = loans.map((pooled) => {
    const from = pooled.poolName;
    const to = destination(pooled, pools, recommended);
    return { pooled, from, to, action: actionOf(from, to) };
  });
  return { moves, pools };
}

function poolsAfter(
  book: PoolBook,
  loans: readonly PooledLoan[],
  recommended: ReadonlyMap<string, RecommendedPool>,
): ReadonlyMap<string, PoolAfter> {
  const pools = new Map<string, PoolAfter>();
  for (const { poolName } of loans) {
    const state = book.stateOf(poolName);
    if (state === null || pools.has(state.poolName)) continue;
    pools.set(state.poolName, { poolName: state.poolName, tradeId: state.tradeId, kind: 'existing', lock: state.lock });
  }
  for (const [tradeId, { poolName, kind }] of recommended)
    pools.set(poolName, {
      poolName,
      tradeId,
      kind,
      lock: kind === 'new' ? 'N' : (book.stateOf(poolName)?.lock ?? 'N'),
    });
  return pools;
}

function destination(
  { poolName, fate }: PooledLoan,
  pools: ReadonlyMap<string, PoolAfter>,
  recommended: ReadonlyMap<string, RecommendedPool>,
): string | null {
  const own = pools.get(poolName ?? '');
  if (own && (own.lock !== 'N' || fate.kind === 'held')) return own.poolName;
  if (fate.kind !== 'placed') return null;
  return own?.tradeId === fate.tradeId ? own.poolName : (recommended.get(fate.tradeId)?.poolName ?? null);
}

function actionOf(from: string | null, to: string | null): MemberAction {
  if (from === null) return 'Joining';
  if (to === null) return 'Leaving';
  return from === to ? 'Remaining' : 'Switching';
}
