import { type Problem, type ResultFile } from '@powerfill/core/allocation';

/** Longer tables end with a line that counts the rest; `--out` writes them in full. */
const MAX_ROWS = 40;

/** A decimal string with thousands separated: `-1234567.80` becomes `-1,234,567.80`. */
export function grouped(decimal: string | number): string {
  const [whole = '', fraction] = String(decimal).split('.');
  const separated = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/** Cents as a decimal string of dollars. */
function dollarsOf(cents: number): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Columns aligned: the first to the left, the others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const shown = [head, ...rows.slice(0, MAX_ROWS)];
  const widths = head.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const rest = rows.length - MAX_ROWS;
  return ['', ...lines, ...(rest > 0 ? [`and ${rest} more (--out writes them all)`] : [])];
}

/** How often each value occurs, the most frequent first: `NO_ROOM 12, NO_CANDIDATE 3`. */
function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const entries = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return entries.map(([value, count]) => `${value} ${grouped(count)}`).join(', ');
}

function summary(result: ResultFile, problem: Problem): [string, string][] {
  const { loans, trades, candidates, limits, options } = problem;
  const placed = result.assignments.length - result.kickouts.length;
  const size = `${grouped(loans.count)} loans x ${grouped(trades.count)} trades, ${grouped(candidates.count)} candidates`;
  const order = result.order_cost_usd;
  return [
    ['problem', `${size}, ${grouped(limits.length)} limits`],
    ['options', `mode ${options.mode}, effort ${options.effort}, seed ${result.seed}`],
    ['objective', `$${grouped(result.objective)}`],
    ['upper bound', `$${grouped(result.upper_bound)}`],
    ['gap', `$${grouped(result.gap_usd)} = ${result.gap_bp_of_upb} bp of UPB ($${grouped(dollarsOf(loans.upb))})`],
    ...(result.greedy_objective === null || result.gain_over_greedy_usd === null
      ? [['plain greedy', 'finds no feasible assignment'] as [string, string]]
      : [
          [
            'plain greedy',
            `$${grouped(result.greedy_objective)}, gain over it $${grouped(result.gain_over_greedy_usd)}`,
          ] as [string, string],
        ]),
    ...(order ? [['order costs', `$${grouped(order.low)} to $${grouped(order.high)}`] as [string, string]] : []),
    ['placed', `${grouped(placed)} of ${grouped(loans.count)} loans`],
    ...(result.kickouts.length > 0
      ? [['kicked out', tally(result.kickouts.map(({ code }) => code))] as [string, string]]
      : []),
    ['trades', tally(result.trades.map(({ status }) => status)) || 'none'],
    ['effort spent', `${grouped(result.moves)} moves, ${(result.ms / 1000).toFixed(1)} s`],
    ['replayable', result.replayable ? 'yes' : 'no'],
  ];
}

/** The certificate of a result as lines of text: summary, classes, trades, limits, warnings. */
export function certificate(result: ResultFile, problem: Problem): string[] {
  const facts = summary(result, problem).map(([name, value]) => `${name.padEnd(14)}${value}`);
  const classes = (result.classes ?? []).map(({ priority, objective, upper_bound, gap_usd }) => [
    priority === null ? 'none' : String(priority),
    ...[objective, upper_bound, gap_usd].map(grouped),
  ]);
  const trades = result.trades.map(({ id, fill, status, pair_off, shadow_price }) => [
    id,
    status,
    ...[fill, pair_off, shadow_price].map(grouped),
  ]);
  const limits = result.limits.map(({ id, value, min, max, shadow_price }) => [
    id,
    ...[value ?? '-', min ?? '-', max ?? '-', shadow_price].map(grouped),
  ]);
  return [
    ...facts,
    ...(classes.length > 0 ? table(['priority', 'value', 'upper bound', 'gap'], classes) : []),
    ...(trades.length > 0 ? table(['trade', 'status', 'fill', 'pair-off', 'shadow price'], trades) : []),
    ...(limits.length > 0 ? table(['limit', 'value', 'min', 'max', 'shadow price'], limits) : []),
    ...result.warnings.map(({ code, subject, message }) => `warning ${code} ${subject}: ${message}`),
    '',
  ];
}
