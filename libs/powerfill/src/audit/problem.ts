import { CENTS, FINE, larger, readDecimal, UnreadableError } from './exact';
import { asList, asObject, asText, type Fields, isAbsent, positions } from './shape';

/** A loan as the audit sees it. */
export interface AuditedLoan {
  id: string;
  /** Cents, above zero. */
  amount: bigint;
  /** Points of 1e-8; null: the problem's `reservation_price` applies. */
  reservation: bigint | null;
  /** Position of the trade whose pool holds the loan today, or -1. */
  currentTrade: number;
  locked: boolean;
  attributes: Fields;
  path: string;
}

/** A trade with the defaults of engine.md, section 3, applied. Amounts in cents. */
export interface AuditedTrade {
  id: string;
  target: bigint;
  min: bigint;
  /** null: unlimited. */
  max: bigint | null;
  /** Points of 1e-8, any sign. */
  pairOff: bigint;
  /** 0: no minimum if used. */
  mustReach: bigint;
}

export type LimitKind = 'share' | 'weighted_average' | 'total' | 'count' | 'count_share';

/** A limit over one set of trades; `per_trade` limits are already split, as `<id>@<trade>`. */
export interface AuditedLimit {
  id: string;
  kind: LimitKind;
  trades: readonly number[];
  where: Fields;
  attribute: string | null;
  /** 1e-8 of a dollar for `total`, of a loan for `count`, otherwise of the fraction or average. */
  min: bigint | null;
  max: bigint | null;
}

export interface AuditedProblem {
  loans: readonly AuditedLoan[];
  trades: readonly AuditedTrade[];
  limits: readonly AuditedLimit[];
  loanAt: ReadonlyMap<string, number>;
  tradeAt: ReadonlyMap<string, number>;
  candidates: readonly unknown[];
  mode: 'global' | 'priority';
  /** Points of 1e-8. */
  reservationPrice: bigint;
  /** Basis points of 1e-8. */
  switchCost: bigint;
  placeAll: boolean;
  /** `unreachable: "relax"`: minimums may be missed, by the shortfall the result states. */
  relax: boolean;
}

const KINDS: readonly string[] = ['share', 'weighted_average', 'total', 'count', 'count_share'];

function optional(value: unknown, places: number, path: string): bigint | null {
  return isAbsent(value) ? null : readDecimal(value, places, path, 'refuse');
}

function readTrade(value: unknown, path: string): AuditedTrade {
  const raw = asObject(value, path);
  const givenTarget = optional(raw['target'], CENTS, `${path}.target`);
  const givenMin = optional(raw['min'], CENTS, `${path}.min`);
  const target = givenTarget ?? givenMin ?? 0n;
  const min = givenMin ?? target;
  const max = optional(raw['max'], CENTS, `${path}.max`);
  const pairOff = isAbsent(raw['pair_off_points'])
    ? 0n
    : readDecimal(raw['pair_off_points'], FINE, `${path}.pair_off_points`, 'round');
  const mustReach = optional(raw['must_reach'], CENTS, `${path}.must_reach`) ?? 0n;
  if (min < 0n || min > target || (max !== null && target > max)) {
    throw new UnreadableError(path, 'expected 0 <= min <= target <= max');
  }
  return { id: asText(raw['id'], `${path}.id`), target, min, max, pairOff, mustReach };
}

function readLoan(value: unknown, path: string, tradeAt: ReadonlyMap<string, number>): AuditedLoan {
  const raw = asObject(value, path);
  const amount = readDecimal(raw['amount'], CENTS, `${path}.amount`, 'refuse');
  if (amount <= 0n) throw new UnreadableError(`${path}.amount`, 'expected an amount above zero');
  const reservation = raw['reservation'];
  const current = raw['current_trade'];
  const currentTrade = isAbsent(current) ? -1 : tradeAt.get(asText(current, `${path}.current_trade`));
  if (currentTrade === undefined) throw new UnreadableError(`${path}.current_trade`, 'names no trade of the problem');
  const locked = raw['locked'] === true;
  if (locked && currentTrade < 0) throw new UnreadableError(path, 'a locked loan needs a current trade');
  return {
    id: asText(raw['id'], `${path}.id`),
    amount,
    reservation: isAbsent(reservation) ? null : readDecimal(reservation, FINE, `${path}.reservation`, 'round'),
    currentTrade,
    locked,
    attributes: isAbsent(raw['attributes']) ? {} : asObject(raw['attributes'], `${path}.attributes`),
    path,
  };
}

