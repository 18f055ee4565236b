import {
  ProblemError,
  type ProblemFile,
  readProblem,
  type ResultFile,
  solve,
  toResultFile,
} from '@powerfill/core/allocation';

/** What became of one problem file. */
export type SolveAnswer =
  | { status: 'solved'; result: ResultFile }
  | { status: 'infeasible'; message: string; loans: readonly string[]; limits: readonly string[] }
  | { status: 'not_found' | 'invalid'; message: string };

/** With this argument small problems are searched like large ones, so that tests can hold the search to the optimum. */
const SEARCH_ALL = '--search-all';
const tuning = { exactWhenSmall: !process.argv.includes(SEARCH_ALL) };

async function answer(file: ProblemFile): Promise<SolveAnswer> {
  try {
    const outcome = await solve(readProblem(file), { shouldStop: () => false, onProgress: () => undefined }, tuning);
    if (outcome.status !== 'solved') return outcome;
    return { status: 'solved', result: toResultFile(outcome.solution, { audit: 'passed', ms: 0 }) };
  } catch (error) {
    if (error instanceof ProblemError) return { status: 'invalid', message: error.message };
    throw error;
  }
}

/**
 * Solves the problem files its parent sends, one message each, until the parent disconnects. Tests solve through it
 * because the core runs some fifteen times slower inside jest's sandbox. It does not audit; its callers do.
 */
process.on('message', (file: ProblemFile) => {
  void answer(file).then((reply) => process.send?.(reply));
});
