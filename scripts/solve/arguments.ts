import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm run solve -- <problem.json | problem.json.gz | -> [options]

  --effort interactive|standard|deep   how long to search (default: the file's, else standard)
  --seed <n>                           seed of the search, 0 to 4294967295 (default: the file's, else 1)
  --out <file | ->                     write the result as JSON ("-": to stdout, the certificate to stderr)

Exit status: 0 solved, 2 bad input, 3 proven infeasible, 4 none found.
`;

/** A command line that cannot be understood. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

const EFFORTS = ['interactive', 'standard', 'deep'] as const;

export interface SolveArguments {
  /** A file, or `-` for standard input. */
  path: string;
  effort: (typeof EFFORTS)[number] | undefined;
  seed: number | undefined;
  out: string | undefined;
}

/** Reads the command line of `npm run solve`; `help` when it asks for that. @throws UsageError */
export function solveArguments(argv: readonly string[]): SolveArguments | 'help' {
  const { values, positionals } = parsed(argv);
  if (values.help === true) return 'help';
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new UsageError('Name one problem file.');
  const effort = EFFORTS.find((known) => known === values.effort);
  if (values.effort !== undefined && effort === undefined) {
    throw new UsageError(`--effort must be one of ${EFFORTS.join(', ')}.`);
  }
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  if (seed !== undefined && (!/^\d{1,10}$/.test(values.seed ?? '') || seed > 0xffffffff)) {
    throw new UsageError('--seed must be a whole number from 0 to 4294967295.');
  }
  return { path, effort, seed, out: values.out };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        effort: { type: 'string' },
        seed: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
