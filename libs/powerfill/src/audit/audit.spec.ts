import { auditSolution, type AuditReport, type FindingCode } from './index';

type Json = Record<string, unknown>;

/**
 * Four loans, three trades, reservation 99 for all but L4 (its own: 100).
 *
 *     L1 -> T1  250,000.00 x (101.50 - 99) / 100  =   6,250.00
 *     L2 -> T3  400,000.00 x (100.25 - 99) / 100  =   5,000.00, less the switch from T2: 2 bp of 400,000 = 80.00
 *     L3 -> T1  300,000.00 x (101.00 - 99) / 100  =   6,000.00  (locked)
 *     L4 stays out
 *     T1 holds 550,000 >= min 500,000: owes nothing
 *     T2 is empty: 0.125 % of 1,000,000 = 1,250.00
 *     T3 owes nothing, having no target
 *     objective = 6,250 + 5,000 - 80 + 6,000 - 1,250 = 15,920.00
 *     limits: hb on T1 = 250 / 550 = 0.45454545; fico on T1 and T3 = (250 x 740 + 400 x 700 + 300 x 760) / 950 = 729.47368421
 *     ca = 1 of 3 placed loans = 0.33333333; tx = 1 of 1 in T2 and T3; cap on T3 = 400,000; two = 2 loans in T1
 *     (L3 alone: hb 0, fico 760, ca 0, so the locked loans break nothing)
 *     UPB 1,100,000.00; gap 80.00 / 1,100,000.00 = 0.727273 bp
 */
function problem(): { loans: Json[]; trades: Json[]; candidates: Json[]; limits: Json[]; options: Json } {
  return {
    loans: [
      { id: 'L1', amount: '250000.00', attributes: { fico: 740, hb: 1, state: 'CA' } },
      { id: 'L2', amount: 400000, current_trade: 'T2', attributes: { fico: '700', hb: 0, state: 'TX' } },
      { id: 'L3', amount: '300000', current_trade: 'T1', locked: true, attributes: { fico: 760, hb: 0, state: 'WA' } },
      { id: 'L4', amount: '150000', reservation: 100, attributes: { fico: 600, hb: 0, state: 'NY' } },
    ],
    trades: [
      { id: 'T1', target: '600000', min: '500000', max: '650000', pair_off_points: 0.25, must_reach: 500000 },
      { id: 'T2', min: '1000000', max: '1100000', pair_off_points: '0.125' },
      { id: 'T3', max: '400000.00' },
    ],
    candidates: [
      { loan: 'L1', trade: 'T1', score: 101.5, priority: 10 },
      { loan: 'L1', trade: 'T2', score: 101, priority: 10 },
      { loan: 'L2', trade: 'T2', score: 99.5, priority: 20 },
      { loan: 'L2', trade: 'T3', score: '100.25', priority: 20 },
      { loan: 'L3', trade: 'T1', score: 101 },
      { loan: 'L3', trade: 'T3', score: 102, priority: 10 },
      { loan: 'L4', trade: 'T2', score: 101 },
      { loan: 'L4', trade: 'T3', score: 101 },
    ],
    limits: [
      { id: 'hb', trades: ['T1'], kind: 'share', where: { hb: 1 }, max: 0.46, per_trade: true },
      { id: 'fico', trades: ['T1', 'T3'], kind: 'weighted_average', attribute: 'fico', min: 729, max: 765 },
      { id: 'ca', trades: ['T1', 'T2', 'T3'], kind: 'count_share', where: { state: 'CA' }, max: 0.7 },
      { id: 'tx', trades: ['T2', 'T3'], kind: 'count_share', where: { state: ['TX', 'FL'] }, min: 0.5 },
      { id: 'cap', trades: ['T3'], kind: 'total', max: '400000.00', min: '100000' },
      { id: 'two', trades: ['T1'], kind: 'count', min: 2 },
    ],
    options: { mode: 'global', reservation_price: 99, switch_cost_bp: 2 },
  };
}

