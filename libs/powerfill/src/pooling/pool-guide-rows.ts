import { custodyStanding } from '../eligibility/loan-facts';
import { nonStandardType } from '../eligibility/non-standard';
import { type poolGuideTable } from '../entities';
import { type OutputRow } from '../steps/run-step';
import { type PoolAfter, type PoolMove, type PoolPlan } from './pool-plan';

type PoolGuideOutput = OutputRow<typeof poolGuideTable>;

/**
 * The rows of a move: one on the side of each pool it touches, so a switch has two that name each other.
 *
 * @param pools by name
 */
export function poolGuideRows(move: PoolMove, pools: PoolPlan['pools']): PoolGuideOutput[] {
  const from = pools.get(move.from ?? '');
  const to = pools.get(move.to ?? '');
  switch (move.action) {
    case 'Remaining':
    case 'Leaving':
      return from ? [row(move, move.action, from, undefined)] : [];
    case 'Joining':
      return to ? [row(move, 'Joining', to, undefined)] : [];
    case 'Switching':
      return from && to ? [row(move, 'Switching', from, to), row(move, 'Swapped In', to, from)] : [];
  }
}

function row(
  { pooled, action }: PoolMove,
  side: PoolMove['action'] | 'Swapped In',
  pool: PoolAfter,
  other: PoolAfter | undefined,
): PoolGuideOutput {
  const { loan, amount, fate, highBalance } = pooled;
  return {
    pool_name: pool.poolName,
    loan_id: loan.loan_id,
    action: side,
    trade_id: pool.tradeId,
    other_pool_name: other?.poolName ?? null,
    other_trade_id: other?.tradeId ?? null,
    pool_kind: pool.kind,
    lock_pool: pool.lock,
    amount,
    note_rate: loan.note_rate,
    fico: loan.fico,
    ltv: loan.ltv,
    dti: loan.dti,
    outcome: fate.kind,
    code: action === 'Leaving' && fate.kind !== 'placed' ? fate.code : null,
    high_balance: highBalance,
    non_standard: nonStandardType(loan),
    is_certified: custodyStanding(loan) === 'certified',
  };
}
