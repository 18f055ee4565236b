import fc from 'fast-check';
import { AllocationWorkerPool } from '@powerfill/core/allocation-worker';
import { decimalText, divideRounded } from '@powerfill/core/domain/money';
import { type RunProgress } from '@powerfill/core/domain/run-response';
import {
  ALL_ROWS,
  cashSlottingReport,
  existingDispositionReport,
  guideReport,
  kickoutsReport,
  poolingGuideReport,
  recapReport,
  ReportRunService,
  type RowReport,
  type ReportRun,
  summaryReport,
  switchingReport,
} from '@powerfill/core/reports';
import { RunHistoryService } from '@powerfill/core/runs/run-history.service';
import { initialProgress } from '@powerfill/core/runs/run-progress';
import { countsOf, dollarsOf, fillsOf } from '@powerfill/core/runs/run-summary';
import { allSteps } from '@powerfill/core/steps/all-steps';
import { type StepControl } from '@powerfill/core/steps/run-step';
import { type StepResults } from '@powerfill/core/steps/step-results';
import { tenantDatabase } from '@powerfill/tenancy';
import { generateDataset } from '../../../scripts/generate/dataset';
import { runInputOf } from '../../../scripts/generate/run-input';
import { storeRun } from '../../e2e/api/stored-runs';
import { ALLOCATION_THREAD } from '../../support/allocation-thread';
import { runWorld, type RunWorld } from '../../support/run-world';

const CONTROL: StepControl = {
  signal: new AbortController().signal,
  progress: () => undefined,
  breathe: () => Promise.resolve(),
};

/** More with `POWERFILL_REPORT_RUNS=100 npx jest test/integration/reports`. */
const RUNS = Number(process.env['POWERFILL_REPORT_RUNS'] ?? 10);

type Row = Record<string, unknown>;
const cents = (value: unknown): bigint => BigInt(String(value).replace('.', ''));
const sum = (rows: readonly object[] | null, column: string): string =>
  decimalText(
    (rows ?? []).reduce((total, row) => total + cents((row as Row)[column]), 0n),
    2,
  );

/** A desk and what is asked of its run. */
const desks = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  options: fc.record({
    effort: fc.constant('interactive' as const),
    allocation_mode: fc.constantFrom('priority' as const, 'global' as const),
    price_mode: fc.constantFrom('price' as const, 'price_plus_carry' as const),
    scope: fc.constantFrom('closed' as const, 'closed_and_locked' as const),
    switch_cost_bp: fc.constantFrom('0.0000', '1.0000', '25.0000'),
    reservation_price: fc.constantFrom('market' as const, '0.00000000'),
  }),
});
type Desk = typeof desks extends fc.Arbitrary<infer D> ? D : never;

/** Desks whose class bounds HiGHS was once not sure of, so that their runs failed. */
const UNSURE: Desk[] = [412_886, 23].map((seed) => ({
  seed,
  options: {
    effort: 'interactive',
    allocation_mode: 'priority',
    price_mode: 'price_plus_carry',
    scope: 'closed_and_locked',
    switch_cost_bp: '0.0000',
    reservation_price: '0.00000000',
  },
}));

interface StoredRun {
  readonly run: ReportRun;
  readonly dollars: RunProgress['dollars_by_outcome'];
  readonly certificate: RunProgress['certificate'];
}

/** Executes the six steps on a random desk and stores a Complete run with their rows. */
async function storedRun(pool: AllocationWorkerPool, { seed, options }: Desk): Promise<StoredRun> {
  const { dialect, dataSource, tenant } = tenantDatabase();
  const input = runInputOf(generateDataset({ loans: 120, trades: 12, seed }), options);
  const results: StepResults = {};
  const outcomes = [];
  for (const step of allSteps(pool)) outcomes.push(await step.run(input, results, CONTROL));
  const progress: RunProgress = {
    ...initialProgress(),
    counts: countsOf(results),
    dollars_by_outcome: dollarsOf(results),
    fill_by_trade_type: fillsOf(results),
    certificate: results.allocation?.certificate ?? null,
  };
  const test = { dialect, dataSource, tenantId: tenant.tenantId, key: tenant.key, url: '' };
  const { runId, attempt } = await storeRun(test, 'Complete', seed % 50, {}, progress);
  const key = { run_id: runId, attempt };
  for (const write of outcomes.flatMap(({ writes }) => writes)) {
    if (write.kind === 'insert') {
      const rows = [...write.rows].map((row) => ({ ...key, ...row }));
      await dialect.insertRows(dataSource, write.table, rows);
    } else {
      await dialect.updateRows(dataSource, write.table, { ...write, equals: key });
    }
  }
  const run = await new ReportRunService(new RunHistoryService()).resolve(runId);
  return { run, dollars: progress.dollars_by_outcome, certificate: progress.certificate };
}

