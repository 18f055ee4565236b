import { ProblemError } from '../errors';
import { divideFloor } from './exact-arithmetic';
import { FieldReader, RATE_PLACES, scaledDecimal } from './field-reader';
import { type CandidateTable, type Limit, type TradeTable } from './problem';
import { type LimitKind } from './problem-file';

const KINDS: readonly LimitKind[] = ['share', 'weighted_average', 'total', 'count', 'count_share'];
const KEYS = new Set(['id', 'trades', 'kind', 'where', 'attribute', 'min', 'max', 'per_trade']);

/** Largest bound or attribute, in 1e-8 units: products with any sum of amounts stay exact in the BigInt paths. */
const MAX_BOUND = 9e15;
const BOUND = 'a decimal with at most 8 places';

export type AttributeRow = Readonly<Record<string, unknown>>;
/** The attributes of the loans, in problem order. */
type AttributeRows = readonly AttributeRow[];

/** Reads the `limits` of a problem file; a `per_trade` limit becomes one limit per trade, named `<id>@<trade>`. */
export function readLimits(
  items: readonly unknown[],
  attributes: AttributeRows,
  loanPaths: readonly string[],
  trades: TradeTable,
  candidates: CandidateTable,
): Limit[] {
  const tradeIndex = new Map(trades.ids.map((id, j) => [id, j]));
  const limits = items.flatMap((item, n) => {
    const reader = new FieldReader(item, `limits[${n}]`, KEYS);
    const id = reader.requiredText('id');
    const kind = reader.choice<LimitKind | ''>('kind', KINDS, '') || reader.fail('kind', 'is required');
    const members = readTrades(reader, tradeIndex);
    const matches = matchLoans(reader, attributes);
    const { min, max } = readBounds(reader, kind);
    const attributeKey = reader.text('attribute');
    if ((kind === 'weighted_average') !== (attributeKey !== undefined))
      reader.fail('attribute', 'is required by weighted_average and only there');
    const attribute =
      attributeKey === undefined
        ? null
        : readAttribute(attributeKey, attributes, loanPaths, matches, members, candidates);
    const base = { kind, matches, attribute, min, max };
    if (!reader.flag('per_trade')) return [{ ...base, id, trades: Int32Array.from(members) }];
    return members.map((j) => ({ ...base, id: `${id}@${trades.ids[j]!}`, trades: Int32Array.of(j) }));
  });
  const seen = new Set<string>();
  limits.forEach((limit) => {
    if (seen.has(limit.id)) throw new ProblemError('limits', `the id ${limit.id} occurs twice`);
    seen.add(limit.id);
  });
  return limits.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readTrades(reader: FieldReader, tradeIndex: ReadonlyMap<string, number>): number[] {
  const members = reader.list('trades', true).map((id, n) => {
    const j = typeof id === 'string' ? tradeIndex.get(id) : undefined;
    return j ?? reader.fail(`trades[${n}]`, `is no trade of the file: ${String(id)}`);
  });
  if (members.length === 0) reader.fail('trades', 'must name at least one trade');
  members.sort((a, b) => a - b);
  if (members.some((j, n) => n > 0 && members[n - 1] === j)) reader.fail('trades', 'names a trade twice');
  return members;
}

/** Bounds in the units of `Limit`: whole cents and whole loans are the same condition as the decimals between them. */
function readBounds(reader: FieldReader, kind: LimitKind): { min: number | null; max: number | null } {
  const unit = kind === 'total' ? 1_000_000n : kind === 'count' ? 100_000_000n : 1n;
  const min = reader.decimal('min', RATE_PLACES, BOUND);
  const max = reader.decimal('max', RATE_PLACES, BOUND);
  if (min === undefined && max === undefined) reader.fail('max', 'is missing: a limit has min, max or both');
  const inUnit = (key: string, value: bigint | undefined, rounded: (v: bigint) => bigint): number | null => {
    if (value === undefined) return null;
    const number = Number(rounded(value));
    return Math.abs(number) > MAX_BOUND ? reader.fail(key, 'is too large') : number;
  };
  return {
    min: inUnit('min', min, (v) => -divideFloor(-v, unit)),
    max: inUnit('max', max, (v) => divideFloor(v, unit)),
  };
}

const SCALARS = new Set(['string', 'number', 'boolean']);

function matchLoans(reader: FieldReader, attributes: AttributeRows): Uint8Array {
  const where = reader.raw('where') ?? {};
  const path = reader.at('where');
  if (typeof where !== 'object' || Array.isArray(where)) throw new ProblemError(path, 'must be an object');
  const tests = Object.entries(where).map(([key, wanted]: [string, unknown]) => {
    const values: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
    if (values.some((v) => !SCALARS.has(typeof v)))
      throw new ProblemError(`${path}.${key}`, 'must be a string, number or boolean, or a list of them');
    return { key, values: new Set(values) };
  });
  return Uint8Array.from(attributes, (row) =>
    tests.every(({ key, values }) => Object.hasOwn(row, key) && values.has(row[key])) ? 1 : 0,
  );
}

function readAttribute(
  key: string,
  attributes: AttributeRows,
  loanPaths: readonly string[],
  matches: Uint8Array,
  members: readonly number[],
  candidates: CandidateTable,
): Float64Array {
  const inLimit = new Set(members);
  const values = new Float64Array(matches.length);
  for (let i = 0; i < matches.length; i++) {
    if (matches[i] === 0) continue;
    const row = attributes[i]!;
    const value = Object.hasOwn(row, key) ? row[key] : undefined;
    const path = `${loanPaths[i]!}.attributes.${key}`;
    if (value !== undefined && value !== null) {
      values[i] = scaledDecimal(value, path, RATE_PLACES, MAX_BOUND, BOUND);
      continue;
    }
    for (let c = candidates.start[i]!; c < candidates.start[i + 1]!; c++)
      if (inLimit.has(candidates.trade[c]!)) throw new ProblemError(path, 'is needed by a weighted_average limit');
  }
  return values;
}
