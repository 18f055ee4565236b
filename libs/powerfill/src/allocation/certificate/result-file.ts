import { formatDecimal } from '../problem/exact-arithmetic';
import { type LimitKind } from '../problem/problem-file';
import { type Solution, type SolveWarning, type TradeStatus } from '../solution';

/** The result object of `npm run solve` (engine.md, section 3): money in dollars, scores in points, as decimal strings. */
export interface ResultFile {
  assignments: { loan: string; trade: string | null }[];
  objective: string;
  upper_bound: string;
  gap_usd: string;
  gap_bp_of_upb: string;
  greedy_objective: string | null;
  gain_over_greedy_usd: string | null;
  classes?: { priority: number | null; objective: string; upper_bound: string; gap_usd: string }[];
  order_cost_usd?: { low: string; high: string };
  trades: { id: string; fill: string; status: TradeStatus; shadow_price: string; pair_off: string }[];
  limits: { id: string; value: string | null; min?: string; max?: string; shadow_price: string }[];
  placements: {
    loan: string;
    trade: string;
    value: string;
    alternative: string | null;
    give_up_points: string | null;
  }[];
  kickouts: {
    loan: string;
    code: string;
    nearest_trade: string | null;
    margin_points: string | null;
    displaced_by: string | null;
  }[];
  warnings: SolveWarning[];
  audit: 'passed';
  replayable: boolean;
  seed: number;
  moves: number;
  ms: number;
}

/** What only the caller of `solve` knows: the verdict of the independent audit and the time it all took. */
export interface ResultFacts {
  readonly audit: 'passed';
  readonly ms: number;
}

/** Renders a solution for the result file. */
export function toResultFile(solution: Solution, facts: ResultFacts): ResultFile {
  const { problem } = solution;
  return {
    assignments: problem.loans.ids.map((loan, i) => ({
      loan,
      trade: problem.trades.ids[solution.assignment[i]!] ?? null,
    })),
    objective: dollars(solution.objective),
    upper_bound: dollars(solution.upperBound),
    gap_usd: dollars(solution.gap),
    gap_bp_of_upb: formatDecimal(solution.gapMicroBp, 6, 1),
    greedy_objective: solution.greedyObjective === null ? null : dollars(solution.greedyObjective),
    gain_over_greedy_usd:
      solution.greedyObjective === null ? null : dollars(solution.objective - solution.greedyObjective),
    ...(solution.classes !== null && {
      classes: solution.classes.map((c) => ({
        priority: c.priority,
        objective: dollars(c.value),
        upper_bound: dollars(c.upperBound),
        gap_usd: dollars(c.gap),
      })),
    }),
    ...(solution.orderCost !== null && {
      order_cost_usd: { low: dollars(solution.orderCost.low), high: dollars(solution.orderCost.high) },
    }),
    trades: solution.trades.map((t) => ({
      id: t.id,
      fill: dollars(t.fill),
      status: t.status,
      shadow_price: points(t.shadowPrice),
      pair_off: dollars(t.pairOff),
    })),
    limits: solution.limits.map((l, k) => {
      const { kind } = problem.limits[k]!;
      return {
        id: l.id,
        value: measure(kind, l.value),
        ...(l.min !== null && { min: measure(kind, l.min)! }),
        ...(l.max !== null && { max: measure(kind, l.max)! }),
        shadow_price: kind === 'count' || kind === 'count_share' ? dollars(l.shadowPrice) : points(l.shadowPrice),
      };
    }),
    placements: solution.placements.map((p) => ({
      loan: p.loan,
      trade: p.trade,
      value: dollars(p.value),
      alternative: p.alternative,
      give_up_points: p.giveUp === null ? null : points(p.giveUp),
    })),
    kickouts: solution.kickouts.map((k) => ({
      loan: k.loan,
      code: k.code,
      nearest_trade: k.nearestTrade,
      margin_points: k.marginPoints === null ? null : points(k.marginPoints),
      displaced_by: k.displacedBy,
    })),
    warnings: [...solution.warnings],
    audit: facts.audit,
    replayable: solution.replayable,
    seed: solution.seed,
    moves: solution.moves,
    ms: facts.ms,
  };
}

const dollars = (cents: number): string => formatDecimal(cents, 2, 2);
const points = (rate: number): string => formatDecimal(rate, 8, 1);

function measure(kind: LimitKind, value: number | null): string | null {
  if (value === null) return null;
  if (kind === 'total') return dollars(value);
  return kind === 'count' ? formatDecimal(value, 0, 0) : formatDecimal(value, 8, 1);
}
