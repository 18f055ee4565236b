import { lockedAssignment } from '@powerfill/core/allocation/stage/assignment';
import { type Compositions, relaxByCompositions } from '@powerfill/core/allocation/compositions/compositions';
import { conditionsOf } from '@powerfill/core/allocation/stage/conditions';
import { type Core, coresOf } from '@powerfill/core/allocation/modes/core-stage';
import { highsRuntime } from '@powerfill/core/allocation/relaxation/highs-runtime';
import { possibleStage } from '@powerfill/core/allocation/stage/possible-options';
import { type Problem } from '@powerfill/core/allocation/problem/problem';
import { readProblem } from '@powerfill/core/allocation/problem/read-problem';
import { type RelaxedStage } from '@powerfill/core/allocation/modes/relaxed-stage';
import { solveRestrictedLp } from '@powerfill/core/allocation/relaxation/restricted-lp';
import { wholeStage } from '@powerfill/core/allocation/stage/stage';
import { type Stage } from '@powerfill/core/allocation/stage/stage';
import { plantedProblem } from '../../../bench/planted/problem';

const idle = (): void => undefined;

/** Moves a loan. */
const MANY_LOANS = 1_000;
const FEW_LOANS = 100_000;

interface Cored {
  problem: Problem;
  whole: RelaxedStage;
  compositions: Compositions;
  narrow: Core | undefined;
  core: Core | undefined;
  all: Core | undefined;
}

async function coreOf(loans: number, pools: number): Promise<Cored> {
  const highs = await highsRuntime();
  const problem = readProblem(plantedProblem({ loans, pools, groups: 5, options: 8, seed: 3 }).file);
  const conditions = conditionsOf(problem);
  const fixed = lockedAssignment(problem);
  const { stage, restrictions } = possibleStage(problem, conditions, wholeStage(problem), fixed.candidate, idle)!;
  const lp = solveRestrictedLp(highs, stage, restrictions, idle)!;
  const budget = { rounds: 100, nodes: 1_000, lastNodes: 1_000 };
  const compositions = relaxByCompositions(stage, restrictions, lp, problem.loans.upb * 0.5e-4, budget, idle);
  const whole = { stage, restrictions, lp, leads: compositions.leads };
  const offered = (movesOfLoan: number): Core[] =>
    coresOf({ problem, conditions, fixed }, whole, compositions, movesOfLoan, highs, idle);
  const [narrow, core] = offered(MANY_LOANS);
  const [, all] = offered(FEW_LOANS);
  return { problem, whole, compositions, narrow, core, all };
}

/** Of each loan of the problem the candidates that the stage offers. */
function offeredBy(stage: Stage): Map<number, number[]> {
  return new Map(
    Array.from(stage.loans, (loan, s) => [loan, Array.from(stage.candidate.slice(stage.start[s], stage.start[s + 1]))]),
  );
}

describe('the core of a stage', () => {
  let cored: Cored;

  beforeAll(async () => {
    cored = await coreOf(300, 40);
  });

  it('offers a part of what the whole offers, two candidates a loan at least, and all that compositions take', () => {
    const { whole, core, compositions } = cored;
    const [all, few] = [offeredBy(whole.stage), offeredBy(core!.stage)];
    expect([...few.keys()]).toEqual([...all.keys()]);
    for (const [loan, candidates] of few) {
      expect(all.get(loan)).toEqual(expect.arrayContaining(candidates));
      expect(candidates.length).toBeGreaterThanOrEqual(Math.min(2, all.get(loan)!.length));
    }
    const inCore = new Set(core!.stage.candidate);
    compositions.taken.forEach((share, o) => {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
      if (share > 0.01) expect(inCore.has(whole.stage.candidate[o]!)).toBe(true);
    });
    expect(core!.stage.candidate.length).toBeLessThan(whole.stage.candidate.length * 0.7);
  });

  it('is offered in two widths, one within the other', () => {
    const [few, more] = [offeredBy(cored.narrow!.stage), offeredBy(cored.core!.stage)];
    expect([...few.keys()]).toEqual([...more.keys()]);
    for (const [loan, candidates] of few) {
      expect(candidates.length).toBeGreaterThan(0);
      expect(more.get(loan)).toEqual(expect.arrayContaining(candidates));
    }
    expect(cored.narrow!.stage.candidate.length).toBeLessThan(cored.core!.stage.candidate.length);
  });

  it('is the whole where loans are few', () => {
    const { whole, all, compositions } = cored;
    expect(all!.stage.candidate).toEqual(whole.stage.candidate);
    expect(all!.dive.taken).toEqual(compositions.taken);
    expect(all!.dive.multipliers).toEqual(compositions.multipliers);
  });

  it('starts a dive from what the relaxation of the whole ended with', () => {
    const { whole, core, compositions } = cored;
    const { multipliers, taken } = core!.dive;
    const shareOf = new Map(Array.from(whole.stage.candidate, (c, o) => [c, compositions.taken[o]]));
    core!.stage.candidate.forEach((c, o) => expect(taken[o]).toBe(shareOf.get(c)));
    const priceOf = new Map(whole.restrictions.source.map((row, r) => [row, compositions.multipliers.rowPrice[r]]));
    expect(multipliers.rowPrice).toHaveLength(core!.restrictions.rowCount);
    core!.restrictions.source.forEach((row, r) => expect(multipliers.rowPrice[r]).toBe(priceOf.get(row)));
    const loanPriceOf = new Map(Array.from(whole.stage.loans, (i, s) => [i, compositions.multipliers.loanPrice[s]]));
    core!.stage.loans.forEach((i, s) => expect(multipliers.loanPrice[s]).toBe(loanPriceOf.get(i)));
  });

  it('knows what the trades would choose by its own options', () => {
    const { whole, core, compositions } = cored;
    const profit = new Map(Array.from(whole.stage.candidate, (c, o) => [c, compositions.leads.profit[o]]));
    core!.stage.candidate.forEach((c, o) => expect(core!.leads!.profit[o]).toBe(profit.get(c)));
    core!.leads!.compositions.forEach(({ options, bound }, j) => {
      const led = compositions.leads.compositions[j]!;
      expect(bound).toBe(led.bound);
      const candidates = options.map((o) => core!.stage.candidate[o]!);
      expect(Array.from(led.options, (o) => whole.stage.candidate[o]!)).toEqual(expect.arrayContaining(candidates));
      for (const o of options) expect(core!.stage.trade[o]).toBe(j);
    });
  });

  it('is not made of a stage that is solved as one program', async () => {
    const { whole, core } = await coreOf(40, 8);
    expect(whole.stage.candidate.length).toBeGreaterThan(0);
    expect(core).toBeUndefined();
  });
});
