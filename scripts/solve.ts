import { renameSync, rmSync, writeFileSync } from 'node:fs';
import {
  ProblemError,
  readProblem,
  type ResultFile,
  type Solution,
  solve,
  toResultFile,
} from '@powerfill/core/allocation';
import { spareHelpers, withThreadCrew } from '@powerfill/core/allocation-worker';
import { auditSolution } from '@powerfill/core/audit';
import { type SolveArguments, solveArguments, USAGE, UsageError } from './solve/arguments';
import { certificate } from './solve/certificate';
import { InputError, readJson } from './solve/read-json';

/** Exit statuses of `npm run solve` (engine.md, section 3); 1 is a fault of ours: the audit refused the result. */
const EXIT = { solved: 0, auditFailed: 1, badInput: 2, infeasible: 3, notFound: 4 } as const;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Command-line options win over the file's own. A file whose options are no object is left to the reader to refuse. */
function withOverrides(file: unknown, { effort, seed }: SolveArguments): unknown {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return file;
  const options = (file as { options?: unknown }).options ?? {};
  if (typeof options !== 'object' || Array.isArray(options)) return file;
  return { ...file, options: { ...options, ...(effort && { effort }), ...(seed !== undefined && { seed }) } };
}

/** Writes beside the target and renames, so that an interrupted write leaves no half result. */
function writeResult(path: string, result: ResultFile): void {
  const text = `${JSON.stringify(result, null, 1)}\n`;
  if (path === '-') {
    process.stdout.write(text);
    return;
  }
  const draft = `${path}.${process.pid}.part`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new InputError(`cannot write ${path}: ${(error as Error).message}`);
  }
}

function deliver(problem: unknown, solution: Solution, started: number, out: string | undefined): number {
  const result = toResultFile(solution, { audit: 'passed', ms: Math.round(performance.now() - started) });
  const audit = auditSolution(problem, result);
  if (!audit.passed) {
    say('audit: FAILED. The result below breaks its own problem; this is a fault of the solver, please report it.');
    for (const { code, where, message } of audit.findings) say(`  ${code} ${where}: ${message}`);
    if (audit.omitted > 0) say(`  and ${audit.omitted} more`);
    return EXIT.auditFailed;
  }
  if (out !== undefined) writeResult(out, result);
  const table = `${certificate(result, solution.problem).join('\n')}\naudit: passed\n`;
  (out === '-' ? process.stderr : process.stdout).write(table);
  return EXIT.solved;
}

async function solveFile(args: SolveArguments): Promise<number> {
  const problem = withOverrides(readJson(args.path), args);
  const compiled = readProblem(problem);
  const started = performance.now();
  const outcome = await withThreadCrew({ helpers: spareHelpers() }, (crew) =>
    solve(compiled, { shouldStop: () => false, onProgress: () => undefined, crew }),
  );
  switch (outcome.status) {
    case 'solved':
      return deliver(problem, outcome.solution, started, args.out);
    case 'infeasible':
      say(`infeasible: ${outcome.message}`);
      if (outcome.loans.length > 0) say(`  loans: ${outcome.loans.join(', ')}`);
      if (outcome.limits.length > 0) say(`  limits: ${outcome.limits.join(', ')}`);
      return EXIT.infeasible;
    case 'not_found':
      say(`none found: ${outcome.message} Try --effort deep, or another --seed.`);
      return EXIT.notFound;
  }
}

/**
 * Solves a problem file, audits the result and prints its certificate.
 *
 * @param argv the arguments after the script's name
 * @returns the exit status: 0 solved, 2 bad input, 3 proven infeasible, 4 none found, 1 the audit refused the result
 */
export async function runSolve(argv: readonly string[]): Promise<number> {
  // A reader that closes early (`| head`) is no fault of the solve.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    const args = solveArguments(argv);
    if (args === 'help') {
      process.stdout.write(USAGE);
      return EXIT.solved;
    }
    return await solveFile(args);
  } catch (error) {
    if (error instanceof UsageError) say(`${error.message}\n\n${USAGE}`);
    else if (error instanceof InputError) say(error.message);
    else if (error instanceof ProblemError) say(`bad problem: ${error.message}`);
    else throw error;
    return EXIT.badInput;
  }
}