function result(): Json & { assignments: Json[]; trades: Json[]; limits: Json[]; kickouts: Json[] } {
  return {
    assignments: [
      { loan: 'L1', trade: 'T1' },
      { loan: 'L2', trade: 'T3' },
      { loan: 'L3', trade: 'T1' },
      { loan: 'L4', trade: null },
    ],
    objective: '15920.00',
    upper_bound: '16000.00',
    gap_usd: '80.00',
    gap_bp_of_upb: '0.727273',
    greedy_objective: '15000.00',
    gain_over_greedy_usd: '920.00',
    trades: [
      { id: 'T1', fill: '550000.00', status: 'Filled', shadow_price: '0' },
      { id: 'T2', fill: '0.00', status: 'Empty', shadow_price: '0' },
      { id: 'T3', fill: '400000.00', status: 'Filled', shadow_price: '0' },
    ],
    limits: [
      { id: 'hb@T1', value: '0.45454545' },
      { id: 'fico', value: '729.47368421' },
      { id: 'ca', value: '0.33333333' },
      { id: 'tx', value: '1' },
      { id: 'cap', value: '400000.00' },
      { id: 'two', value: '2' },
    ],
    kickouts: [{ loan: 'L4', code: 'NO_ROOM', nearest_trade: 'T3', margin_points: '0', displaced_by: 'L2' }],
  };
}

/**
 * The same in priority mode. Classes 10 (L1), 20 (L2), then the pairs without a priority (L3, locked).
 * Pair-off of the locked fills: T1 0.25 % of (600,000 - 300,000) = 750.00, T2 1,250.00.
 *     V(10)   = 6,250 - (1,250 - 2,000) = 7,000.00, since L1 carries T1 over its min
 *     V(20)   = 5,000 - 80 = 4,920.00
 *     V(none) = 6,000.00
 * Sum 17,920.00 less the 2,000.00 the locked fills owe = 15,920.00, the objective.
 */
function priority(): { problem: ReturnType<typeof problem>; result: ReturnType<typeof result> } {
  const file = problem();
  file.options['mode'] = 'priority';
  const solved = result();
  solved['classes'] = [
    { priority: 10, objective: '7000.00', upper_bound: '7030.00', gap_usd: '30.00' },
    { priority: 20, objective: '4920.00', upper_bound: '4970.00', gap_usd: '50.00' },
    { priority: null, objective: '6000.00', upper_bound: '6000.00', gap_usd: '0.00' },
  ];
  return { problem: file, result: solved };
}

function codes(report: AuditReport): FindingCode[] {
  return report.passed ? [] : report.findings.map((finding) => finding.code);
}

function line(lines: unknown, at: number): Json {
  return (lines as Json[])[at] as Json;
}

describe('the audit passes a solution that keeps every condition', () => {
  it('in global mode', () => {
    expect(auditSolution(problem(), result())).toEqual({ passed: true });
  });

  it('in priority mode', () => {
    const solved = priority();
    expect(auditSolution(solved.problem, solved.result)).toEqual({ passed: true });
  });

  it('with nothing to allocate', () => {
    const empty = {
      assignments: [],
      objective: 0,
      upper_bound: 0,
      gap_usd: 0,
      gap_bp_of_upb: 0,
      trades: [],
      kickouts: [],
    };
    expect(auditSolution({ loans: [], trades: [], candidates: [] }, empty)).toEqual({ passed: true });
  });

  it('when locked loans alone overfill a trade and break a share, and the warnings say so', () => {
    const file = problem();
    line(file.trades, 0)['max'] = 500000;
    line(file.trades, 0)['target'] = 500000;
    line(file.loans, 0)['locked'] = true;
    line(file.loans, 0)['current_trade'] = 'T1';
    line(file.limits, 0)['max'] = 0.45;
    const solved = result();
    line(solved.trades, 0)['status'] = 'Overfilled';
    solved['warnings'] = [{ subject: 'T1' }, { subject: 'hb@T1' }];
    expect(auditSolution(file, solved)).toEqual({ passed: true });
    solved['warnings'] = [];
    expect(codes(auditSolution(file, solved))).toEqual(['WARNING_MISSING', 'WARNING_MISSING']);
  });

  it('when a minimum is missed under relax, and the warnings say so', () => {
    const file = problem();
    file.options['unreachable'] = 'relax';
    line(file.limits, 5)['min'] = 3;
    line(file.trades, 0)['must_reach'] = 600000;
    const solved = result();
    solved['warnings'] = [{ subject: 'T1' }, { subject: 'two' }];
    expect(auditSolution(file, solved)).toEqual({ passed: true });
    solved['warnings'] = [{ subject: 'two' }];
    expect(codes(auditSolution(file, solved))).toEqual(['WARNING_MISSING']);
  });
});

