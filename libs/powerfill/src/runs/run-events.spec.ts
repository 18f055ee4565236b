import { DEFAULT_RUN_OPTIONS } from '../domain/run-options';
import type { RunResponse, StepReport } from '../domain/run-response';
import type { RunStatus } from '../domain/run-status';
import { STEPS } from '../domain/step-names';
import { eventsBetween, further, withProgress } from './run-events';
import { initialProgress } from './run-progress';

/** A run of which the first `done` steps are done and, unless it waits, the next is running. */
function run(status: RunStatus, done: number, attempt = 1): RunResponse {
  const steps = STEPS.map(({ name }, index): StepReport => {
    const is = index < done ? 'done' : index === done && status !== 'Pending' ? 'running' : 'pending';
    return { name, status: is, rows: null, ms: null, note: null };
  });
  return {
    ...initialProgress(),
    run_id: 'r',
    status,
    requested_by: 'x',
    submitted_at: '',
    claimed_at: null,
    completed_at: null,
    attempt,
    options: { ...DEFAULT_RUN_OPTIONS, as_of_date: '2026-11-23' },
    failure: null,
    replayable: false,
    links: {},
    steps,
    progress: { step: STEPS[done]?.name ?? null, fraction: done / 6 },
  };
}
const told = (before: RunResponse, after: RunResponse): string[] =>
  eventsBetween(before, after).map(({ event, data }) =>
    'name' in data ? `${event} ${data.name} ${data.status}` : event,
  );

describe('the events of a run', () => {
  it('tell steps first, then the new status, and the end last', () => {
    expect(told(run('PreProcessing', 2), run('Allocating', 3))).toEqual([
      'step candidate_builder done',
      'step allocation running',
      'state',
    ]);
    expect(told(run('PostProcessing', 5), { ...run('Complete', 6) })).toEqual(['step ue done', 'end']);
  });

  it('tell progress alone when nothing else changed, and nothing when nothing did', () => {
    const before = run('Allocating', 3);
    const after = withProgress(before, { step: 'allocation', fraction: 0.6 });
    expect(told(before, after)).toEqual(['progress']);
    expect(told(after, after)).toEqual([]);
  });

  it('never go backwards inside an attempt: what is older is passed over, whichever source it comes from', () => {
    const known = withProgress(run('Allocating', 3), { step: 'allocation', fraction: 0.62 });
    expect(further(known, run('PreProcessing', 2))).toEqual(known);
    expect(withProgress(known, { step: 'allocation', fraction: 0.55 })).toEqual(known);
    expect(further(known, run('Allocating', 3, 2))).toEqual(run('Allocating', 3, 2));
    expect(further(run('Pending', 0, 2), known)).toEqual(run('Pending', 0, 2));
  });

  it('begin anew with the state when another attempt begins', () => {
    expect(told(run('Allocating', 3), run('Pending', 0, 2))).toEqual(['state']);
  });

  it('leave an ended run as it is', () => {
    expect(further(run('Cancelled', 3), run('Allocating', 4))).toEqual(run('Cancelled', 3));
  });

  it('mark the step that the news name as running', () => {
    const seen = withProgress(run('Pending', 0), { step: 'bx_cash_grids', fraction: 0.01 });
    expect(seen.steps[0]?.status).toBe('running');
  });
});
