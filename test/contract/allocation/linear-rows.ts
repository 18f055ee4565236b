import { type LimitInput, type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { units } from './units';

/** The part of a choice a row needs: where the loan goes, and in which priority class. */
interface Place {
  trade: number;
  step: number;
}

/** One condition `sum of coefficients <= rhs` over one choice per loan, kept up to date while a walk takes choices. */
export class Row {
  private readonly coefficients: readonly (readonly (number | bigint)[])[];
  /** The least the loans from a depth on can still add. */
  private readonly rest: (number | bigint)[];
  private readonly rhs: number | bigint;
  private sum: number | bigint;

  constructor(coefficients: readonly (readonly bigint[])[], rhs: bigint) {
    const divisor = coefficients.flat().reduce(greatestDivisor, rhs) || 1n;
    const reduced = coefficients.map((options) => options.map((value) => value / divisor));
    const largest = reduced.reduce((sum, options) => sum + options.reduce((a, b) => (abs(b) > a ? abs(b) : a), 0n), 0n);
    const small = largest + abs(rhs) < 2n ** 53n;
    const form = (value: bigint): number | bigint => (small ? Number(value) : value);
    this.coefficients = reduced.map((options) => options.map(form));
    this.rhs = form(rhs / divisor);
    this.sum = form(0n);
    this.rest = [form(0n)];
    for (const options of [...reduced].reverse()) {
      const least = options.reduce((a, b) => (a === null || b < a ? b : a), null as bigint | null) ?? 0n;
      this.rest.unshift(plus(this.rest[0] ?? form(0n), form(least)));
    }
  }

  take(loan: number, option: number): void {
    this.sum = plus(this.sum, this.coefficients[loan]?.[option] ?? 0);
  }

  undo(loan: number, option: number): void {
    this.sum = minus(this.sum, this.coefficients[loan]?.[option] ?? 0);
  }

  /** Whether the loans from `depth` on can still keep the sum within the row. */
  canHold(depth: number): boolean {
    return plus(this.sum, this.rest[depth] ?? 0) <= this.rhs;
  }
}

function plus(a: number | bigint, b: number | bigint): number | bigint {
  return typeof a === 'number' ? a + (b as number) : a + (b as bigint);
}

function minus(a: number | bigint, b: number | bigint): number | bigint {
  return typeof a === 'number' ? a - (b as number) : a - (b as bigint);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [abs(a), abs(b)];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}

/** A limit's value as `top / bottom`, loan by loan: what a loan in the limit's trades adds to each. */
interface Terms {
  trades: Set<number>;
  /** A total or a count: the bottom is 1, and a minimum holds at the end only. */
  plain: boolean;
  top: bigint[];
  bottom: bigint[];
  min: bigint | null;
  max: bigint | null;
  /** The bounds are `min / scale` and `max / scale`. */
  scale: bigint;
}

function termsOf(file: ProblemFile, limit: LimitInput, ids: readonly string[]): Terms {
  const places = limit.kind === 'total' ? 2 : 8;
  const averaged = limit.kind === 'weighted_average';
  const byAmount = limit.kind === 'total' || limit.kind === 'share' || averaged;
  const plain = limit.kind === 'total' || limit.kind === 'count';
  const top: bigint[] = [];
  const bottom: bigint[] = [];
  for (const loan of file.loans) {
    const inside = Object.entries(limit.where ?? {}).every(([key, wanted]) => {
      const held = loan.attributes?.[key] ?? null;
      return held !== null && (Array.isArray(wanted) ? wanted.some((value) => value === held) : wanted === held);
    });
    const weight = byAmount ? units(loan.amount, 2) : 1n;
    const attribute = averaged && inside ? units(loan.attributes?.[limit.attribute ?? ''], 8) : 1n;
    top.push(inside ? weight * attribute : 0n);
    bottom.push(plain || (averaged && !inside) ? 0n : weight);
  }
  return {
    trades: new Set(ids.map((id) => file.trades.findIndex((trade) => trade.id === id))),
    plain,
    top,
    bottom,
    min: limit.min === undefined ? null : units(limit.min, places),
    max: limit.max === undefined ? null : units(limit.max, places),
    scale: limit.kind === 'total' || averaged ? 1n : 10n ** 8n,
  };
}

/** Every linear condition of the case: room of the trades, and the limits after each class they must hold after. */
export function linearRows(file: ProblemFile, choices: readonly (readonly Place[])[], steps: number): Row[] {
  const rows: Row[] = [];
  const locked = file.loans.map((loan) => loan.locked === true);
  const lockedTrade = file.loans.map((loan) => file.trades.findIndex((trade) => trade.id === loan.current_trade));

  const add = (value: (loan: number) => bigint, trades: Set<number>, upTo: number, rhs: bigint): void => {
    const counts = (loan: number, place: Place): boolean =>
      trades.has(place.trade) && (locked[loan] === true || place.step <= upTo);
    rows.push(
      new Row(
        choices.map((options, loan) => options.map((place) => (counts(loan, place) ? value(loan) : 0n))),
        rhs,
      ),
    );
  };
  const sumOfLocked = (trades: Set<number>, value: (loan: number) => bigint): bigint =>
    file.loans.reduce((sum, _, at) => (locked[at] && trades.has(lockedTrade[at] ?? -1) ? sum + value(at) : sum), 0n);

  file.trades.forEach((trade, at) => {
    if (trade.max === undefined) return;
    const amount = (loan: number): bigint => units(file.loans[loan]?.amount, 2);
    const held = sumOfLocked(new Set([at]), amount);
    const max = units(trade.max, 2);
    add(amount, new Set([at]), steps - 1, held > max ? held : max);
  });

  const bound = (terms: Terms, given: bigint, sign: 1n | -1n): void => {
    const top = (loan: number): bigint => terms.top[loan] ?? 0n;
    const bottom = (loan: number): bigint => terms.bottom[loan] ?? 0n;
    let [p, q] = [given, terms.scale];
    const heldTop = sumOfLocked(terms.trades, top);
    const heldBottom = terms.plain ? 1n : sumOfLocked(terms.trades, bottom);
    const relaxable = sign === 1n || !terms.plain;
    if (relaxable && heldBottom > 0n && sign * (heldTop * q - p * heldBottom) > 0n) [p, q] = [heldTop, heldBottom];
    if (terms.plain) {
      add((loan) => sign * q * top(loan), terms.trades, steps - 1, sign * p);
    } else {
      for (let step = 0; step < steps; step += 1) {
        add((loan) => sign * (q * top(loan) - p * bottom(loan)), terms.trades, step, 0n);
      }
    }
  };
  const relaxed = file.options?.unreachable === 'relax';
  for (const limit of file.limits ?? []) {
    const groups = limit.per_trade ? limit.trades.map((id) => [id]) : [limit.trades];
    for (const terms of groups.map((ids) => termsOf(file, limit, ids))) {
      if (terms.max !== null) bound(terms, terms.max, 1n);
      if (terms.min !== null && !(terms.plain && relaxed)) bound(terms, terms.min, -1n);
    }
  }
  return rows;
}