/** One way to spoil a right answer, and the code it must be caught with. */
interface Corruption {
  name: string;
  code: FindingCode;
  spoil: (file: ReturnType<typeof problem>, solved: ReturnType<typeof result>) => unknown;
}

const corruptions: Corruption[] = [
  {
    name: 'a loan the problem does not have',
    code: 'UNKNOWN_LOAN',
    spoil: (_, s) => (line(s.assignments, 3)['loan'] = 'L9'),
  },
  {
    name: 'a trade the problem does not have',
    code: 'UNKNOWN_TRADE',
    spoil: (_, s) => (line(s.assignments, 1)['trade'] = 'T9'),
  },
  {
    name: 'a loan in two trades',
    code: 'LOAN_TWICE',
    spoil: (_, s) => s.assignments.push({ loan: 'L1', trade: 'T2' }),
  },
  { name: 'a loan left out of the assignment', code: 'LOAN_MISSING', spoil: (_, s) => s.assignments.pop() },
  {
    name: 'a loan in a trade it may not go to',
    code: 'NO_SUCH_CANDIDATE',
    spoil: (_, s) => (line(s.assignments, 1)['trade'] = 'T1'),
  },
  {
    name: 'a locked loan in another trade',
    code: 'LOCKED_LOAN_MOVED',
    spoil: (_, s) => (line(s.assignments, 2)['trade'] = 'T3'),
  },
  {
    name: 'a locked loan taken out',
    code: 'LOCKED_LOAN_MOVED',
    spoil: (_, s) => (line(s.assignments, 2)['trade'] = null),
  },
  { name: 'a loan left out under place_all', code: 'LOAN_NOT_PLACED', spoil: (f) => (f.options['place_all'] = true) },
  {
    name: 'a trade filled one cent above its max',
    code: 'TRADE_OVERFILLED',
    spoil: (f) => (line(f.trades, 2)['max'] = '399999.99'),
  },
  {
    name: 'a loan added to a trade its locked loans overfill',
    code: 'TRADE_OVERFILLED',
    spoil: (f) => Object.assign(line(f.trades, 0), { target: 200000, min: 200000, max: 200000 }),
  },
  {
    name: 'a trade one cent short of what it must reach',
    code: 'MUST_REACH_MISSED',
    spoil: (f) => (line(f.trades, 0)['must_reach'] = '550000.01'),
  },
  { name: 'a share a hair above its max', code: 'LIMIT_BROKEN', spoil: (f) => (line(f.limits, 0)['max'] = 0.45454545) },
  {
    name: 'an average a hair below its min',
    code: 'LIMIT_BROKEN',
    spoil: (f) => (line(f.limits, 1)['min'] = 729.47368422),
  },
  {
    name: 'an average above its max',
    code: 'LIMIT_BROKEN',
    spoil: (f) => {
      // L1 and L2 at 900: (250 x 900 + 400 x 900 + 300 x 760) / 950 = 855.79, above 765.
      line(f.loans, 0)['attributes'] = { fico: 900, hb: 1, state: 'CA' };
      line(f.loans, 1)['attributes'] = { fico: 900, hb: 0, state: 'TX' };
    },
  },
  {
    name: 'a count share above its max',
    code: 'LIMIT_BROKEN',
    spoil: (f) => (line(f.limits, 2)['max'] = '0.33333333'),
  },
  {
    name: 'a count share below its min',
    code: 'LIMIT_BROKEN',
    spoil: (f) => (line(f.limits, 3)['where'] = { state: 'NY' }),
  },
  {
    name: 'a total one cent above its max',
    code: 'LIMIT_BROKEN',
    spoil: (f) => (line(f.limits, 4)['max'] = '399999.99'),
  },
  {
    name: 'a total one cent below its min',
    code: 'LIMIT_BROKEN',
    spoil: (f) => Object.assign(line(f.limits, 4), { min: '400000.01', max: 500000 }),
  },
  { name: 'a count below its min', code: 'LIMIT_BROKEN', spoil: (f) => (line(f.limits, 5)['min'] = 3) },
  {
    name: 'a count above its max',
    code: 'LIMIT_BROKEN',
    spoil: (f) => Object.assign(line(f.limits, 5), { min: 0, max: 1 }),
  },
  {
    name: 'an objective one cent too high',
    code: 'OBJECTIVE_WRONG',
    spoil: (_, s) => Object.assign(s, { objective: '15920.01', gap_usd: '79.99' }),
  },
  {
    name: 'an objective that forgets the pair-off',
    code: 'OBJECTIVE_WRONG',
    spoil: (_, s) => (s['objective'] = '17170.00'),
  },
  {
    name: 'an objective that forgets the switch cost',
    code: 'OBJECTIVE_WRONG',
    spoil: (_, s) => (s['objective'] = '16000.00'),
  },
  {
    name: 'an objective that ignores the reservation of a loan',
    code: 'OBJECTIVE_WRONG',
    spoil: (f) => (line(f.loans, 0)['reservation'] = 98),
  },
  {
    name: 'an upper bound below the objective',
    code: 'BOUND_BELOW_OBJECTIVE',
    spoil: (_, s) => Object.assign(s, { upper_bound: '15919.99', gap_usd: '-0.01' }),
  },
  { name: 'a gap that is not bound less objective', code: 'GAP_WRONG', spoil: (_, s) => (s['gap_usd'] = '8.00') },
  { name: 'a gap in bp of another UPB', code: 'GAP_WRONG', spoil: (_, s) => (s['gap_bp_of_upb'] = '0.842105') },
  {
    name: 'a greedy above the bound',
    code: 'GREEDY_ABOVE_BOUND',
    spoil: (f, s) => {
      f.limits = [];
      s.limits = [];
      line(f.trades, 0)['must_reach'] = 0;
      Object.assign(s, { greedy_objective: '16000.01', gain_over_greedy_usd: '-80.01' });
    },
  },
  {
    name: 'a gain over the greedy that does not add up',
    code: 'GAIN_WRONG',
    spoil: (_, s) => (s['gain_over_greedy_usd'] = '1000.00'),
  },
  {
    name: 'a fill that is not the sum of its loans',
    code: 'FILL_WRONG',
    spoil: (_, s) => (line(s.trades, 0)['fill'] = '600000.00'),
  },
  {
    name: 'a trade called filled that is empty',
    code: 'STATUS_WRONG',
    spoil: (_, s) => (line(s.trades, 1)['status'] = 'Filled'),
  },
  { name: 'a trade without a line', code: 'TRADES_WRONG', spoil: (_, s) => s.trades.pop() },
  {
    name: 'a limit value rounded the wrong way',
    code: 'LIMIT_VALUE_WRONG',
    spoil: (_, s) => (line(s.limits, 2)['value'] = '0.33333334'),
  },
  { name: 'a limit without a line', code: 'LIMITS_WRONG', spoil: (_, s) => s.limits.pop() },
  {
    name: 'a limit that is not in the problem',
    code: 'LIMITS_WRONG',
    spoil: (_, s) => s.limits.push({ id: 'x', value: null }),
  },
  { name: 'a kickout that is placed', code: 'KICKOUTS_WRONG', spoil: (_, s) => (line(s.kickouts, 0)['loan'] = 'L1') },
  { name: 'a kickout without a line', code: 'KICKOUTS_WRONG', spoil: (_, s) => s.kickouts.pop() },
  { name: 'a kickout without a code', code: 'KICKOUTS_WRONG', spoil: (_, s) => (line(s.kickouts, 0)['code'] = '') },
  { name: 'an objective that is no number', code: 'UNREADABLE', spoil: (_, s) => (s['objective'] = 'NaN') },
  { name: 'no objective at all', code: 'UNREADABLE', spoil: (_, s) => delete s['objective'] },
];

