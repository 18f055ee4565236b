import {
  type CandidateInput,
  type LimitInput,
  type Mode,
  type ProblemFile,
  type TradeInput,
} from '@powerfill/core/allocation/problem/problem-file';
import { Prng } from '../prng';
import { type MarketLoan, marketLoans } from './loans';
import { marketValue, priceOf } from './price';
import { type MarketTrade, marketTrades, type Tolerance, toleranceOf } from './trades';

/** What to generate; the same spec gives the same problem everywhere. */
export interface MarketSpec {
  loans: number;
  trades: number;
  tolerance: Tolerance;
  seed: number;
  mode?: Mode;
  /** High-balance shares, average FICO, state shares and minimums if used. */
  limits?: boolean;
}

/** Reservation of a loan: today's best price less the placement bonus of 0.125 point, in 1e-5 point. */
const PLACEMENT_BONUS = 12_500;
const PRIORITY = { stipulated: 30, tba: 60, cash: 70, bulk: 90 } as const;

function money(cents: number): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** 1e-5 point as the number a desk would write. */
function points(price: number): number {
  return price / 100_000;
}

interface Pair {
  loan: number;
  trade: number;
  price: number;
}

function pairsOf(loans: readonly MarketLoan[], trades: readonly MarketTrade[]): Pair[] {
  return loans.flatMap((loan, i) =>
    trades.flatMap((trade, j) => {
      const price = priceOf(loan, trade);
      return price === null ? [] : [{ loan: i, trade: j, price }];
    }),
  );
}

/** Dollars each trade would get if every loan were spread evenly over the trades that take it. */
function demandOf(loans: readonly MarketLoan[], trades: readonly MarketTrade[], pairs: readonly Pair[]): number[] {
  const options = new Array<number>(loans.length).fill(0);
  for (const { loan } of pairs) options[loan] = (options[loan] ?? 0) + 1;
  const demand = new Array<number>(trades.length).fill(0);
  for (const { loan, trade } of pairs) {
    demand[trade] = (demand[trade] ?? 0) + (loans[loan]?.amount ?? 0) / (options[loan] ?? 1) / 100;
  }
  return demand;
}

/** Cost of not delivering, 1e-5 point: market less price plus 1/32 both ways, or one way with a fee of 0.125. */
function pairOffOf({ kind, market, price }: MarketTrade): number {
  if (kind === 'tba' || kind === 'stipulated') return market - price + 3_125;
  return Math.max(0, market - price) + 12_500;
}

function tradeInput(random: Prng, trade: MarketTrade, demand: number, tolerance: Tolerance): TradeInput {
  const step = trade.kind === 'tba' ? 1_000_000 : trade.kind === 'cash' ? 250 : 100_000;
  // Sizes scatter around what the pipeline can deliver, so that some trades run short and others are fought over.
  const wanted = (demand * random.between(55, 135)) / 100;
  const target = Math.max(1, Math.round(wanted / step)) * step * 100;
  const part = toleranceOf(random, trade.kind, tolerance);
  const floor = trade.kind === 'cash' && tolerance === 'mixed' ? 1_000_000 : 0;
  const room = Math.min(target, Math.max(Math.round((target / 1_000_000) * part), floor));
  // What settles beyond the pair-off horizon owes nothing yet.
  const open = trade.month === 2;
  return {
    id: trade.id,
    target: money(target),
    min: open ? '0' : money(target - room),
    max: money(target + room),
    pair_off_points: open ? 0 : points(pairOffOf(trade)),
  };
}

function limitsOf(random: Prng, trades: readonly MarketTrade[], inputs: TradeInput[]): LimitInput[] {
  const ids = (kinds: readonly string[]): string[] =>
    trades.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
  trades.forEach((trade, at) => {
    const input = inputs[at];
    if (!input || trade.kind === 'bulk' || random.chance(600)) return;
    input.must_reach = trade.kind === 'tba' ? '1000000.00' : money(Math.floor(Number(input.target) * 60));
  });
  return [
    {
      id: 'high-balance',
      trades: ids(['tba', 'stipulated']),
      kind: 'share',
      where: { hb: 1 },
      max: 0.1,
      per_trade: true,
    },
    { id: 'fico-cash', trades: ids(['cash']), kind: 'weighted_average', attribute: 'fico', min: 748 },
    { id: 'fico-bulk', trades: ids(['bulk']), kind: 'weighted_average', attribute: 'fico', min: 755 },
    {
      id: 'california',
      trades: ids(['cash', 'bulk']),
      kind: 'share',
      where: { state: 'CA' },
      max: '0.095',
      per_trade: true,
    },
    {
      id: 'investor',
      trades: ids(['tba']),
      kind: 'share',
      where: { occupancy: ['investor', 'second home'] },
      max: 0.08,
    },
  ];
}

/** A problem that looks like a desk's real day (see `tables.ts` for where its numbers come from). */
export function marketProblem(spec: MarketSpec): ProblemFile {
  const random = new Prng(spec.seed);
  const trades = marketTrades(random, spec.trades);
  const loans = marketLoans(random, spec.loans);
  const pairs = pairsOf(loans, trades);
  const demand = demandOf(loans, trades, pairs);
  const inputs = trades.map((trade, at) => tradeInput(random, trade, demand[at] ?? 0, spec.tolerance));
  const best = loans.map((loan) => marketValue(loan));
  return {
    loans: loans.map((loan, at) => ({
      id: loan.id,
      amount: money(loan.amount),
      reservation: points((best[at] ?? 10_000_000) - PLACEMENT_BONUS),
      attributes: {
        fico: loan.fico,
        ltv: loan.ltv,
        dti: loan.dti,
        state: loan.state,
        occupancy: loan.occupancy,
        hb: loan.highBalance ? 1 : 0,
      },
    })),
    trades: inputs,
    candidates: pairs.map(({ loan, trade, price }): CandidateInput => {
      const kind = trades[trade]?.kind ?? 'tba';
      return {
        loan: loans[loan]?.id ?? '',
        trade: trades[trade]?.id ?? '',
        score: points(price),
        ...(spec.mode === 'priority' && { priority: PRIORITY[kind], constraint: kind }),
      };
    }),
    ...(spec.limits && { limits: limitsOf(random, trades, inputs) }),
    options: { mode: spec.mode ?? 'global' },
  };
}
