import { type LimitInput, type LoanInput, type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';

/** A mixed-integer program in compressed rows, as `highs` takes it; the first columns are the candidates. */
export interface MipModel {
  cost: number[];
  lower: number[];
  upper: number[];
  integer: boolean[];
  rowLower: number[];
  rowUpper: number[];
  starts: number[];
  indices: number[];
  values: number[];
}

/** Amounts are in thousands of dollars, so that the solver's tolerance of 1e-6 is a tenth of a cent. */
const UNIT = 1_000;

class Builder {
  readonly model: MipModel = {
    cost: [],
    lower: [],
    upper: [],
    integer: [],
    rowLower: [],
    rowUpper: [],
    starts: [0],
    indices: [],
    values: [],
  };

  column(cost: number, lower: number, upper: number, integer: boolean): number {
    const { model } = this;
    model.cost.push(cost);
    model.lower.push(lower);
    model.upper.push(upper);
    model.integer.push(integer);
    return model.cost.length - 1;
  }

  row(lower: number, upper: number, terms: readonly (readonly [column: number, value: number])[]): void {
    const { model } = this;
    for (const [column, value] of terms) {
      if (value === 0) continue;
      model.indices.push(column);
      model.values.push(value);
    }
    model.starts.push(model.indices.length);
    model.rowLower.push(lower);
    model.rowUpper.push(upper);
  }
}

type Terms = (readonly [column: number, value: number])[];

function matches(limit: LimitInput, loan: LoanInput): boolean {
  return Object.entries(limit.where ?? {}).every(([key, wanted]) => {
    const held = loan.attributes?.[key] ?? null;
    return held !== null && (Array.isArray(wanted) ? wanted.includes(held) : wanted === held);
  });
}

function addLimit(builder: Builder, limit: LimitInput, trades: ReadonlySet<string>, pairs: readonly Pair[]): void {
  const inside = pairs.filter(({ trade }) => trades.has(trade));
  const byAmount = limit.kind !== 'count' && limit.kind !== 'count_share';
  const plain = limit.kind === 'total' || limit.kind === 'count';
  const scale = limit.kind === 'total' ? UNIT : 1;
  const bound = (given: string | number, lower: number, upper: number): void => {
    const terms = inside.map(({ column, loan, amount }): [number, number] => {
      const weight = byAmount ? amount : 1;
      const met = matches(limit, loan);
      if (plain) return [column, met ? weight : 0];
      const attribute = limit.kind === 'weighted_average' ? Number(loan.attributes?.[limit.attribute ?? '']) : 1;
      if (limit.kind === 'weighted_average') return [column, met ? weight * (attribute - Number(given)) : 0];
      return [column, weight * ((met ? 1 : 0) - Number(given))];
    });
    const side = plain ? Number(given) / scale : 0;
    builder.row(lower === 0 ? side : -Infinity, upper === 0 ? side : Infinity, terms);
  };
  if (limit.max !== undefined) bound(limit.max, -Infinity, 0);
  if (limit.min !== undefined) bound(limit.min, 0, Infinity);
}

interface Pair {
  column: number;
  loan: LoanInput;
  trade: string;
  /** In `UNIT`s. */
  amount: number;
}

/**
 * The problem in mode `global` as a mixed-integer program that maximises dollars. A trade with a pair-off has a binary
 * that says "below min" and a column for the undelivered amount it pays, or is paid, for.
 * Locked loans, switch costs and relaxed minimums do not occur in the bench and are not modelled.
 */
export function mipModel(file: ProblemFile): MipModel {
  const builder = new Builder();
  const loans = new Map(file.loans.map((loan) => [loan.id, loan]));
  const pairs = file.candidates.map(({ loan: id, trade, score }): Pair => {
    const loan = loans.get(id);
    if (!loan) throw new Error(`no loan ${id}`);
    const reservation = Number(loan.reservation ?? file.options?.reservation_price ?? 0);
    const dollars = (Number(loan.amount) * (Number(score) - reservation)) / 100;
    return { column: builder.column(dollars, 0, 1, true), loan, trade, amount: Number(loan.amount) / UNIT };
  });
  const ofLoan = new Map<string, Terms>();
  const ofTrade = new Map<string, Terms>(file.trades.map(({ id }) => [id, []]));
  for (const { column, loan, trade, amount } of pairs) {
    const terms = ofLoan.get(loan.id) ?? [];
    ofLoan.set(loan.id, terms);
    terms.push([column, 1]);
    ofTrade.get(trade)?.push([column, amount]);
  }
  for (const terms of ofLoan.values()) builder.row(file.options?.place_all ? 1 : -Infinity, 1, terms);

  for (const trade of file.trades) {
    const fill = ofTrade.get(trade.id) ?? [];
    const all = fill.reduce((sum, [, amount]) => sum + amount, 0);
    const target = Number(trade.target ?? trade.min ?? 0) / UNIT;
    const min = Number(trade.min ?? trade.target ?? 0) / UNIT;
    const max = trade.max === undefined ? all : Math.min(all, Number(trade.max) / UNIT);
    const fee = (Number(trade.pair_off_points ?? 0) / 100) * UNIT;
    builder.row(-Infinity, max, fill);
    if (trade.must_reach !== undefined) {
      const used = builder.column(0, 0, 1, true);
      builder.row(0, Infinity, [...fill, [used, -Number(trade.must_reach) / UNIT]]);
      builder.row(-Infinity, 0, [...fill, [used, -max]]);
    }
    if (fee === 0 || min === 0) continue;
    const below = builder.column(0, 0, 1, true);
    const owed = builder.column(-fee, 0, target, false);
    builder.row(min, Infinity, [...fill, [below, min]]);
    if (fee > 0) {
      builder.row(0, Infinity, [[owed, 1], ...fill, [below, -target]]);
    } else {
      // Being paid for not delivering ends at the minimum: below it by a cent at least.
      const top = Math.max(max, target);
      builder.row(-Infinity, top, [[owed, 1], ...fill, [below, top - target]]);
      builder.row(-Infinity, 0, [
        [owed, 1],
        [below, -target],
      ]);
      builder.row(-Infinity, max, [...fill, [below, max - min + 0.01 / UNIT]]);
    }
  }
  for (const limit of file.limits ?? []) {
    for (const trades of limit.per_trade ? limit.trades.map((id) => [id]) : [limit.trades]) {
      addLimit(builder, limit, new Set(trades), pairs);
    }
  }
  return builder.model;
}
