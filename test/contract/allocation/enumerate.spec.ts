import { auditSolution, type FindingCode } from '@powerfill/core/audit';
import { Prng } from '../../../bench/prng';
import { classCeilings, enumerate, feasibleAssignments } from './enumerate';
import { FAMILIES, smallCase } from './small-cases';

/** What the audit says of the placement itself, apart from the lines that explain it. */
const PLACEMENT_CODES: readonly FindingCode[] = [
  'LOCKED_LOAN_MOVED',
  'LOAN_NOT_PLACED',
  'TRADE_OVERFILLED',
  'MUST_REACH_MISSED',
  'LIMIT_BROKEN',
  'NO_SUCH_CANDIDATE',
  'UNREADABLE',
];

describe('the enumeration', () => {
  it('finds the optimum of a case worked out by hand', () => {
    // Reservation 100. A: 1,000 at T1, 2,000 at T2; B: 3,000 at T1 (values 100,000 x 1 %, 2 % and 3 %).
    // T1 has room for one of them and pays 0.5 % of 100,000 = 500 when empty; T2 gives 0.25 % = 250 back when empty.
    // A to T2, B to T1: 2,000 + 3,000 = 5,000, no pair-off. B alone: 3,000 + 250 = 3,250.
    const file = {
      loans: [
        { id: 'A', amount: 100000 },
        { id: 'B', amount: 100000 },
      ],
      trades: [
        { id: 'T1', target: 100000, max: 100000, pair_off_points: 0.5 },
        { id: 'T2', target: 100000, pair_off_points: -0.25 },
      ],
      candidates: [
        { loan: 'A', trade: 'T1', score: 101, priority: 1 },
        { loan: 'A', trade: 'T2', score: 102, priority: 2 },
        { loan: 'B', trade: 'T1', score: 103, priority: 2 },
      ],
      options: { reservation_price: 100 },
    };
    expect(enumerate(file)).toEqual({ optimum: 500_000, classes: [500_000], shortfall: 0, assignment: [1, 0] });

    // By priority A takes T1 first: V_1 = 1,000 + 500 saved; nothing is left for B. T2 stays empty and gives 250.
    const ordered = { ...file, options: { ...file.options, mode: 'priority' as const } };
    expect(enumerate(ordered)).toEqual({ optimum: 125_000, classes: [150_000, 0], shortfall: 0, assignment: [0, -1] });
    // Were class 1 content with nothing, class 2 could reach A to T2 (2,000 - 250) and B to T1 (3,000 + 500).
    expect(classCeilings(ordered, [0, 0])).toEqual([150_000, 525_000]);

    // No loan fits under this total of T1: only A in T2 is left (2,000), and T1 pays its 500.
    const tight = { id: 'x', trades: ['T1'], kind: 'total' as const, max: 99999.99 };
    expect(enumerate({ ...file, limits: [tight] })).toMatchObject({ optimum: 150_000, assignment: [1, -1] });
  });

  it.each(FAMILIES)('agrees with the audit on what is feasible and on the optimum ($name)', (family) => {
    let both = 0;
    for (let number = 0; number < 40; number += 1) {
      const file = smallCase(family, number);
      if (file.candidates.length > 22) continue;
      const feasible = feasibleAssignments(file);
      const random = new Prng(number);
      const verdict = (assignment: readonly number[], claims: object): FindingCode[] => {
        const assignments = file.loans.map((loan, at) => ({
          loan: loan.id,
          trade: file.trades[assignment[at] ?? -1]?.id ?? null,
        }));
        const report = auditSolution(file, {
          assignments,
          upper_bound: '1e12',
          gap_bp_of_upb: 0,
          kickouts: [],
          trades: [],
          ...claims,
        });
        return report.passed ? [] : report.findings.map(({ code }) => code);
      };
      const none = { objective: 0, gap_usd: 0, classes: [] };
      for (let trial = 0; trial < 20; trial += 1) {
        const assignment = file.loans.map((loan) => {
          const options = file.candidates.filter((candidate) => candidate.loan === loan.id);
          const option = options.length === 0 || random.chance(300) ? undefined : random.pick(options).trade;
          return file.trades.findIndex(({ id }) => id === option);
        });
        const faults = verdict(assignment, none).filter((code) => PLACEMENT_CODES.includes(code));
        expect({ number, assignment, passes: faults.length === 0 }).toEqual({
          number,
          assignment,
          passes: feasible.has(assignment.join()),
        });
      }
      const best = enumerate(file);
      expect(best.optimum === null).toBe(feasible.size === 0);
      if (best.optimum === null) continue;
      both += 1;
      const priorities = [...new Set(file.candidates.map(({ priority }) => priority ?? Infinity))].sort((a, b) =>
        a < b ? -1 : 1,
      );
      const dollars = (cents: number): string => (cents / 100).toFixed(2);
      const classes = priorities.map((priority, step) => ({
        priority: priority === Infinity ? null : priority,
        objective: dollars(best.classes[step] ?? 0),
        upper_bound: dollars(best.classes[step] ?? 0),
        gap_usd: 0,
      }));
      const faults = verdict(best.assignment, { objective: dollars(best.optimum), gap_usd: 0, classes });
      for (const code of ['OBJECTIVE_WRONG', 'CLASS_VALUE_WRONG', 'CLASSES_WRONG', ...PLACEMENT_CODES]) {
        expect({ number, faults }).toEqual({ number, faults: faults.filter((fault) => fault !== code) });
      }
    }
    expect(both).toBeGreaterThan(5);
  });
});
