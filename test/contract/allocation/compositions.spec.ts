import { type Highs } from 'highs';
import { lockedAssignment, lockedValue } from '@powerfill/core/allocation/stage/assignment';
import { TradeComposer } from '@powerfill/core/allocation/compositions/best-composition';
import { compositionBound } from '@powerfill/core/allocation/compositions/composition-bound';
import { relaxByCompositions } from '@powerfill/core/allocation/compositions/compositions';
import { type Conditions, conditionsOf } from '@powerfill/core/allocation/stage/conditions';
import { type CompositionBudget } from '@powerfill/core/allocation/effort';
import { highsRuntime } from '@powerfill/core/allocation/relaxation/highs-runtime';
import { pairOff } from '@powerfill/core/allocation/problem/pair-off';
import { type PossibleStage, possibleStage } from '@powerfill/core/allocation/stage/possible-options';
import { type Problem } from '@powerfill/core/allocation/problem/problem';
import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { Random } from '@powerfill/core/allocation/random';
import { readProblem } from '@powerfill/core/allocation/problem/read-problem';
import { type RestrictedLp, solveRestrictedLp } from '@powerfill/core/allocation/relaxation/restricted-lp';
import { wholeStage } from '@powerfill/core/allocation/stage/stage';
import { enumerate } from './enumerate';
import { FAMILIES, smallCase } from './small-cases';

const CASES = 60;
/** Cents the bound of one trade may be above what it bounds. */
const MARGIN = 2;
/** Cents that rounding may add to a bound of a small case. */
const ROUNDED = 100;
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

/** A set of loans that a trade may hold. */
interface Held {
  readonly options: readonly number[];
  /** Cents. */
  readonly fill: number;
}

/** The rows that concern one trade alone, per trade; of the others, all. */
function rowsOf({ left: { stage, restrictions } }: Posed): { own: number[][]; shared: number[] } {
  const tradesOf = Array.from({ length: restrictions.rowCount }, () => new Set<number>());
  stage.trade.forEach((j, o) => {
    for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) tradesOf[restrictions.row[n]!]!.add(j);
  });
  const rows = [...tradesOf.keys()];
  return {
    own: Array.from({ length: stage.tradeCount }, (_, j) =>
      rows.filter((r) => tradesOf[r]!.size === 1 && tradesOf[r]!.has(j)),
    ),
    shared: rows.filter((r) => tradesOf[r]!.size > 1),
  };
}

function usedOf({ left: { restrictions } }: Posed, options: readonly number[], r: number): number {
  let sum = 0;
  for (const o of options)
    for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
      if (restrictions.row[n] === r) sum += restrictions.coefficient[n]!;
  return sum;
}

/** All sets of loans that a trade may hold, enumerated. */
function allHeld(posed: Posed, j: number, ownRows: readonly number[]): Held[] {
  const { stage, restrictions } = posed.left;
  const into = [...stage.trade.keys()].filter((o) => stage.trade[o] === j);
  return Array.from({ length: 2 ** into.length }, (_, set): Held => {
    const options = into.filter((_option, n) => ((set >> n) & 1) === 1);
    return { options, fill: options.reduce((sum, o) => sum + stage.amount[stage.loanOf[o]!]!, stage.baseFill[j]!) };
  }).filter(
    ({ options, fill }) =>
      fill <= stage.room[j]! &&
      (fill === 0 || fill >= restrictions.mustReach[j]!) &&
      ownRows.every((r) => usedOf(posed, options, r) <= restrictions.bound[r]!),
  );
}

/** The optimum of the relaxation: every trade mixes the sets it may hold, and loans and shared rows hold of the mixtures. */
function optimumOfMixtures(highs: Highs, posed: Posed): number {
  const { stage, restrictions } = posed.left;
  const { own, shared } = rowsOf(posed);
  const firstShared = stage.tradeCount + stage.loans.length;
  const columns = own.flatMap((rows, j) => allHeld(posed, j, rows).map((held) => ({ j, ...held })));
  const entries = columns.map(({ j, options }) => [
    [j, 1] as const,
    ...options.map((o) => [stage.tradeCount + stage.loanOf[o]!, 1] as const),
    ...shared.map((r, n) => [firstShared + n, usedOf(posed, options, r) / scaleOf(posed, r)] as const),
  ]);
  const upper = new Float64Array(firstShared + shared.length).fill(1);
  shared.forEach((r, n) => (upper[firstShared + n] = restrictions.bound[r]! / scaleOf(posed, r)));
  const lower = upper.map((one, r) => {
    const held = r < stage.tradeCount || restrictions.mustPlace[r - stage.tradeCount] === 1;
    return held ? one : -highs.infinity;
  });
  let entered = 0;
  const solver = highs.createModel({
    numCols: columns.length,
    numRows: upper.length,
    sense: highs.constants.objectiveSense.maximize,
    colCost: Float64Array.from(
      columns,
      ({ j, options, fill }) => worthOf(stage.net, options) - pairOff(stage, j, fill),
    ),
    colLower: new Float64Array(columns.length),
    colUpper: new Float64Array(columns.length).fill(1),
    rowLower: lower,
    rowUpper: upper,
    matrix: {
      format: 'csc',
      numRows: upper.length,
      numCols: columns.length,
      starts: Int32Array.from([0, ...entries.map((column) => (entered += column.length))]),
      indices: Int32Array.from(entries.flat(), ([row]) => row),
      values: Float64Array.from(entries.flat(), ([, value]) => value),
    },
  });
  try {
    solver.options.set({ output_flag: false });
    solver.run();
    if (solver.getModelStatus() !== highs.constants.modelStatus.optimal) throw new Error('no optimum of the mixtures');
    return Number(solver.info.get('objective_function_value'));
  } finally {
    solver.dispose();
  }
}

