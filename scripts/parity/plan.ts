import { parseArgs } from 'node:util';
import { EFFORTS } from '@powerfill/core/domain/run-options-rules';
import { UsageError, wholeNumber } from '../command/run-command';

/** What is compared. */
export interface ParityPlan {
  /** Generated data; null for the checked-in sample. */
  readonly dataset: { readonly loans: number; readonly trades: number; readonly seed: number } | null;
  readonly effort: string;
  /** Rows whose writing is timed; 0 = as many as the run wrote. */
  readonly guideRows: number;
  readonly candidateRows: number;
}

export const PARITY_USAGE = `The same tenant in two databases, the private PostgreSQL and the SQL Server of TEST_DATABASE_URL, and the same run on
both: every table and report compared row by row. Ends with the counts, the first differences, and what writing the
guide's and the candidates' rows takes on each. Status 0 identical, 1 different, 2 wrong options or no SQL Server.

  TEST_DATABASE_URL=mssql://user:password@host npm run parity -- [options]

  --loans N           loans of generated data; without it the sample is loaded
  --trades N          trades of generated data (100)
  --seed N            of generated data (7)
  --effort E          of the run: ${EFFORTS.join(', ')} (standard)
  --guide-rows N      rows of the guide whose writing is timed (as many as the run wrote)
  --candidate-rows N  rows of the candidates whose writing is timed (as many as the run wrote)
`;

const ROWS = { fallback: 0, low: 1, high: 5_000_000 };

/** Reads the command line; undefined when the usage is asked for. @throws UsageError naming what is wrong */
export function parityPlan(args: readonly string[]): ParityPlan | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      loans: { type: 'string' },
      trades: { type: 'string' },
      seed: { type: 'string' },
      effort: { type: 'string', default: 'standard' },
      'guide-rows': { type: 'string' },
      'candidate-rows': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return undefined;
  if (!EFFORTS.some((effort) => effort === values.effort))
    throw new UsageError(`--effort must be one of ${EFFORTS.join(', ')}; it is "${values.effort}".`);
  if (values.loans === undefined && (values.trades ?? values.seed) !== undefined)
    throw new UsageError('--trades and --seed are of generated data; say --loans too.');
  return {
    dataset:
      values.loans === undefined
        ? null
        : {
            loans: wholeNumber('loans', values.loans, { fallback: 0, low: 1, high: 100_000 }),
            trades: wholeNumber('trades', values.trades, { fallback: 100, low: 1, high: 1_000 }),
            seed: wholeNumber('seed', values.seed, { fallback: 7, low: 0, high: 4_294_967_295 }),
          },
    effort: values.effort,
    guideRows: wholeNumber('guide-rows', values['guide-rows'], ROWS),
    candidateRows: wholeNumber('candidate-rows', values['candidate-rows'], ROWS),
  };
}