function readLimit(value: unknown, path: string, tradeAt: ReadonlyMap<string, number>): AuditedLimit[] {
  const raw = asObject(value, path);
  const id = asText(raw['id'], `${path}.id`);
  const kind = asText(raw['kind'], `${path}.kind`);
  if (!KINDS.includes(kind)) throw new UnreadableError(`${path}.kind`, 'names no kind of limit');
  const names = asList(raw['trades'], `${path}.trades`).map((name, at) => asText(name, `${path}.trades[${at}]`));
  const trades = [...new Set(names)].map((name) => {
    const at = tradeAt.get(name);
    if (at === undefined) throw new UnreadableError(`${path}.trades`, `"${name}" is no trade of the problem`);
    return { name, at };
  });
  const limit = {
    kind: kind as LimitKind,
    where: isAbsent(raw['where']) ? {} : asObject(raw['where'], `${path}.where`),
    attribute: kind === 'weighted_average' ? asText(raw['attribute'], `${path}.attribute`) : null,
    min: optional(raw['min'], FINE, `${path}.min`),
    max: optional(raw['max'], FINE, `${path}.max`),
  };
  if (limit.min === null && limit.max === null) throw new UnreadableError(path, 'expected min, max or both');
  if (raw['per_trade'] !== true) return [{ id, trades: trades.map(({ at }) => at), ...limit }];
  return trades.map(({ name, at }) => ({ id: `${id}@${name}`, trades: [at], ...limit }));
}

/**
 * Reads a problem file (engine.md, section 3) far enough to check a solution of it. Candidates stay raw:
 * only the pairs the solution uses are ever priced.
 *
 * @throws UnreadableError at the first value that cannot be read
 */
export function readAuditedProblem(value: unknown): AuditedProblem {
  const raw = asObject(value, '$');
  const trades = asList(raw['trades'], 'trades').map((trade, at) => readTrade(trade, `trades[${at}]`));
  const tradeAt = positions(trades, 'trades');
  const loans = asList(raw['loans'], 'loans').map((loan, at) => readLoan(loan, `loans[${at}]`, tradeAt));
  const limits = isAbsent(raw['limits']) ? [] : asList(raw['limits'], 'limits');
  const options = isAbsent(raw['options']) ? {} : asObject(raw['options'], 'options');
  const mode = options['mode'] ?? 'global';
  if (mode !== 'global' && mode !== 'priority') throw new UnreadableError('options.mode', 'names no mode');
  return {
    loans,
    trades,
    limits: limits.flatMap((limit, at) => readLimit(limit, `limits[${at}]`, tradeAt)),
    loanAt: positions(loans, 'loans'),
    tradeAt,
    candidates: asList(raw['candidates'], 'candidates'),
    mode,
    reservationPrice: isAbsent(options['reservation_price'])
      ? 0n
      : readDecimal(options['reservation_price'], FINE, 'options.reservation_price', 'round'),
    switchCost: isAbsent(options['switch_cost_bp'])
      ? 0n
      : readDecimal(options['switch_cost_bp'], FINE, 'options.switch_cost_bp', 'round'),
    placeAll: options['place_all'] === true,
    relax: options['unreachable'] === 'relax',
  };
}

/** The most a trade may hold: its `max`, or what its locked loans hold already. null: unlimited. */
export function roomOf(trade: AuditedTrade, lockedFill: bigint): bigint | null {
  return trade.max === null ? null : larger(trade.max, lockedFill);
}
