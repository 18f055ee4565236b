import { gunzipSync } from 'node:zlib';
import { type Crew, ProblemError, readProblem, SOLO, SolveAborted, solve, toResultFile } from '../allocation';
import { type Solution, type SolveControl, type SolveProgress } from '../allocation';
import { auditSolution } from '../audit';
import { type AllocationSolution, packSolution } from './allocation-solution';

/** How a task ended: everything a thread has to say crosses as plain data, so that no error class is lost on the way. */
export type SolveTaskResult =
  | { readonly kind: 'solved'; readonly solution: AllocationSolution }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'stopped' };

/** What a task may ask of its caller. */
export interface SolveTaskControl {
  shouldStop(): boolean;
  /** Share of the work done, 0..1, never falling, at most a hundred times. */
  onProgress(fraction: number): void;
}

/** How many findings of a failed audit the message names. */
const FINDINGS_SHOWN = 3;

/**
 * Unpacks, parses, solves and audits a problem file: the whole of what happens off the event loop. The audit gets the parsed
 * file and the rendered result, nothing of the optimiser's own state (engine.md, section 2, "Audit").
 *
 * @param problem gzip of the problem file
 * @param crew shares work that can be done side by side
 */
export async function solveTask(
  problem: Uint8Array,
  control: SolveTaskControl,
  crew: Crew = SOLO,
): Promise<SolveTaskResult> {
  if (control.shouldStop()) return { kind: 'stopped' };
  try {
    const file = parsed(problem);
    const outcome = await solve(readProblem(file), { ...solveControl(control), crew });
    switch (outcome.status) {
      case 'solved':
        return audited(file, outcome.solution);
      case 'infeasible':
        return { kind: 'failed', code: 'allocation_infeasible', message: outcome.message };
      case 'not_found':
        return { kind: 'failed', code: 'allocation_not_found', message: outcome.message };
    }
  } catch (error) {
    if (error instanceof SolveAborted) return { kind: 'stopped' };
    if (error instanceof ProblemError) return { kind: 'failed', code: 'problem_invalid', message: error.message };
    throw error;
  }
}

/** A function of its own, so that the text of a large problem is let go before the solver needs memory. */
function parsed(problem: Uint8Array): unknown {
  return JSON.parse(gunzipSync(problem).toString());
}

function audited(file: unknown, solution: Solution): SolveTaskResult {
  const report = auditSolution(file, toResultFile(solution, { audit: 'passed', ms: 0 }));
  if (report.passed) return { kind: 'solved', solution: packSolution(solution) };
  const shown = report.findings
    .slice(0, FINDINGS_SHOWN)
    .map((finding) => `${finding.code} at ${finding.where}: ${finding.message}`);
  const more = report.findings.length + report.omitted - shown.length;
  const rest = more > 0 ? `; and ${more} more` : '';
  return {
    kind: 'failed',
    code: 'audit_failed',
    message: `The independent audit refused the allocation: ${shown.join('; ')}${rest}`,
  };
}

/** Where each phase of a solve lies on the way from 0 to 1. */
const PHASES: Readonly<Record<SolveProgress['phase'], readonly [from: number, to: number]>> = {
  bound: [0, 0.4],
  search: [0.4, 1],
};

function solveControl(control: SolveTaskControl): SolveControl {
  let percent = 0;
  return {
    shouldStop: () => control.shouldStop(),
    onProgress: ({ phase, done }) => {
      const [from, to] = PHASES[phase];
      const now = Math.floor(100 * (from + (to - from) * Math.min(1, Math.max(0, done))));
      if (now <= percent) return;
      percent = now;
      control.onProgress(now / 100);
    },
  };
}
