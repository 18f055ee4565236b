import { parseArgs } from 'node:util';
import { AllocationWorkerPool } from '@powerfill/core/allocation-worker';
import { runCommand, UsageError } from '../scripts/command/run-command';
import { type BenchCase, problemOf, ROWS, withSeed } from './rows';
import { type AbortTimes, timeAbort } from './time-abort';

const ROW_NAMES = ['desk', 'deep', 'limits', 'priority', 'pools', 'stress'];
const USAGE = `Aborts solves of the bench's rows at twelve moments each, in a real worker thread, and prints how long each took; ends with
status 1 unless every thread was free within 200 ms.

  npm run bench:abort -- [row ...]   of ${ROWS.map(({ name }) => name).join(', ')} (${ROW_NAMES.join(', ')})
`;

/** Aborts a problem, at equal distances over the time it takes. */
const ABORTS = 12;
/** ... of which no more than this is looked at. */
const MOST_MS = 60_000;

async function abortsOf(pool: AllocationWorkerPool, name: string, bench: BenchCase): Promise<boolean> {
  const file = problemOf(bench);
  const begun = performance.now();
  const whole = await timeAbort(pool, file, (_, ms) => ms > MOST_MS);
  const lasts = performance.now() - begun;
  const times: AbortTimes[] = whole ? [whole] : [];
  for (let n = 0; n < ABORTS; n += 1) {
    const at = (lasts * (n + 0.5)) / ABORTS;
    const found = await timeAbort(pool, file, (_, ms) => ms >= at);
    if (found) times.push(found);
  }
  const worst = (of: (time: AbortTimes) => number): string => Math.max(...times.map(of)).toFixed(0);
  const freed = worst(({ free }) => free);
  process.stdout.write(
    `${name.padEnd(10)} ${String(times.length).padStart(2)} aborts in ${(lasts / 1000).toFixed(1)} s: rejected after at most ` +
      `${worst(({ rejected }) => rejected)} ms, thread free after at most ${freed} ms (${worst(({ freeCpu }) => freeCpu)} ms CPU): ` +
      `${times.map(({ free }) => free.toFixed(0)).join(' ')}\n`,
  );
  return Number(freed) <= 200;
}

/** Runs the command; returns its exit status: 0 every thread was free in time, 1 one was not, 2 wrong arguments. */
export function runAborts(argv: readonly string[]): Promise<number> {
  return runCommand(USAGE, async () => {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { help: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    const unknown = positionals.find((given) => ROWS.every(({ name }) => name !== given));
    if (unknown !== undefined) throw new UsageError(`There is no row ${unknown}.`);
    return abortRows(positionals.length > 0 ? positionals : ROW_NAMES);
  });
}

async function abortRows(names: readonly string[]): Promise<number> {
  const pool = new AllocationWorkerPool();
  let good = true;
  for (const row of ROWS.filter(({ name }) => names.includes(name))) {
    const [first] = row.cases;
    if (first) good = (await abortsOf(pool, row.name, withSeed(first, 1))) && good;
  }
  await pool.close();
  return good ? 0 : 1;
}