const priorityCorruptions: Corruption[] = [
  { name: 'no classes', code: 'UNREADABLE', spoil: (_, s) => delete s['classes'] },
  { name: 'classes in another order', code: 'CLASSES_WRONG', spoil: (_, s) => (s['classes'] as Json[]).reverse() },
  {
    name: 'a class value that forgets the pair-off its loans save',
    code: 'CLASS_VALUE_WRONG',
    spoil: (_, s) => Object.assign(line(s['classes'], 0), { objective: '6250.00', gap_usd: '780.00' }),
  },
  {
    name: 'a class bound below the class value',
    code: 'CLASS_BOUND_WRONG',
    spoil: (_, s) => Object.assign(line(s['classes'], 2), { upper_bound: '5999.99', gap_usd: '-0.01' }),
  },
  {
    name: 'class gaps that do not sum to the gap',
    code: 'GAP_WRONG',
    spoil: (_, s) => Object.assign(line(s['classes'], 2), { upper_bound: '6000.01', gap_usd: '0.01' }),
  },
  {
    name: 'an average that holds at the end, but not after the first class',
    code: 'LIMIT_BROKEN',
    spoil: (f) => {
      // L1 and L3 alone average (250 x 740 + 300 x 760) / 550 = 750.90..., above 740; L2 brings it down to 729.47.
      line(f.limits, 1)['max'] = 750;
      line(f.loans, 2)['locked'] = false;
      line(f.candidates, 4)['priority'] = 10;
    },
  },
];

