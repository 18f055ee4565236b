import { ProblemError } from '../errors';
import { divideHalfAway, MAX_CENTS, mulRate } from './exact-arithmetic';
import { FieldReader } from './field-reader';
import { type CandidateTable, type LoanTable, type Problem, type ProblemOptions, type TradeTable } from './problem';
import { type AttributeRow, readLimits } from './read-limits';

const LOAN_KEYS = new Set(['id', 'amount', 'reservation', 'current_trade', 'locked', 'attributes']);
const TRADE_KEYS = new Set(['id', 'target', 'min', 'max', 'pair_off_points', 'must_reach']);
const CANDIDATE_KEYS = new Set(['loan', 'trade', 'score', 'priority', 'constraint']);
const OPTION_KEYS = new Set([
  'mode',
  'reservation_price',
  'switch_cost_bp',
  'place_all',
  'effort',
  'seed',
  'unreachable',
]);

/** Sums of values and costs stay below this, so that every objective is an exact integer. */
const MAX_OBJECTIVE = 4e15;

/**
 * Validates a parsed problem file and compiles it (engine.md, section 3). The result does not depend on the order of
 * loans, trades, candidates or limits in the file. Keys of the file's top level other than the five are ignored.
 *
 * @throws ProblemError naming the first fault by its place in the file
 */
export function readProblem(file: unknown): Problem {
  const root = new FieldReader(file, '$');
  const optionReader = new FieldReader(root.raw('options') ?? {}, 'options', OPTION_KEYS);
  const options = readOptions(optionReader);
  const trades = readTrades(root.list('trades', true));
  const tradeIndex = new Map(trades.ids.map((id, j) => [id, j]));
  const rows = readLoanRows(root.list('loans', true), optionReader.rate('reservation_price') ?? 0, tradeIndex);
  const candidates = readCandidates(root.list('candidates', true), rows, tradeIndex, switchCosts(rows, optionReader));
  const loans: LoanTable = {
    count: rows.length,
    ids: rows.map((row) => row.id),
    amount: Float64Array.from(rows, (row) => row.amount),
    reservation: Float64Array.from(rows, (row) => row.reservation),
    currentTrade: Int32Array.from(rows, (row) => row.current),
    lockedTo: Int32Array.from(rows, (row, i) => (row.locked ? candidateOf(candidates, i, row.current, row) : -1)),
    upb: rows.reduce((sum, row) => sum + row.amount, 0),
  };
  loans.lockedTo.forEach((c, i) => {
    if (c >= 0) trades.lockedFill[candidates.trade[c]!]! += loans.amount[i]!;
  });
  checkSize(loans, trades, candidates);
  const limits = readLimits(
    root.list('limits', false),
    rows.map((row) => row.attributes),
    rows.map((row) => row.path),
    trades,
    candidates,
  );
  return { loans, trades, candidates, limits, options };
}

