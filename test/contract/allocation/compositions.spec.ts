import { lockedAssignment } from '@powerfill/core/allocation/assignment';
import { TradeComposer } from '@powerfill/core/allocation/best-composition';
import { compositionBound } from '@powerfill/core/allocation/composition-bound';
import { relaxByCompositions } from '@powerfill/core/allocation/compositions';
import { type Conditions, conditionsOf } from '@powerfill/core/allocation/conditions';
import { type CompositionBudget } from '@powerfill/core/allocation/effort';
import { highsRuntime } from '@powerfill/core/allocation/highs-runtime';
import { pairOff } from '@powerfill/core/allocation/pair-off';
import { type PossibleStage, possibleStage } from '@powerfill/core/allocation/possible-options';
import { type Problem } from '@powerfill/core/allocation/problem';
import { type ProblemFile } from '@powerfill/core/allocation/problem-file';
import { Random } from '@powerfill/core/allocation/random';
import { readProblem } from '@powerfill/core/allocation/read-problem';
import { type RestrictedLp, solveRestrictedLp } from '@powerfill/core/allocation/restricted-lp';
import { wholeStage } from '@powerfill/core/allocation/restricted-mode';
import { enumerate } from './enumerate';
import { FAMILIES, smallCase } from './small-cases';

const CASES = 60;
/** Cents the bound of one trade may be above what it bounds. */
const MARGIN = 2;
const idle = (): void => undefined;
const families = FAMILIES.filter(({ mode, relax }) => mode === 'global' && !relax);

interface Posed {
  readonly problem: Problem;
  readonly conditions: Conditions;
  readonly left: PossibleStage;
}

function pose(file: ProblemFile): Posed | null {
  const problem = readProblem(file);
  const conditions = conditionsOf(problem);
  const left = possibleStage(problem, conditions, wholeStage(problem), lockedAssignment(problem).candidate, idle);
  return left && { problem, conditions, left };
}

function bound({ problem, conditions, left }: Posed, lp: RestrictedLp, budget: CompositionBudget): number {
  const { stage, restrictions } = left;
  const compositions = relaxByCompositions(stage, restrictions, lp, problem.loans.upb * 1e-4, budget, idle);
  return compositionBound(problem, conditions, left, compositions, idle);
}

describe('the bound by compositions', () => {
  it.each(families)('is never below the optimum, at any multipliers and budget ($name)', async (family) => {
    const highs = await highsRuntime();
    const random = new Random(7);
    let solved = 0;
    for (let number = 0; number < CASES; number += 1) {
      const file = smallCase(family, number);
      const { optimum } = enumerate(file);
      const posed = optimum === null ? null : pose(file);
      if (optimum === null || posed === null) continue;
      const { stage, restrictions } = posed.left;
      const lp = solveRestrictedLp(highs, stage, restrictions, idle);
      if (lp === null) throw new Error(`case ${number} has an optimum, but no relaxation`);
      solved += 1;
      const off = {
        ...lp,
        price: lp.price.map((price) => price * 2 * random.unit()),
        rowPrice: lp.rowPrice.map((price) => (price + 1e-9) * 2 * random.unit()),
      };
      for (const [name, start, budget] of [
        ['steps', lp, { rounds: 20, nodes: 1_000, lastNodes: 10_000 }],
        ['no steps, wrong multipliers', off, { rounds: 0, nodes: 1_000, lastNodes: 10_000 }],
        ['no branches', lp, { rounds: 5, nodes: 0, lastNodes: 0 }],
        ['few branches', off, { rounds: 3, nodes: 3, lastNodes: 3 }],
      ] as const) {
        const upper = bound(posed, start, budget);
        if (!(upper >= optimum)) throw new Error(`case ${number}, ${name}: bound ${upper}, optimum ${optimum}`);
      }
    }
    expect(solved).toBeGreaterThan(CASES / 10);
  });

  it('closes the gap that the linear relaxation leaves where two loans do not fit together', async () => {
    const posed = pose({
      loans: [
        { id: 'A', amount: '600000.00' },
        { id: 'B', amount: '700000.00' },
      ],
      trades: [{ id: 'T', max: '1000000.00' }],
      candidates: [
        { loan: 'A', trade: 'T', score: 1 },
        { loan: 'B', trade: 'T', score: 1 },
      ],
      limits: [],
      options: { mode: 'global', reservation_price: 0 },
    })!;
    const lp = solveRestrictedLp(await highsRuntime(), posed.left.stage, posed.left.restrictions, idle)!;
    const linear = 1_000_000;
    const optimum = 700_000;
    const upper = bound(posed, lp, { rounds: 50, nodes: 100, lastNodes: 100 });
    expect(upper).toBeGreaterThanOrEqual(optimum);
    expect(upper - optimum).toBeLessThan((linear - optimum) / 100);
  });
});

describe('the best composition of a trade', () => {
  it.each(families)('is the best of all sets of loans that the trade may hold ($name)', (family) => {
    let composed = 0;
    for (let number = 0; number < CASES; number += 1) {
      const posed = pose(smallCase(family, number));
      if (posed === null) continue;
      const { stage, restrictions } = posed.left;
      const tradesOf = Array.from({ length: restrictions.rowCount }, () => new Set<number>());
      stage.trade.forEach((j, o) => {
        for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
          tradesOf[restrictions.row[n]!]!.add(j);
      });
      for (let j = 0; j < stage.tradeCount; j++) {
        const options = [...stage.trade.keys()].filter((o) => stage.trade[o] === j);
        const rows = [...tradesOf.keys()].filter((r) => tradesOf[r]!.size === 1 && tradesOf[r]!.has(j));
        const profit = stage.net.map((net) => Math.round(net * 0.9));
        let best = -Infinity;
        for (let set = 0; set < 2 ** options.length; set++) {
          const taken = options.filter((_, n) => ((set >> n) & 1) === 1);
          const fill = taken.reduce((sum, o) => sum + stage.amount[stage.loanOf[o]!]!, stage.baseFill[j]!);
          if (fill > stage.room[j]! || (fill > 0 && fill < restrictions.mustReach[j]!)) continue;
          const used = (r: number): number => {
            let sum = 0;
            for (const o of taken)
              for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
                if (restrictions.row[n] === r) sum += restrictions.coefficient[n]!;
            return sum;
          };
          if (rows.some((r) => used(r) > restrictions.bound[r]!)) continue;
          best = Math.max(best, taken.reduce((sum, o) => sum + profit[o]!, 0) - pairOff(stage, j, fill));
        }
        // With a single set told apart no option is heavy, and the rows are priced instead.
        for (const mostSets of [undefined, 1]) {
          const composer = new TradeComposer(stage, restrictions, j, options, rows, mostSets);
          for (const price of [0, 0.3]) {
            const found = composer.compose(profit, new Float64Array(restrictions.rowCount).fill(price), 100_000);
            expect({ number, j, mostSets, price, bound: found.bound }).toEqual({
              number,
              j,
              mostSets,
              price,
              bound: best + MARGIN,
            });
          }
        }
        composed += 1;
      }
    }
    expect(composed).toBeGreaterThan(CASES / 2);
  });
});
