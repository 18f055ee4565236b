import fc from 'fast-check';
import { AllocationWorkerPool, InProcessAllocationRunner } from '../allocation-worker';
import { moneyText } from '../domain/money';
import { guideTable, kickoutTable, tradeBaseTable } from '../entities';
import { AllocationStep } from './allocation.step';
import {
  candidate,
  eligibleLoan,
  idleControl,
  option,
  pricedTrade,
  pts,
  rowsOf,
  runInput,
  synthetic,
  usd,
} from './allocation/step-fixtures';
import { PoolGuideStep } from './pool-guide.step';
import { type RunInput } from './run-input';
import { type StepOutcome } from './run-step';
import { type EligibleLoan, type StepResults } from './step-results';
import { UeStep } from './ue.step';

const TRADES = ['T1', 'T2', 'T3'];

const tradeArbitrary = fc.record({
  target: fc.integer({ min: 0, max: 900 }),
  tolerance: fc.integer({ min: 0, max: 200 }),
  pairOff: fc.integer({ min: -50, max: 100 }),
});

const loanArbitrary = fc.record({
  amount: fc.integer({ min: 1, max: 400 }),
  scores: fc.array(fc.option(fc.integer({ min: 9_900, max: 10_300 })), { minLength: 3, maxLength: 3 }),
  priorities: fc.array(fc.constantFrom(10, 20), { minLength: 3, maxLength: 3 }),
  current: fc.constantFrom(null, ...TRADES),
  locked: fc.boolean(),
  held: fc.boolean(),
  market: fc.option(fc.integer({ min: 9_950, max: 10_250 })),
});

type LoanDraw = typeof loanArbitrary extends fc.Arbitrary<infer T> ? T : never;
type TradeDraw = typeof tradeArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Amounts in thousands of dollars with odd cents, scores in hundredths of a point. */
function loanOf(draw: LoanDraw, n: number): EligibleLoan {
  const candidates = draw.scores
    .flatMap((score, t) =>
      score === null ? [] : candidate(TRADES[t] ?? '', pts(score / 100), { priority: draw.priorities[t] ?? 10 }),
    )
    .sort((a, b) => b.price.score - a.price.score || (a.tradeId < b.tradeId ? -1 : 1));
  const own = candidates.find(({ tradeId }) => tradeId === draw.current);
  const fixed = draw.locked && own !== undefined ? [{ ...own, locked: true }] : candidates;
  return eligibleLoan(`L${String(n).padStart(2, '0')}`, {
    amount: usd(draw.amount * 1_000) + n,
    currentTradeId: draw.current,
    poolLock: draw.current === null ? null : fixed === candidates ? 'N' : 'O',
    held: draw.held ? { code: 'POOL_TRADE_NOT_IN_RUN' } : null,
    candidates: draw.held ? [] : fixed,
    synthetics: draw.market === null ? [] : [option(synthetic('UMBS30', 5.5, '2026-12'), pts(draw.market / 100))],
    furthest: { tradeId: 'T1', code: 'RATE_OUT_OF_BAND' },
    loan: { pool_name: draw.current === null ? null : `P-${draw.current}${fixed === candidates ? '' : '-O'}` },
  });
}

const tradeOf = ({ target, tolerance, pairOff }: TradeDraw, t: number) =>
  pricedTrade(TRADES[t] ?? '', {
    target: usd(target * 1_000),
    min: usd(Math.max(0, target - tolerance) * 1_000),
    minBeforeHorizon: usd(Math.max(0, target - tolerance) * 1_000),
    max: usd((target + tolerance) * 1_000),
    pairOffPoints: pts(pairOff / 100),
  });

const poolTables: Partial<RunInput> = {
  tradePools: TRADES.flatMap((trade_id) => [
    { trade_id, pool_name: `P-${trade_id}` },
    { trade_id, pool_name: `P-${trade_id}-O` },
  ]),
  lockdown: TRADES.map((trade_id) => ({ trade_id, pool_name: `P-${trade_id}-O`, lock_pool: 'O', source: 'user' })),
};

async function allSteps(
  step: AllocationStep,
  input: RunInput,
  loans: readonly EligibleLoan[],
  trades: readonly TradeDraw[],
): Promise<{ results: StepResults; allocation: StepOutcome; outcomes: StepOutcome[] }> {
  const results: StepResults = {
    trades: trades.map(tradeOf),
    synthetics: [synthetic('UMBS30', 5.5, '2026-12')],
    candidates: { loans, outOfScope: [], poolRules: [] },
  };
  const allocation = await step.run(input, results, idleControl());
  const guide = await new PoolGuideStep().run(input, results, idleControl());
  return { results, allocation, outcomes: [allocation, guide, await new UeStep().run(input, results, idleControl())] };
}

const sum = (rows: readonly object[], column: string): number =>
  rows.reduce((total, row) => total + Number((row as Record<string, unknown>)[column]), 0);

describe('steps 4 to 6 with the real allocation core', () => {
  it('account for every loan and every cent, and the rows add up to the certified objective', async () => {
    const step = new AllocationStep(new InProcessAllocationRunner());
    await fc.assert(
      fc.asyncProperty(
        fc.array(loanArbitrary, { maxLength: 10 }),
        fc.array(tradeArbitrary, { minLength: 3, maxLength: 3 }),
        fc.constantFrom('priority' as const, 'global' as const),
        fc.constantFrom('market', '100.00000000'),
        async (draws, trades, allocation_mode, reservation_price) => {
          const loans = draws.map(loanOf);
          const input = runInput(
            { allocation_mode, reservation_price, switch_cost_bp: '1.5000', effort: 'interactive' },
            poolTables,
          );
          const { results, allocation } = await allSteps(step, input, loans, trades);
          const guide = rowsOf(allocation.writes, guideTable);
          const kickouts = rowsOf(allocation.writes, kickoutTable);
          const fills = rowsOf(allocation.writes, tradeBaseTable);
          const heldLoans = loans.filter(({ held }) => held !== null);
          expect(guide.length + kickouts.length + heldLoans.length).toBe(loans.length);
          expect(sum(guide, 'amount') + sum(kickouts, 'amount') + sum(heldLoans, 'amount')).toBe(sum(loans, 'amount'));
          expect(sum(fills, 'fill_amount')).toBe(sum(guide, 'amount'));
          // Objective (engine.md, section 2) from the rows a reader sees.
          const objective = sum(guide, 'value_amount') - sum(guide, 'switch_cost_amount') - sum(fills, 'pair_off_cost');
          expect(results.allocation?.certificate.objective).toBe(moneyText(objective));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('give the same rows on the event loop and in a worker thread', async () => {
    const pool = new AllocationWorkerPool();
    try {
      const draws = fc.sample(loanArbitrary, { numRuns: 40, seed: 7 });
      const trades = fc.sample(tradeArbitrary, { numRuns: 3, seed: 7 });
      const input = runInput({ reservation_price: 'market', effort: 'interactive' }, poolTables);
      const loans = draws.map(loanOf);
      const here = await allSteps(new AllocationStep(new InProcessAllocationRunner()), input, loans, trades);
      const there = await allSteps(new AllocationStep(pool), input, loans, trades);
      expect(there.outcomes).toEqual(here.outcomes);
      expect(there.results.allocation).toEqual(here.results.allocation);
    } finally {
      await pool.close();
    }
  });
});
