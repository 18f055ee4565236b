import { lockedAssignment } from '@powerfill/core/allocation/stage/assignment';
import { dive, type DiveStart } from '@powerfill/core/allocation/compositions/composition-dive';
import { type Compositions, relaxByCompositions } from '@powerfill/core/allocation/compositions/compositions';
import { conditionsOf } from '@powerfill/core/allocation/stage/conditions';
import { highsRuntime } from '@powerfill/core/allocation/relaxation/highs-runtime';
import { pairOff } from '@powerfill/core/allocation/problem/pair-off';
import { possibleStage } from '@powerfill/core/allocation/stage/possible-options';
import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';
import { Random } from '@powerfill/core/allocation/random';
import { readProblem } from '@powerfill/core/allocation/problem/read-problem';
import { solveRestrictedLp } from '@powerfill/core/allocation/relaxation/restricted-lp';
import { wholeStage } from '@powerfill/core/allocation/stage/stage';
import { type Restrictions } from '@powerfill/core/allocation/stage/restrictions';
import { type Stage, type StageAssignment } from '@powerfill/core/allocation/stage/stage';
import { plantedProblem } from '../../../bench/planted/problem';
import { FAMILIES, smallCase } from './small-cases';

const CASES = 60;
const idle = (): void => undefined;
const families = FAMILIES.filter(({ mode, relax }) => mode === 'global' && !relax);

interface Posed {
  readonly stage: Stage;
  readonly restrictions: Restrictions;
  readonly compositions: Compositions;
  readonly start: DiveStart;
  readonly upb: number;
}

/** Null: nothing may be placed, or not all that must be. */
async function pose(file: ProblemFile, rounds: number): Promise<Posed | null> {
  const problem = readProblem(file);
  const fixed = lockedAssignment(problem).candidate;
  const left = possibleStage(problem, conditionsOf(problem), wholeStage(problem), fixed, idle);
  const lp = left && solveRestrictedLp(await highsRuntime(), left.stage, left.restrictions, idle);
  if (left === null || lp === null) return null;
  const { stage, restrictions } = left;
  const { upb } = problem.loans;
  const budget = { rounds, nodes: 1_000, lastNodes: 1_000 };
  const compositions = relaxByCompositions(stage, restrictions, lp, upb * 0.5e-4, budget, idle);
  const { multipliers, taken, lead } = compositions;
  return { stage, restrictions, compositions, start: { multipliers, taken, lead, nodes: budget.nodes }, upb };
}

function diveFrom({ stage, restrictions, start }: Posed, seed: number): StageAssignment {
  return dive(stage, restrictions, start, new Random(seed), idle);
}

/** Nothing that is settled may be against a room or against itself. */
function fault({ stage }: Posed, { option, fill }: StageAssignment): string | null {
  const summed = stage.baseFill.slice();
  for (const [s, o] of option.entries()) {
    if (o < 0) continue;
    if (stage.loanOf[o] !== s) return `loan ${s} has an option of another`;
    summed[stage.trade[o]!]! += stage.amount[s]!;
  }
  if (summed.some((cents, j) => cents !== fill[j])) return 'a fill is not the sum of its loans';
  const over = summed.findIndex((cents, j) => cents > stage.room[j]!);
  return over < 0 ? null : `trade ${over} holds more than its room`;
}

describe('a dive through the relaxation by compositions', () => {
  let planted: Posed;

  beforeAll(async () => {
    planted = (await pose(plantedProblem({ loans: 300, pools: 40, groups: 5, options: 8, seed: 3 }).file, 200))!;
  });

  it('places nearly all loans, and what it places is worth nearly the bound', () => {
    const { stage, compositions, upb } = planted;
    const dived = diveFrom(planted, 1);
    expect(fault(planted, dived)).toBeNull();
    const placed = dived.option.filter((o) => o >= 0);
    expect(placed.length).toBeGreaterThan(0.95 * stage.loans.length);
    const { relaxation, multipliers } = compositions;
    const { bound } = relaxation.evaluate(multipliers, 1_000, idle);
    const worth = placed.reduce((sum, o) => sum + stage.net[o]!, 0);
    const value = dived.fill.reduce((sum, cents, j) => sum - pairOff(stage, j, cents), worth);
    expect(value).toBeGreaterThan(bound - 3e-4 * upb);
  });

  it('leaves few loans for the rows of several trades to be met', () => {
    const { restrictions } = planted;
    const { option } = diveFrom(planted, 1);
    const left = restrictions.bound.slice();
    for (const o of option) {
      if (o < 0) continue;
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
        left[restrictions.row[n]!]! -= restrictions.coefficient[n]!;
    }
    expect(left.filter((cents) => cents >= 0).length).toBeGreaterThan(0.9 * restrictions.rowCount);
  });

  it('ends the same from the same seed, and elsewhere from another', () => {
    const first = diveFrom(planted, 1);
    expect(diveFrom(planted, 1)).toEqual(first);
    expect(diveFrom(planted, 2)).not.toEqual(first);
  });

  it('stops where it is told to', () => {
    const { stage, restrictions, start } = planted;
    let looks = 0;
    const shares: number[] = [];
    const stop = (share: number): void => {
      shares.push(share);
      if (++looks === 1_000) throw new Error('stopped');
    };
    expect(() => dive(stage, restrictions, start, new Random(1), stop)).toThrow('stopped');
    expect(Math.min(...shares)).toBe(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });

  it.each(families)('keeps to rooms and ends, from any multipliers ($name)', async (family) => {
    const random = new Random(11);
    let dived = 0;
    for (let number = 0; number < CASES; number += 1) {
      const posed = await pose(smallCase(family, number), 20);
      if (posed === null) continue;
      const absurd = {
        ...posed.start,
        multipliers: {
          loanPrice: posed.start.multipliers.loanPrice.map((price) => price * 10 * random.unit()),
          rowPrice: posed.start.multipliers.rowPrice.map(() => random.unit() * 1e6),
        },
        taken: posed.start.taken.map(() => random.unit()),
        nodes: random.below(3),
      };
      for (const start of [posed.start, absurd]) {
        const found = fault(posed, diveFrom({ ...posed, start }, number));
        if (found !== null) throw new Error(`case ${number}: ${found}`);
      }
      dived += 1;
    }
    expect(dived).toBeGreaterThan(CASES / 10);
  });
});