function scaleOf({ left: { restrictions } }: Posed, r: number): number {
  return restrictions.row.reduce(
    (size, row, n) => (row === r ? Math.max(size, Math.abs(restrictions.coefficient[n]!)) : size),
    1,
  );
}

function worthOf(profit: Float64Array, options: readonly number[]): number {
  return options.reduce((sum, o) => sum + profit[o]!, 0);
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
      const absurd = { ...lp, price: lp.price.map(() => (random.unit() - 0.5) * 1e30) };
      for (const [name, start, budget] of [
        ['steps', lp, { rounds: 20, nodes: 1_000, lastNodes: 10_000 }],
        ['no steps, wrong multipliers', off, { rounds: 0, nodes: 1_000, lastNodes: 10_000 }],
        ['many steps', lp, { rounds: 200, nodes: 100, lastNodes: 10_000 }],
        ['absurd multipliers', absurd, { rounds: 2, nodes: 100, lastNodes: 10_000 }],
        ['no branches', lp, { rounds: 5, nodes: 0, lastNodes: 0 }],
        ['few branches', off, { rounds: 3, nodes: 3, lastNodes: 3 }],
      ] as const) {
        const upper = bound(posed, start, budget);
        if (!(upper >= optimum)) throw new Error(`case ${number}, ${name}: bound ${upper}, optimum ${optimum}`);
      }
    }
    expect(solved).toBeGreaterThan(CASES / 10);
  });

  it.each(families)('comes near the optimum of what it relaxes ($name)', async (family) => {
    const highs = await highsRuntime();
    let near = 0;
    let posedCases = 0;
    for (let number = 0; number < CASES; number += 1) {
      const file = smallCase(family, number);
      const posed = enumerate(file).optimum === null ? null : pose(file);
      const lp = posed && solveRestrictedLp(highs, posed.left.stage, posed.left.restrictions, idle);
      if (posed === null || lp === null) continue;
      const optimum = optimumOfMixtures(highs, posed) + lockedValue(posed.problem);
      const steps = { nodes: 1_000, lastNodes: 10_000 };
      const before = bound(posed, lp, { ...steps, rounds: 0 }) - optimum;
      const after = bound(posed, lp, { ...steps, rounds: 300 }) - optimum;
      posedCases += 1;
      if (after <= Math.max(ROUNDED, before / 100)) near += 1;
      if (after < -1) throw new Error(`case ${number}: ${after} cents below the optimum`);
    }
    expect(near / posedCases).toBeGreaterThan(0.95);
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
      const profit = stage.net.map((net) => Math.round(net * 0.9));
      for (const [j, rows] of rowsOf(posed).own.entries()) {
        const best = allHeld(posed, j, rows).reduce(
          (most, { options, fill }) => Math.max(most, worthOf(profit, options) - pairOff(stage, j, fill)),
          -Infinity,
        );
        const options = [...stage.trade.keys()].filter((o) => stage.trade[o] === j);
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

  it('holds thousands of loans', () => {
    const loans = Array.from({ length: 20_000 }, (_, i) => ({ id: `L${i}`, amount: `${200_000 + i}.00` }));
    const { stage, restrictions } = pose({
      loans,
      trades: [{ id: 'T', min: '3000000000.00', max: '4000000000.00', pair_off_points: 1 }],
      candidates: loans.map(({ id }, i) => ({ loan: id, trade: 'T', score: 1 + (i % 7) / 8 })),
      limits: [{ id: 'most', trades: ['T'], kind: 'count', max: loans.length }],
      options: { mode: 'global', reservation_price: 0 },
    })!.left;
    const composer = new TradeComposer(stage, restrictions, 0, [...stage.trade.keys()], [0]);
    const { options, bound: upper } = composer.compose(stage.net, new Float64Array(1), 100_000);
    const worth = worthOf(stage.net, options);
    expect(options.length).toBeGreaterThan(15_000);
    expect(upper).toBeGreaterThanOrEqual(worth);
    expect(upper - worth).toBeLessThan(1e-4 * worth);
  });
});
