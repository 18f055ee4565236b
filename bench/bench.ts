import { parseArgs } from 'node:util';
import { type ChildAnswer, runChild } from './child';
import { fingerprintOf, keepBound } from './planted/bounds';
import { type BenchCase, type BenchRow, problemOf, ROWS, withSeed } from './rows';
import { type CaseAnswer } from './run-case';
import { type HighsAnswer, type HighsCase } from './run-highs';

const USAGE = `Quality of the optimiser by problem size, the plain greedy and HiGHS beside it; ends with status 1 when a target is missed.

  npm run bench -- [options]

  --row <name>[,<name>]   ${ROWS.map(({ name }) => name).join(', ')} (default: all)
  --seed <n>[,<n>]        instead of the row's own seeds
  --effort <effort>       interactive, standard or deep, instead of the row's own
  --no-highs              without HiGHS beside it
  --find-bounds <s>       instead: let HiGHS search each planted case this long, and keep its bound with the case
`;

const EFFORTS = ['interactive', 'standard', 'deep'] as const;

/** A case that runs this many times its budget is stopped. */
const PATIENCE = 10;

const COLUMNS = [
  ['row', 12],
  ['regime', 7],
  ['seed', 5],
  ['UPB $MM', 9],
  ['pairs', 8],
  ['greedy gap $', 13],
  ['bp', 7],
  ['our gap $', 12],
  ['bp', 8],
  ['target', 7],
  ['gain $', 12],
  ['bound $', 15],
  ['s', 6],
  ['MB', 5],
  ['HiGHS gap bp', 20],
  ['', 0],
] as const;

function line(cells: readonly string[]): string {
  return COLUMNS.map(([, width], at) => (at < 2 ? (cells[at] ?? '').padEnd(width) : (cells[at] ?? '').padStart(width)))
    .join(' ')
    .trimEnd();
}

