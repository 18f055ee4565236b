import fc from 'fast-check';
import { type LimitInput } from '../problem/problem-file';
import { readProblem } from '../problem/read-problem';
import { lockedAssignment } from '../stage/assignment';
import { conditionsOf } from '../stage/conditions';
import { type Restrictions, restrict } from '../stage/restrictions';
import { type Stage, wholeStage } from '../stage/stage';
import { bestPair } from './best-pair';
import { Combinations } from './combinations';
import { type Mover } from './mover-drafts';
import { MutableStanding } from './standing';

const TRADES = 3;
const LOANS = 6;
/** Three loans a half, each with at most three moves. */
const ENTRIES = 64;

const cases = fc.record({
  amounts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: LOANS, maxLength: LOANS }),
  trades: fc.array(
    fc.record({ least: fc.nat(80), more: fc.nat(40), rate: fc.integer({ min: -2, max: 12 }), reach: fc.nat(60) }),
    { minLength: TRADES, maxLength: TRADES },
  ),
  scores: fc.array(fc.integer({ min: -4, max: 12 }), { minLength: LOANS * TRADES, maxLength: LOANS * TRADES }),
  places: fc.array(fc.integer({ min: -1, max: TRADES - 1 }), { minLength: LOANS, maxLength: LOANS }),
  prices: fc.array(fc.integer({ min: -300, max: 200 }), { minLength: TRADES, maxLength: TRADES }),
  rowPrices: fc.array(fc.nat(50_000), { minLength: 2, maxLength: 2 }),
  most: fc.integer({ min: 1, max: 5 }),
  least: fc.constantFrom(4, -100_000),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function stageOf({ amounts, trades, scores, most }: Case): [Stage, Restrictions] {
  const limits: LimitInput[] = [
    { id: 'few', kind: 'count', trades: ['T0', 'T1'], max: most },
    { id: 'much', kind: 'total', trades: ['T2'], max: 60_000 },
  ];
  const problem = readProblem({
    loans: amounts.map((amount, i) => ({ id: `L${i}`, amount: amount * 1_000 })),
    trades: trades.map(({ least, more, rate, reach }, j) => ({
      id: `T${j}`,
      min: least * 1_000,
      target: (least + (more >> 1)) * 1_000,
      max: (least + more) * 1_000,
      pair_off_points: rate / 4,
      must_reach: Math.min(reach, least + more) * 1_000,
    })),
    candidates: scores.map((score, n) => ({
      loan: `L${Math.floor(n / TRADES)}`,
      trade: `T${n % TRADES}`,
      score: score / 8,
    })),
    limits,
  });
  const stage = wholeStage(problem);
  return [stage, restrict(problem, conditionsOf(problem), stage, lockedAssignment(problem).candidate)];
}

/** What a standing is worth; null where it holds more than it may, or a used trade less than it must. */
function worthOf(stage: Stage, restrictions: Restrictions, option: Int32Array): number | null {
  const fill = stage.baseFill.slice();
  const activity = new Float64Array(restrictions.rowCount);
  let worth = 0;
  option.forEach((o, s) => {
    if (o < 0) return;
    worth += stage.net[o]!;
    fill[stage.trade[o]!]! += stage.amount[s]!;
    for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
      activity[restrictions.row[n]!]! += restrictions.coefficient[n]!;
  });
  for (let j = 0; j < stage.tradeCount; j++) {
    if (fill[j]! > stage.room[j]! || (fill[j]! > 0 && fill[j]! < restrictions.mustReach[j]!)) return null;
    if (fill[j]! < stage.min[j]!) worth -= ((stage.target[j]! - fill[j]!) * stage.pairOffRate[j]!) / 1e10;
  }
  return activity.some((used, r) => used > restrictions.bound[r]!) ? null : worth;
}

/** Every loan may take any option, or go out. */
function moversOf({ start }: Stage, option: Int32Array, from: number, to: number): Mover[] {
  return Array.from({ length: to - from }, (_, n) => from + n).map((loan) => {
    const options = Array.from({ length: start[loan + 1]! - start[loan]! }, (_, k) => start[loan]! + k);
    return { loan, options: [-1, ...options].filter((o) => o !== option[loan]) };
  });
}

/** As drawn, where that misses nothing; else nothing is placed. */
function startOf(stage: Stage, restrictions: Restrictions, places: readonly number[]): Int32Array {
  const option = Int32Array.from(stage.loans, (loan, s) =>
    stage.trade.findIndex((j, o) => stage.loanOf[o] === s && j === places[loan]),
  );
  return worthOf(stage, restrictions, option) === null ? option.fill(-1) : option;
}

describe('bestPair', () => {
  it('is the pair that gains most of all that miss nothing', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const [stage, restrictions] = stageOf(drawn);
        const option = startOf(stage, restrictions, drawn.places);
        const before = worthOf(stage, restrictions, option)!;
        const none = { row: new Float64Array(restrictions.rowCount), reach: 0, out: 0 };
        const standing = new MutableStanding(stage, restrictions, none, { option, fill: stage.baseFill });
        const price = Float64Array.from(drawn.prices, (p) => p * 1e6);
        const rowPrice = Float64Array.from({ length: restrictions.rowCount }, (_, r) => drawn.rowPrices[r % 2]!);
        const guide = stage.net.map((net, o) => {
          let worth = net - stage.amount[stage.loanOf[o]!]! * price[stage.trade[o]!]! * 1e-10;
          for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
            worth -= rowPrice[restrictions.row[n]!]! * restrictions.coefficient[n]!;
          return worth;
        });
        const trades = Array.from({ length: TRADES }, (_, j) => j);
        const rows = Array.from({ length: restrictions.rowCount }, (_, r) => r);
        const books = { trades, rows, slotOfTrade: Int32Array.from(trades), slotOfRow: Int32Array.from(rows) };
        const halves = [
          new Combinations(stage, restrictions, guide, ENTRIES),
          new Combinations(stage, restrictions, guide, ENTRIES),
        ] as const;
        halves[0].list(moversOf(stage, option, 0, stage.loans.length >> 1), standing, books);
        halves[1].list(moversOf(stage, option, stage.loans.length >> 1, stage.loans.length), standing, books);
        const guidance = { guide, price, rowPrice };
        const { x, y, gain } = bestPair(stage, restrictions, guidance, halves, standing, trades, rows, drawn.least);

        let best: number = drawn.least;
        for (let p = 0; p < halves[0].count; p++)
          for (let q = 0; q < halves[1].count; q++) {
            const now = option.slice();
            halves[0].make(p, (loan, o) => (now[loan] = o));
            halves[1].make(q, (loan, o) => (now[loan] = o));
            if (now.every((o, s) => o === option[s])) continue;
            const worth = worthOf(stage, restrictions, now);
            if (worth === null) continue;
            if (p === x && q === y) expect(worth - before).toBeCloseTo(gain, 3);
            best = Math.max(best, worth - before);
          }
        expect(gain).toBeCloseTo(best, 3);
        expect(x >= 0).toBe(best > drawn.least + 1e-6);
      }),
      { numRuns: 400 },
    );
  });
});
