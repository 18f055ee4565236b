import { auditAssignment } from '@powerfill/core/audit';
import { LARGE_PLANTED, PLANTED_CASES, plantedProblem, type PlantedSpec } from './problem';

/** Every seventh case; the bench itself runs them all. */
const named = [...PLANTED_CASES.filter((_, at) => at % 7 === 0), LARGE_PLANTED].map((spec): [string, PlantedSpec] => [
  `${spec.loans} loans x ${spec.pools} pools, seed ${spec.seed}`,
  spec,
]);

describe('a planted case', () => {
  it.each(named)('has the solution it was built around (%s)', (_, spec) => {
    const { file, assignments } = plantedProblem(spec);
    expect(auditAssignment(file, assignments).report).toEqual({ passed: true });
    expect(file.loans.length).toBeGreaterThan(spec.loans * 0.75);
    expect(file.limits).toHaveLength(spec.groups + 1);
  });

  it('has the size issue 3 asks for', () => {
    const { file } = plantedProblem(LARGE_PLANTED);
    expect(Math.abs(file.loans.length - 3_500)).toBeLessThan(200);
    expect(file.trades).toHaveLength(450);
    expect(Math.abs(file.candidates.length - 46_000)).toBeLessThan(3_000);
  });

  it('is the same every time', () => {
    const spec = PLANTED_CASES[3] ?? LARGE_PLANTED;
    expect(plantedProblem(spec)).toEqual(plantedProblem(spec));
  });
});
