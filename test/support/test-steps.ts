import { setTimeout as delay } from 'node:timers/promises';
import { candidateTable, guideTable, loanOrderingTable } from '@powerfill/core/entities';
import { STEPS, type StepName } from '@powerfill/core/domain/step-names';
import { insertRows, type RunStep, type StepControl, type StepOutcome } from '@powerfill/core/steps/run-step';
import { type StepResults } from '@powerfill/core/steps/step-results';

/** What a step under test does instead of its own work. */
export type StepBody = (
  results: StepResults,
  control: StepControl,
) => Promise<Partial<StepOutcome>> | Partial<StepOutcome>;

const certificate = {
  objective: '0.00',
  upper_bound: '0.00',
  gap_usd: '0.00',
  gap_bp_of_upb: '0.0000',
  greedy_objective: '0.00',
  gain_over_greedy_usd: '0.00',
  moves: 0,
  seed: 1,
  effort: 'standard',
  replayable: true,
  audit: 'passed',
} as const;

/** Six small steps that follow the contract of the real ones; `bodies` replaces what single ones do. */
export function testSteps(bodies: Partial<Record<StepName, StepBody>> = {}): readonly RunStep[] {
  return STEPS.map(({ name }) => ({
    name,
    run: async (_input, results, control): Promise<StepOutcome> => {
      if (name === 'bx_settle_and_price') results.trades = [];
      if (name === 'candidate_builder') results.candidates = { loans: [], outOfScope: [], poolRules: [] };
      if (name === 'allocation') {
        results.allocation = { outcomes: new Map(), tradeRows: new Map(), reservations: new Map(), certificate };
      }
      const own = (await bodies[name]?.(results, control)) ?? {};
      return { status: 'done', note: `${name} ran`, writes: [], warnings: [], ...own };
    },
  }));
}

/** A row of the ordering table, which BR-9 empties. */
export const orderingRow = (loanId: string) =>
  insertRows(loanOrderingTable, [
    {
      ordering_no: 1,
      loan_id: loanId,
      amount: 100,
      outcome: 'placed',
      trade_id: 'T1',
      constraint_priority: 10,
      constraint_name: 'first',
    },
  ]);

/** Tables looked at to see whether a run left something behind. */
export const WATCHED_TABLES = [candidateTable, guideTable, loanOrderingTable];

/** A promise that resolves when `release` is called: holds a step at a known place. */
export function gate(): {
  readonly reached: Promise<void>;
  readonly open: () => void;
  readonly pass: () => Promise<void>;
} {
  let reach: () => void = () => undefined;
  let open: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {
    reached,
    open: () => open(),
    pass: () => {
      reach();
      return opened;
    },
  };
}

const LONG_MS = 60_000;

/** A step that tells when it has begun, then works until its signal stops it. */
export function workUntilStopped({ pass }: { readonly pass: () => unknown } = gate()): StepBody {
  return async (_, { signal }) => {
    void pass();
    await delay(LONG_MS, undefined, { signal });
    return {};
  };
}
