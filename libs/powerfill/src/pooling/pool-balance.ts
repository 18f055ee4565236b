import { moneyText } from '../domain/money';
import { type poolGuideTable } from '../entities';
import { type OutputRow, StepError } from '../steps/run-step';
import { type PooledLoan } from './pooled-loans';
import { type PoolPlan } from './pool-plan';

/** Cents of a pool before and after the run, and what moved. */
export interface PoolBalance {
  before: number;
  in: number;
  out: number;
  after: number;
}

/**
 * Checks before + in - out = after for every pool (engine.md, step 5, "Invariants"), and that every placed loan ends in
 * a pool of its trade. Before comes from the loans, in and out from the rows, after from where the plan leaves each
 * loan, so that a row too many or too few shows.
 *
 * @returns by pool name
 * @throws StepError `invariant_broken` naming the pool and the figures
 */
export function checkPoolBalances(
  loans: readonly PooledLoan[],
  plan: PoolPlan,
  rows: readonly OutputRow<typeof poolGuideTable>[],
): ReadonlyMap<string, PoolBalance> {
  const balances = new Map<string, PoolBalance>();
  for (const { poolName, amount } of loans) if (poolName !== null) balanceOf(balances, poolName).before += amount;
  for (const { pool_name: poolName, action, amount } of rows) {
    const balance = balanceOf(balances, poolName);
    if (action === 'Joining' || action === 'Swapped In') balance.in += amount;
    if (action === 'Switching' || action === 'Leaving') balance.out += amount;
  }
  for (const { pooled, to } of plan.moves) {
    if (to !== null) balanceOf(balances, to).after += pooled.amount;
    const trade = plan.pools.get(to ?? '')?.tradeId ?? null;
    if (pooled.fate.kind === 'placed' && trade !== pooled.fate.tradeId)
      throw broken(
        `loan ${pooled.loan.loan_id} got ${pooled.fate.tradeId} but ends in pool ${to ?? 'none'} of ${trade ?? 'none'}`,
      );
  }
  for (const [poolName, balance] of balances) {
    if (balance.before + balance.in - balance.out !== balance.after) {
      const { before, in: into, out, after } = balance;
      throw broken(
        `pool ${poolName}: ${moneyText(before)} + ${moneyText(into)} - ${moneyText(out)} is not ${moneyText(after)}`,
      );
    }
  }
  return balances;
}

function balanceOf(balances: Map<string, PoolBalance>, poolName: string): PoolBalance {
  const balance = balances.get(poolName) ?? { before: 0, in: 0, out: 0, after: 0 };
  balances.set(poolName, balance);
  return balance;
}

const broken = (what: string): StepError => new StepError('invariant_broken', `The pools do not add up: ${what}.`);
