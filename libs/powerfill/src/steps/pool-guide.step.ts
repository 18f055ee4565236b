import { PoolBook } from '../eligibility/pool-book';
import { guideTable, poolGuideTable, poolTotalsTable } from '../entities';
import { checkPoolBalances } from '../pooling/pool-balance';
import { poolGuideRows } from '../pooling/pool-guide-rows';
import { planPools, type PoolPlan } from '../pooling/pool-plan';
import { poolTotals } from '../pooling/pool-totals';
import { pooledLoans } from '../pooling/pooled-loans';
import { recommendedPools } from '../pooling/recommended-pools';
import { type RunInput } from './run-input';
import {
  insertRows,
  type OutputRow,
  type RunStep,
  type StepControl,
  StepError,
  type StepOutcome,
  updateRows,
} from './run-step';
import { type StepResults } from './step-results';

type PoolGuideOutput = OutputRow<typeof poolGuideTable>;

/** Step 5 (engine.md): what happens to every pool of today, and the pools the run's new members go to. */
export class PoolGuideStep implements RunStep {
  readonly name = 'pool_guide';

  /** @throws StepError `invariant_broken` when a pool does not add up */
  async run(input: RunInput, results: StepResults, control: StepControl): Promise<StepOutcome> {
    const { trades, candidates, allocation } = results;
    if (trades === undefined || candidates === undefined || allocation === undefined)
      throw new StepError('step_order', 'The pool guide needs the allocation of the earlier step.');
    const book = new PoolBook(input);
    const loans = await pooledLoans(candidates, allocation.outcomes, control);
    await control.breathe();
    const recommended = recommendedPools(trades, book, loans);
    await control.breathe();
    const plan = planPools(book, loans, recommended);
    const pools = await sortedPools(plan, control);
    const rows = pools.flat();
    await control.breathe();
    checkPoolBalances(loans, plan, rows);
    await control.breathe();
    const totals = [];
    for (const pool of pools) {
      const total = poolTotals(pool);
      if (total !== null) totals.push(total);
      await control.breathe();
    }
    return {
      status: 'done',
      note: noteOf(plan),
      writes: [
        insertRows(poolGuideTable, rows),
        insertRows(poolTotalsTable, totals),
        updateRows(guideTable, ['loan_id'], ['pool_name', 'recommended_pool', 'pool_action'], guidePools(plan)),
      ],
      warnings: [],
    };
  }
}

/** All rows, pool by pool, in the order of the table's key: moves come by loan id, so sorting the pools is enough. */
async function sortedPools(plan: PoolPlan, control: StepControl): Promise<PoolGuideOutput[][]> {
  const byPool = new Map<string, PoolGuideOutput[]>();
  for (const move of plan.moves) {
    for (const row of poolGuideRows(move, plan.pools)) {
      const rows = byPool.get(row.pool_name);
      if (rows) rows.push(row);
      else byPool.set(row.pool_name, [row]);
    }
    await control.breathe();
  }
  return [...byPool].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rows]) => rows);
}

/** The pool columns of the guide, whose rows are the placed loans. */
function guidePools({ moves }: PoolPlan) {
  return moves
    .filter(({ pooled }) => pooled.fate.kind === 'placed')
    .map(({ pooled, from, to, action }) => ({
      loan_id: pooled.loan.loan_id,
      pool_name: from,
      recommended_pool: to,
      pool_action: action,
    }));
}

function noteOf({ moves, pools }: PoolPlan): string {
  const count = (action: string): number => moves.filter((move) => move.action === action).length;
  const kinds = [...pools.values()].map((pool) => pool.kind);
  const ofKind = (kind: string): number => kinds.filter((each) => each === kind).length;
  return (
    `${kinds.length} pools (${ofKind('redesignated')} redesignated, ${ofKind('new')} new): ${count('Remaining')} loans remaining, ` +
    `${count('Switching')} switching, ${count('Joining')} joining, ${count('Leaving')} leaving`
  );
}