describe('the audit catches a corrupted solution:', () => {
  it.each(corruptions)('$name ($code)', ({ code, spoil }) => {
    const [file, solved] = [problem(), result()];
    spoil(file, solved);
    expect(codes(auditSolution(file, solved))).toContain(code);
  });

  it.each(priorityCorruptions)('priority mode: $name ($code)', ({ code, spoil }) => {
    const solved = priority();
    spoil(solved.problem, solved.result);
    expect(codes(auditSolution(solved.problem, solved.result))).toContain(code);
  });

  it('and names where and both figures', () => {
    const solved = { ...result(), gap_usd: '8.00' };
    expect(auditSolution(problem(), solved)).toEqual({
      passed: false,
      omitted: 0,
      findings: [
        { code: 'GAP_WRONG', where: 'gap_usd', message: 'states 8.00, bound less objective is 80.00' },
        { code: 'GAP_WRONG', where: 'gap_bp_of_upb', message: 'states 727273 millionths of a bp, is 72727' },
      ],
    });
  });

  it('and keeps the list of findings short', () => {
    const report = auditSolution(
      { ...problem(), loans: [], candidates: [] },
      {
        assignments: Array.from({ length: 150 }, (_, at) => ({ loan: `X${at}`, trade: null })),
      },
    );
    expect(report).toMatchObject({ passed: false, omitted: 50 });
  });
});