function dollars(cents: number): string {
  return Math.round(cents / 100)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function bp(cents: number, upb: number): string {
  return ((cents / upb) * 10_000).toFixed(4);
}

type HighsOutcome = ChildAnswer<HighsAnswer> | null;

function highsText(answer: HighsOutcome, ours: CaseAnswer): string {
  if (answer === null) return '';
  if (!answer.ok) return answer.reason.slice(0, 20);
  if (answer.value.objective === null) return 'no solution';
  if (answer.value.fault !== null) return answer.value.fault.slice(0, 20);
  return `${bp(ours.upperBound - answer.value.objective, ours.upb)} in ${(answer.value.ms / 1000).toFixed(0)} s`;
}

/**
 * Where the two solvers contradict each other: a solution above the other's bound. HiGHS prices pairs in floating
 * point, unrounded, so its bound may be off by a cent a loan and by its own tolerance.
 */
function contradictions(answer: HighsOutcome, ours: CaseAnswer): string[] {
  if (!answer?.ok || answer.value.fault !== null) return [];
  const { objective, bound } = answer.value;
  const slack = ours.loans + 1e-6 * Math.abs(ours.objective);
  return [
    ...(objective !== null && objective > ours.upperBound ? ['HiGHS ABOVE OUR BOUND'] : []),
    ...(bound !== null && ours.objective > bound * 100 + slack ? ['ABOVE THE BOUND OF HiGHS'] : []),
  ];
}

function cellsOf(row: BenchRow, { regime, seed }: BenchCase, answer: CaseAnswer, highs: HighsOutcome): string[] {
  const { upb, greedy, objective, knownBound } = answer;
  const upperBound = Math.min(answer.upperBound, knownBound ?? Infinity);
  const gap = upperBound - objective;
  const faults = [
    ...(answer.fault === null ? [] : [`AUDIT ${answer.fault}`]),
    ...contradictions(highs, answer),
    ...(gap < 0 ? ['ABOVE THE KEPT BOUND'] : []),
    ...(gap / upb > row.targetBp / 10_000 ? ['gap missed'] : []),
    ...(answer.ms > row.seconds * 1000 ? ['time missed'] : []),
  ];
  return [
    row.name,
    regime,
    String(seed),
    dollars(upb / 1e6),
    String(answer.candidates),
    ...(greedy === null ? ['-', '-'] : [dollars(upperBound - greedy), bp(upperBound - greedy, upb)]),
    dollars(gap),
    bp(gap, upb),
    String(row.targetBp),
    greedy === null ? '-' : dollars(objective - greedy),
    dollars(upperBound),
    (answer.ms / 1000).toFixed(1),
    String(Math.round(answer.peakBytes / 1e6)),
    highsText(highs, answer),
    faults.join(', '),
  ];
}

async function runOne(row: BenchRow, bench: BenchCase, withHighs: boolean): Promise<boolean> {
  const label = [row.name, bench.regime, String(bench.seed)];
  const patience = row.seconds * PATIENCE * 1000 + 60_000;
  const answer = await runChild<CaseAnswer | { refused: string }>('run-case.js', bench, patience);
  const refusal = !answer.ok ? answer.reason : 'refused' in answer.value ? answer.value.refused : null;
  if (!answer.ok || 'refused' in answer.value) {
    process.stdout.write(`${line(label)} ${refusal}\n`);
    return false;
  }
  const beside: HighsCase | null =
    withHighs && row.highsSeeds.includes(bench.seed) ? { ...bench, seconds: row.seconds } : null;
  const highs = beside && (await runChild<HighsAnswer>('run-highs.js', beside, row.seconds * 3_000 + 60_000));
  const cells = cellsOf(row, bench, answer.value, highs);
  process.stdout.write(`${line(cells)}\n`);
  return cells.at(-1) === '';
}

function numbers(option: string, text: string | undefined): number[] | undefined {
  return text?.split(',').map((part) => {
    if (!/^\d{1,9}$/.test(part)) throw new RangeError(`--${option}: ${part} is no whole number`);
    return Number(part);
  });
}

/** Long searches by HiGHS; bench/planted/bounds.json keeps what they find. */
async function findBounds(cases: readonly BenchCase[], seconds: number): Promise<number> {
  for (const bench of cases) {
    const file = problemOf(bench);
    const answer = await runChild<HighsAnswer>('run-highs.js', { ...bench, seconds }, (seconds + 600) * 1_000);
    const bound = answer.ok ? answer.value.bound : null;
    if (bound !== null) keepBound(bench.seed, fingerprintOf(file), bound, file.loans.length, seconds);
    const text = bound === null ? (answer.ok ? 'no bound' : answer.reason) : `$${dollars(bound * 100)}`;
    process.stdout.write(`planted ${bench.seed}: ${text}\n`);
  }
  return 0;
}

/** The cases with their own seeds replaced: each regime once per seed given. */
function reseeded(cases: readonly BenchCase[], seeds: readonly number[]): BenchCase[] {
  const regimes = [...new Map(cases.map((bench) => [bench.regime, bench])).values()];
  return regimes.flatMap((bench) =>
    seeds.map((seed) => cases.find((own) => own.regime === bench.regime && own.seed === seed) ?? withSeed(bench, seed)),
  );
}

/**
 * Runs the table of engine.md, "What it must reach", each case in a process of its own.
 *
 * @returns exit status: 0 when every line meets its row's gap and time and passes the audit, 1 otherwise, 2 bad options
 */
export async function runBench(argv: readonly string[]): Promise<number> {
  let rows: BenchRow[];
  let withHighs: boolean;
  let searchSeconds: number | undefined;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        row: { type: 'string' },
        seed: { type: 'string' },
        effort: { type: 'string' },
        'no-highs': { type: 'boolean' },
        'find-bounds': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      return 0;
    }
    const names = values.row?.split(',') ?? ROWS.map(({ name }) => name);
    rows = names.map((name) => {
      const row = ROWS.find((known) => known.name === name);
      if (!row) throw new RangeError(`--row: there is no row ${name}`);
      const effort = EFFORTS.find((known) => known === values.effort);
      if (values.effort !== undefined && !effort) throw new RangeError(`--effort: there is no ${values.effort}`);
      const seeds = numbers('seed', values.seed);
      const cases = row.cases.map((bench) => ({ ...bench, effort: effort ?? bench.effort }));
      return { ...row, cases: seeds ? reseeded(cases, seeds) : cases };
    });
    withHighs = values['no-highs'] !== true;
    [searchSeconds] = numbers('find-bounds', values['find-bounds']) ?? [];
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (searchSeconds !== undefined) {
    const planted = rows.flatMap(({ cases }) => cases.filter((bench) => bench.planted));
    return findBounds(planted, searchSeconds);
  }
  process.stdout.write(`${line(COLUMNS.map(([name]) => name))}\n`);
  let good = true;
  for (const row of rows) {
    for (const bench of row.cases) good = (await runOne(row, bench, withHighs)) && good;
  }
  return good ? 0 : 1;
}
