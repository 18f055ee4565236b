import { AllocationWorkerPool } from '@powerfill/core/allocation-worker';
import { allSteps } from '@powerfill/core/steps/all-steps';
import type { StepControl } from '@powerfill/core/steps/run-step';
import type { StepResults } from '@powerfill/core/steps/step-results';
import { SAMPLE_OPTIONS, generateDataset } from './dataset';
import { DEFECT_COUNTS } from './defects';
import { runInputOf } from './run-input';

const CONTROL: StepControl = {
  signal: new AbortController().signal,
  progress: () => undefined,
  breathe: () => Promise.resolve(),
};

/** The six steps of a default run of the sample, without a database. */
async function defaultRun(pool: AllocationWorkerPool) {
  const results: StepResults = {};
  const notes: string[] = [];
  const input = runInputOf(generateDataset(SAMPLE_OPTIONS));
  for (const step of allSteps(pool)) {
    const { note } = await step.run(input, results, CONTROL);
    notes.push(note);
  }
  const { candidates, allocation } = results;
  if (candidates === undefined || allocation === undefined) throw new Error('The steps gave no result.');
  const loans = candidates.loans.map((loan) => {
    const outcome = allocation.outcomes.get(loan.loan.loan_id);
    return { amount: loan.amount, code: outcome?.kind === 'kicked_out' ? outcome.code : null };
  });
  const statuses = [...allocation.tradeRows.values()].map((row) => row.status);
  return { loans, notes, count: (status: string) => statuses.filter((own) => own === status).length };
}

describe('a run of the sample', () => {
  const pool = new AllocationWorkerPool();
  afterAll(() => pool.close());

  it('looks like a desk on a Monday morning', async () => {
    const { loans, notes, count } = await defaultRun(pool);
    const dollars = (own: typeof loans) => own.reduce((sum, { amount }) => sum + amount, 0);
    const kickedOut = loans.filter(({ code }) => code !== null);
    const share = dollars(kickedOut) / dollars(loans);
    // The sanity range of sample-data.md; which trade ends how is the solver's business.
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.14);
    expect(new Set(kickedOut.map(({ code }) => code)).size).toBeGreaterThanOrEqual(10);
    expect(kickedOut.filter(({ code }) => code === 'DOCS_NOT_READY')).toHaveLength(DEFECT_COUNTS.notCertified);
    expect(count('Filled')).toBeGreaterThanOrEqual(35);
    expect(count('Short')).toBeGreaterThanOrEqual(8);
    expect(count('Open')).toBeGreaterThanOrEqual(3);
    // The undesignated Ginnie 6.5 pool goes whole to the only trade of its coupon, which had no pool.
    expect(notes.at(-2)).toMatch(/\([1-9]\d* redesignated/);
    expect(notes.at(-1)).toMatch(/[1-9]\d* suggested trades/);
  });
});
