import { parseArgs } from 'node:util';
import { SAMPLE_OPTIONS, generateDataset } from './generate/dataset';
import { writeDataset } from './generate/write-csv';

const USAGE = `Writes a consistent data set as CSV, one file a table.

  npm run generate -- --out DIR [--loans ${SAMPLE_OPTIONS.loans}] [--trades ${SAMPLE_OPTIONS.trades}] [--seed ${SAMPLE_OPTIONS.seed}]
`;

class UsageError extends Error {}

function wholeNumber(name: string, text: string | undefined, fallback: number, low: number, high: number): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= low && value <= high)) {
    throw new UsageError(`--${name} must be a whole number from ${low} to ${high}; it is "${text}".`);
  }
  return value;
}

/** Runs the command; returns its exit status: 0 written, 2 wrong arguments. */
export async function runGenerate(args: readonly string[]): Promise<number> {
  try {
    await generate(args);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || (error instanceof TypeError && 'code' in error))) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function generate(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      loans: { type: 'string' },
      trades: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  if (values.out === undefined) throw new UsageError('--out is missing: name the folder to write to.');
  const dataset = generateDataset({
    loans: wholeNumber('loans', values.loans, SAMPLE_OPTIONS.loans, 1, 1_000_000),
    trades: wholeNumber('trades', values.trades, SAMPLE_OPTIONS.trades, 1, 10_000),
    seed: wholeNumber('seed', values.seed, SAMPLE_OPTIONS.seed, 0, 4_294_967_295),
  });
  await writeDataset(values.out, dataset.all);
  for (const { table, rows } of dataset.all) {
    process.stdout.write(`${table.name.padEnd(32)}${String(rows.length).padStart(8)} rows\n`);
  }
}
