import { PoolBook } from '../eligibility/pool-book';
import { loanRow, poolRow, pricedTrade, usd } from '../steps/allocation/step-fixtures';
import { checkPoolBalances } from './pool-balance';
import { poolGuideRows } from './pool-guide-rows';
import { planPools } from './pool-plan';
import { type PooledLoan } from './pooled-loans';
import { recommendedPools } from './recommended-pools';

const book = new PoolBook({
  pools: [poolRow('P1'), poolRow('P2')],
  tradePools: [
    { trade_id: 'T1', pool_name: 'P1' },
    { trade_id: 'T2', pool_name: 'P2' },
  ],
  lockdown: [],
});
const pooled = (id: string, poolName: string | null, tradeId: string): PooledLoan => ({
  loan: loanRow(id),
  amount: usd(100),
  poolName,
  fate: { kind: 'placed', tradeId },
  highBalance: false,
});
const loans = [pooled('A', 'P1', 'T2'), pooled('B', 'P1', 'T1'), pooled('C', null, 'T2')];
const trades = ['T1', 'T2'].map((id) => pricedTrade(id, { target: usd(1_000) }));
const plan = planPools(book, loans, recommendedPools(trades, book, loans));
const rows = plan.moves.flatMap((move) => poolGuideRows(move, plan.pools));

describe('checkPoolBalances', () => {
  it('shows before + in - out = after', () => {
    expect(Object.fromEntries(checkPoolBalances(loans, plan, rows))).toEqual({
      P1: { before: usd(200), in: 0, out: usd(100), after: usd(100) },
      P2: { before: 0, in: usd(200), out: 0, after: usd(200) },
    });
  });

  it('finds a missing row', () => {
    const without = rows.filter(({ action }) => action !== 'Joining');
    expect(() => checkPoolBalances(loans, plan, without)).toThrow(
      'The pools do not add up: pool P2: 0.00 + 100.00 - 0.00 is not 200.00.',
    );
  });

  it('finds a placed loan that ends in a pool of another trade', () => {
    const moves = plan.moves.map((move) => (move.pooled.loan.loan_id === 'B' ? { ...move, to: 'P2' } : move));
    expect(() => checkPoolBalances(loans, { ...plan, moves }, rows)).toThrow('loan B got T1 but ends in pool P2 of T2');
  });
});