/** All rows, by pages of a size that divides nothing. */
async function rowsOf<R>(report: RowReport<R>, run: ReportRun): Promise<Row[]> {
  const rows: Row[] = [];
  let page = await report.page(run, ALL_ROWS, 37);
  rows.push(...page.items);
  while (page.next !== null) {
    page = await report.page(run, ALL_ROWS, 37, page.next);
    rows.push(...page.items);
  }
  return rows;
}

describe('the reports of random desks', () => {
  let world: RunWorld;
  let pool: AllocationWorkerPool;
  beforeAll(async () => {
    world = await runWorld();
    pool = new AllocationWorkerPool({ entry: ALLOCATION_THREAD });
  });
  afterAll(async () => {
    await pool.close();
    await world.close();
  });

  it(
    'add up to the cent',
    async () => {
      const check = async (desk: Desk): Promise<void> => {
        const { run, dollars, certificate } = await storedRun(pool, desk);
        const [guide, kickouts] = [await rowsOf(guideReport, run), await rowsOf(kickoutsReport, run)];
        // Placed + held + kicked out = eligible; pipeline = eligible + out of scope.
        expect([sum(guide, 'amount'), sum(kickouts, 'amount')]).toEqual([dollars?.placed, dollars?.kicked_out]);
        expect(cents(dollars?.placed) + cents(dollars?.held) + cents(dollars?.kicked_out)).toBe(
          cents(dollars?.eligible),
        );
        expect(cents(dollars?.eligible) + cents(dollars?.out_of_scope)).toBe(cents(dollars?.pipeline));

        // Fills of the recap = rows of the guide, trade by trade and in every total.
        const { trades, totals } = await recapReport(run);
        for (const trade of trades) {
          const own = guide.filter((row) => row['trade_id'] === trade['trade_id']);
          expect([trade['trade_id'], trade['fill_amount']]).toEqual([trade['trade_id'], sum(own, 'amount')]);
        }
        for (const groups of [[totals.all], totals.by_product, totals.by_coupon, totals.by_month]) {
          expect(sum(groups, 'fill_amount')).toBe(dollars?.placed);
        }
        const slots = await rowsOf(cashSlottingReport, run);
        const cash = trades.filter((trade) => trade['trade_type'] !== 'mbs');
        expect(sum(slots, 'amount')).toBe(sum(cash, 'fill_amount'));

        // Before + joined - left = after, pool by pool, and what is in the pools is what they say.
        const [pools, existing] = [await rowsOf(poolingGuideReport, run), await rowsOf(existingDispositionReport, run)];
        for (const pool of existing) {
          const [before, joined, left, after] = ['before', 'joined', 'left', 'after'].map((n) =>
            cents(pool[`${n}_amount`]),
          );
          expect((before ?? 0n) + (joined ?? 0n) - (left ?? 0n)).toBe(after);
          const shown = pools.find((row) => row['pool_name'] === pool['pool_name']);
          expect(shown?.['amount'] ?? '0.00').toBe(pool['after_amount']);
        }
        const placedIn = new Map(pools.map((pool) => [pool['pool_name'], new Set(pool['members'] as string[])]));
        for (const row of guide) {
          expect([row['loan_id'], placedIn.get(row['recommended_pool'])?.has(String(row['loan_id']))]).toEqual([
            row['loan_id'],
            true,
          ]);
        }

        // A switch gains what it is worth after, less before, less its cost.
        for (const row of await rowsOf(switchingReport, run)) {
          if (row['gain_amount'] === null) continue;
          const gain = cents(row['value_after']) - cents(row['value_before']) - cents(row['switch_cost_amount']);
          expect(cents(row['gain_amount'])).toBe(gain);
        }

        // What the loans are worth, less switches and pair-off, is the objective.
        const worth = cents(sum(guide, 'value_amount')) - cents(sum(guide, 'switch_cost_amount'));
        expect(worth - cents(sum(trades, 'pair_off_cost'))).toBe(cents(certificate?.objective));

        // The summary's value = the sum of its terms; its dollars = those of the rows.
        const summary = await summaryReport(run);
        const { price, prx_plus_carry: total, carry, ...terms } = summary.value_by_price_term;
        expect(Object.values(terms).reduce((all, term) => all + cents(term), 0n)).toBe(cents(price));
        expect(cents(price) + cents(carry)).toBe(cents(total));
        // ... which is what the rows of the guide say: cents x points of 1e-8 over 100 par.
        const priced = guide.reduce((all, row) => all + cents(row['amount']) * cents(row['prx_plus_carry']), 0n);
        expect(cents(total)).toBe(divideRounded(priced, 10n ** 10n));
        expect(sum(summary.kickout_dollars_by_code, 'amount')).toBe(dollars?.kicked_out);
        expect(sum(summary.position, 'long_amount')).toBe(dollars?.kicked_out);
        expect(sum(summary.fill_by_trade_type, 'fill')).toBe(dollars?.placed);
      };
      await fc.assert(
        fc.asyncProperty(desks, (desk) => world.inTenant(() => check(desk))),
        { numRuns: RUNS, endOnFailure: true, examples: UNSURE.map((desk): [Desk] => [desk]) },
      );
    },
    60_000 + RUNS * 30_000,
  );
});