function readOptions(reader: FieldReader): ProblemOptions {
  if (reader.raw('reservation_price') === 'market')
    reader.fail('reservation_price', 'must be a number here: "market" is resolved by a run into loans[].reservation');
  const seed = reader.raw('seed') ?? 1;
  if (typeof seed !== 'number' || !Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    reader.fail('seed', 'must be an integer from 0 to 4294967295');
  return {
    mode: reader.choice('mode', ['global', 'priority'], 'global'),
    placeAll: reader.flag('place_all'),
    effort: reader.choice('effort', ['interactive', 'standard', 'deep'], 'standard'),
    seed,
    unreachable: reader.choice('unreachable', ['fail', 'relax'], 'fail'),
  };
}

function readTrades(items: readonly unknown[]): TradeTable {
  const rows = items.map((item, n) => {
    const reader = new FieldReader(item, `trades[${n}]`, TRADE_KEYS);
    const min = reader.cents('min');
    const target = reader.cents('target') ?? min ?? 0;
    const row = {
      id: reader.requiredText('id'),
      path: reader.path,
      target,
      min: min ?? target,
      max: reader.cents('max') ?? Infinity,
      pairOffRate: reader.rate('pair_off_points') ?? 0,
      mustReach: reader.cents('must_reach') ?? 0,
    };
    if (row.min < 0) reader.fail('min', 'must not be negative');
    if (row.min > row.target) reader.fail('min', 'must not pass target');
    if (row.target > row.max) reader.fail('max', 'must not be below target');
    if (row.mustReach < 0) reader.fail('must_reach', 'must not be negative');
    return row;
  });
  sortById(rows);
  return {
    count: rows.length,
    ids: rows.map((row) => row.id),
    target: Float64Array.from(rows, (row) => row.target),
    min: Float64Array.from(rows, (row) => row.min),
    max: Float64Array.from(rows, (row) => row.max),
    pairOffRate: Float64Array.from(rows, (row) => row.pairOffRate),
    mustReach: Float64Array.from(rows, (row) => row.mustReach),
    lockedFill: new Float64Array(rows.length),
  };
}

interface LoanRow {
  readonly id: string;
  readonly path: string;
  readonly amount: number;
  readonly reservation: number;
  readonly current: number;
  readonly locked: boolean;
  readonly attributes: AttributeRow;
}

function readLoanRows(
  items: readonly unknown[],
  reservation: number,
  tradeIndex: ReadonlyMap<string, number>,
): LoanRow[] {
  const rows = items.map((item, n): LoanRow => {
    const reader = new FieldReader(item, `loans[${n}]`, LOAN_KEYS);
    const amount = reader.cents('amount') ?? reader.fail('amount', 'is required');
    if (amount <= 0) reader.fail('amount', 'must be above 0');
    const currentId = reader.text('current_trade');
    const current =
      currentId === undefined
        ? -1
        : (tradeIndex.get(currentId) ?? reader.fail('current_trade', `is no trade of the file: ${currentId}`));
    const locked = reader.flag('locked');
    if (locked && current < 0) reader.fail('locked', 'needs current_trade');
    const attributes = reader.raw('attributes') ?? {};
    if (typeof attributes !== 'object' || Array.isArray(attributes)) reader.fail('attributes', 'must be an object');
    return {
      id: reader.requiredText('id'),
      path: reader.path,
      amount,
      reservation: reader.rate('reservation') ?? reservation,
      current,
      locked,
      attributes: attributes as AttributeRow,
    };
  });
  sortById(rows);
  return rows;
}

/** Switch cost of each loan: `roundHalfAway(amount * bp / 10^4)`, with bp as an integer of 1e-8. */
function switchCosts(rows: readonly LoanRow[], options: FieldReader): Float64Array {
  const rate = options.rate('switch_cost_bp') ?? 0;
  if (rate < 0) options.fail('switch_cost_bp', 'must not be negative');
  if (rate === 0) return new Float64Array(rows.length);
  return Float64Array.from(rows, (row) =>
    Number(divideHalfAway(BigInt(row.amount) * BigInt(rate), 1_000_000_000_000n)),
  );
}

function readCandidates(
  items: readonly unknown[],
  rows: readonly LoanRow[],
  tradeIndex: ReadonlyMap<string, number>,
  switchCost: Float64Array,
): CandidateTable {
  const loanIndex = new Map(rows.map((row, i) => [row.id, i]));
  const pairs = items.map((item, n) => {
    const reader = new FieldReader(item, `candidates[${n}]`, CANDIDATE_KEYS);
    const given = reader.raw('priority');
    if (given !== undefined && !Number.isFinite(given)) reader.fail('priority', 'must be a number');
    const priority = (given as number | undefined) ?? Infinity;
    return {
      path: reader.path,
      loan: loanIndex.get(reader.requiredText('loan')) ?? reader.fail('loan', 'is no loan of the file'),
      trade: tradeIndex.get(reader.requiredText('trade')) ?? reader.fail('trade', 'is no trade of the file'),
      score: reader.rate('score') ?? reader.fail('score', 'is required'),
      priority,
      constraint: reader.text('constraint'),
    };
  });
  pairs.sort((a, b) => a.loan - b.loan || a.trade - b.trade);
  pairs.forEach((pair, c) => {
    const before = pairs[c - 1];
    if (before !== undefined && before.loan === pair.loan && before.trade === pair.trade)
      throw new ProblemError(pair.path, 'repeats a pair of loan and trade');
  });
  const classPriority = [...new Set(pairs.map((pair) => pair.priority))].sort((a, b) => (a < b ? -1 : 1));
  const classOf = new Map(classPriority.map((priority, k) => [priority, k]));
  const names = [...new Set(pairs.flatMap((pair) => pair.constraint ?? []))].sort((a, b) => (a < b ? -1 : 1));
  const nameIndex = new Map(names.map((name, n) => [name, n]));
  const start = new Int32Array(rows.length + 1);
  for (const pair of pairs) start[pair.loan + 1]!++;
  for (let i = 0; i < rows.length; i++) start[i + 1]! += start[i]!;
  return {
    count: pairs.length,
    start,
    loan: Int32Array.from(pairs, (pair) => pair.loan),
    trade: Int32Array.from(pairs, (pair) => pair.trade),
    score: Float64Array.from(pairs, (pair) => pair.score),
    value: Float64Array.from(pairs, ({ loan, score }) => mulRate(rows[loan]!.amount, score - rows[loan]!.reservation)),
    switchCost: Float64Array.from(pairs, ({ loan, trade }) => {
      const { current } = rows[loan]!;
      return current >= 0 && current !== trade ? switchCost[loan]! : 0;
    }),
    priorityClass: Int32Array.from(pairs, (pair) => classOf.get(pair.priority)!),
    classPriority: Float64Array.from(classPriority),
    constraint: Int32Array.from(pairs, (pair) =>
      pair.constraint === undefined ? -1 : nameIndex.get(pair.constraint)!,
    ),
    constraintNames: names,
  };
}

function candidateOf(candidates: CandidateTable, loan: number, trade: number, row: LoanRow): number {
  for (let c = candidates.start[loan]!; c < candidates.start[loan + 1]!; c++)
    if (candidates.trade[c] === trade) return c;
  throw new ProblemError(`${row.path}.locked`, 'needs a candidate for the pair of the loan and its current_trade');
}

/** Refuses problems whose sums could pass the exact range of a double. */
function checkSize(loans: LoanTable, trades: TradeTable, candidates: CandidateTable): void {
  if (loans.upb > MAX_CENTS) throw new ProblemError('loans', 'sum to more than $100 bn');
  let total = 0;
  for (let i = 0; i < loans.count; i++) {
    let largest = 0;
    for (let c = candidates.start[i]!; c < candidates.start[i + 1]!; c++)
      largest = Math.max(largest, Math.abs(candidates.value[c]!) + candidates.switchCost[c]!);
    total += largest;
  }
  for (let j = 0; j < trades.count; j++) total += Math.abs(mulRate(trades.target[j]!, trades.pairOffRate[j]!));
  if (total > MAX_OBJECTIVE) throw new ProblemError('candidates', 'the sum of their values is too large to be exact');
}

function sortById(rows: { readonly id: string; readonly path: string }[]): void {
  rows.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  rows.forEach((row, n) => {
    if (n > 0 && rows[n - 1]!.id === row.id) throw new ProblemError(`${row.path}.id`, `repeats the id ${row.id}`);
  });
}
