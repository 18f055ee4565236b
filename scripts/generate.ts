import { parseArgs } from 'node:util';
import { runCommand, UsageError, wholeNumber } from './command/run-command';
import { SAMPLE_OPTIONS, generateDataset } from './generate/dataset';
import { writeDataset } from './generate/write-csv';

const USAGE = `Writes a consistent data set as CSV, one file a table.

  npm run generate -- --out DIR [--loans ${SAMPLE_OPTIONS.loans}] [--trades ${SAMPLE_OPTIONS.trades}] [--seed ${SAMPLE_OPTIONS.seed}]
`;

/** Runs the command; returns its exit status: 0 written, 2 wrong arguments. */
export function runGenerate(args: readonly string[]): Promise<number> {
  return runCommand(USAGE, async () => {
    await generate(args);
    return 0;
  });
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
    loans: wholeNumber('loans', values.loans, { fallback: SAMPLE_OPTIONS.loans, low: 1, high: 1_000_000 }),
    trades: wholeNumber('trades', values.trades, { fallback: SAMPLE_OPTIONS.trades, low: 1, high: 10_000 }),
    seed: wholeNumber('seed', values.seed, { fallback: SAMPLE_OPTIONS.seed, low: 0, high: 4_294_967_295 }),
  });
  await writeDataset(values.out, dataset.all);
  for (const { table, rows } of dataset.all) {
    process.stdout.write(`${table.name.padEnd(32)}${String(rows.length).padStart(8)} rows\n`);
  }
}
