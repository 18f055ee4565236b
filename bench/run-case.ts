import { readProblem, solve, toResultFile } from '@powerfill/core/allocation';
import { auditSolution } from '@powerfill/core/audit';
import { spareHelpers, withThreadCrew } from '@powerfill/core/allocation-worker';
import { answerParent } from './child';
import { fingerprintOf, knownBound } from './planted/bounds';
import { type BenchCase, problemOf } from './rows';

/** What the core made of a case. Money in cents. */
export interface CaseAnswer {
  loans: number;
  upb: number;
  candidates: number;
  objective: number;
  upperBound: number;
  gap: number;
  gapMicroBp: number;
  greedy: number | null;
  /** Time of `solve` alone. */
  ms: number;
  readMs: number;
  auditMs: number;
  /** The whole process, generator included, in bytes. */
  peakBytes: number;
  moves: number;
  /** The audit's first finding, or null. */
  fault: string | null;
  /** A bound kept with the case, cents. */
  knownBound: number | null;
}

async function runCase(bench: BenchCase): Promise<CaseAnswer | { refused: string }> {
  const file = problemOf(bench);
  const begun = performance.now();
  const problem = readProblem(file);
  const started = performance.now();
  const outcome = await withThreadCrew({ helpers: spareHelpers() }, (crew) =>
    solve(problem, { shouldStop: () => false, onProgress: () => undefined, crew }),
  );
  const ended = performance.now();
  if (outcome.status !== 'solved') return { refused: `${outcome.status}: ${outcome.message}` };
  const { solution } = outcome;
  const result = toResultFile(solution, { audit: 'passed', ms: Math.round(ended - started) });
  const rendered = performance.now();
  const audit = auditSolution(file, result);
  return {
    loans: problem.loans.count,
    upb: problem.loans.upb,
    candidates: problem.candidates.count,
    objective: solution.objective,
    upperBound: solution.upperBound,
    gap: solution.gap,
    gapMicroBp: solution.gapMicroBp,
    greedy: solution.greedyObjective,
    ms: ended - started,
    readMs: started - begun,
    auditMs: performance.now() - rendered,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    moves: solution.moves,
    knownBound: bench.planted ? knownBound(bench.seed, fingerprintOf(file)) : null,
    fault: audit.passed ? null : `${audit.findings[0]?.code} ${audit.findings[0]?.where}`,
  };
}

void runCase(JSON.parse(process.argv[2] ?? '') as BenchCase).then(answerParent);
