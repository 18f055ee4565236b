import {
  type CandidateInput,
  type LimitInput,
  type LoanInput,
  type OptionsInput,
  type ProblemFile,
  type TradeInput,
} from '@powerfill/core/allocation/problem/problem-file';
import { Prng } from '../../../bench/prng';

/** What the cases of a family may contain beside rooms, tolerances, pair-offs, locks and switch costs. */
export interface Family {
  name: string;
  mode: 'global' | 'priority';
  limits: boolean;
  mustReach: boolean;
  placeAll: boolean;
  relax: boolean;
}

const PLAIN = { limits: false, mustReach: false, placeAll: false, relax: false };

export const FAMILIES: readonly Family[] = [
  { ...PLAIN, name: 'global', mode: 'global' },
  { ...PLAIN, name: 'priority', mode: 'priority' },
  { ...PLAIN, name: 'global, must_reach', mode: 'global', mustReach: true },
  { ...PLAIN, name: 'priority, must_reach', mode: 'priority', mustReach: true },
  { ...PLAIN, name: 'global, place_all', mode: 'global', placeAll: true },
  { ...PLAIN, name: 'priority, place_all', mode: 'priority', placeAll: true },
  { ...PLAIN, name: 'global, limits', mode: 'global', limits: true, mustReach: true },
  { ...PLAIN, name: 'priority, limits', mode: 'priority', limits: true, mustReach: true },
  { ...PLAIN, name: 'global, limits, place_all', mode: 'global', limits: true, mustReach: true, placeAll: true },
  { ...PLAIN, name: 'global, limits, relaxed', mode: 'global', limits: true, mustReach: true, relax: true },
  { ...PLAIN, name: 'priority, limits, relaxed', mode: 'priority', limits: true, mustReach: true, relax: true },
];

/** More combinations than this take the enumeration too long. */
const MAX_COMBINATIONS = 60_000;
const STATES = ['CA', 'TX', 'NY'];

function money(cents: number): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function loansOf(random: Prng, trades: readonly string[]): LoanInput[] {
  const count = random.weighted([
    [random.between(1, 4), 2],
    [random.between(5, 8), 5],
    [random.between(9, 12), 3],
  ]);
  const equal = random.chance(80) ? random.between(50, 600) * 100_000 : 0;
  const withLocks = random.chance(300);
  const giant = random.chance(50);
  return Array.from({ length: count }, (_, at) => {
    const round = random.between(50, 600) * 100_000;
    const cents =
      equal || (giant && at === 0 ? round * 20 : random.chance(200) ? round + random.between(1, 99_999) : round);
    const loan: LoanInput = { id: `L${at + 1}`, amount: random.chance(500) ? money(cents) : cents / 100 };
    const attributes: NonNullable<LoanInput['attributes']> = {
      fico: random.between(620, 820),
      hb: random.chance(250) ? 1 : 0,
    };
    if (random.chance(900)) attributes['state'] = random.pick(STATES);
    if (random.chance(200)) attributes['fico'] = `${random.between(620, 820)}.${random.between(0, 99)}`;
    loan.attributes = attributes;
    if (random.chance(300)) loan.current_trade = random.pick(trades);
    if (withLocks && loan.current_trade !== undefined && random.chance(400)) loan.locked = true;
    if (random.chance(200)) loan.reservation = random.pick([98.5, '99.125', 100, 101.25]);
    return loan;
  });
}

function tradeOf(random: Prng, id: string, total: number, family: Family): TradeInput {
  const trade: TradeInput = { id };
  // From a trade smaller than any loan to one larger than all of them.
  const size = Math.max(
    1,
    Math.floor(
      (total *
        random.weighted([
          [random.between(1, 20), 1],
          [random.between(20, 80), 6],
          [150, 1],
        ])) /
        100,
    ),
  );
  const tolerance = random.pick([0, 0.0001, 0.025, 0.2]);
  const slack = Math.floor(size * tolerance);
  const shape = random.between(0, 9);
  if (shape >= 2) trade.target = money(size);
  if (shape >= 3 || shape === 1) trade.min = money(size - slack);
  if (shape >= 2 && random.chance(850)) trade.max = money(size + slack);
  if (shape === 0 && random.chance(500)) trade.max = money(size);
  if (random.chance(700)) trade.pair_off_points = random.pick([0.125, '0.5', 2.75, -0.25, '-1.5', '0.00000001']);
  if (family.mustReach && random.chance(400))
    trade.must_reach = money(Math.floor((size * random.pick([30, 60, 95, 120])) / 100));
  return trade;
}

function candidatesOf(
  random: Prng,
  loans: readonly LoanInput[],
  trades: readonly string[],
  family: Family,
): CandidateInput[] {
  const flat = random.chance(100);
  const priorities = random.pick([[10, 20], [10, 20, 30], [5]]);
  let combinations = 1;
  const found: CandidateInput[] = [];
  for (const loan of loans) {
    const room = Math.floor(MAX_COMBINATIONS / combinations) - 1;
    const wanted = random.weighted([
      [0, family.placeAll ? 0 : 1],
      [1, 3],
      [2, 5],
      [3, 4],
      [4, 2],
    ]);
    const options = new Set(
      random.shuffled(trades).slice(0, Math.max(Math.min(wanted, room), family.placeAll ? 1 : 0)),
    );
    if (loan.locked && loan.current_trade !== undefined) options.add(loan.current_trade);
    combinations *= loan.locked ? 1 : options.size + 1;
    for (const trade of options) {
      const eighths = random.between(98 * 8, 103 * 8) / 8;
      const score = flat
        ? 100.5
        : random.chance(700)
          ? eighths
          : `${Math.floor(eighths)}.${String(random.between(0, 99_999_999)).padStart(8, '0')}`;
      const candidate: CandidateInput = { loan: loan.id, trade, score };
      if (family.mode === 'priority' && random.chance(850)) candidate.priority = random.pick(priorities);
      found.push(candidate);
    }
  }
  return random.shuffled(found);
}

function limitOf(random: Prng, id: string, trades: readonly string[], total: number, loans: number): LimitInput {
  const kind = random.pick(['share', 'weighted_average', 'total', 'count', 'count_share'] as const);
  const limit: LimitInput = { id, trades: random.shuffled(trades).slice(0, random.between(1, trades.length)), kind };
  if (random.chance(400)) limit.per_trade = true;
  const where = random.pick([
    undefined,
    {},
    { hb: 1 },
    { state: 'CA' },
    { state: ['CA', 'NY'] },
    { hb: 0, state: 'TX' },
  ]);
  const ratio = kind === 'share' || kind === 'count_share';
  if (where !== undefined && (ratio || random.chance(600))) limit.where = where;
  if (kind === 'weighted_average') limit.attribute = 'fico';
  const value = (percent: number): number | string => {
    if (kind === 'total') return money(Math.floor((total * percent) / 200));
    if (kind === 'count') return Math.floor((loans * percent) / 150);
    return kind === 'weighted_average' ? 660 + percent : percent === 33 ? '0.33333333' : percent / 100;
  };
  const side = random.between(0, 4);
  if (side <= 2) limit.max = value(random.pick([10, 33, 50, 75, 90]));
  if (side >= 2) limit.min = value(side === 2 ? 5 : random.pick([10, 20, 33, 50]));
  return limit;
}

/**
 * A small random problem, always well formed, often tight and sometimes without any solution. The same family and
 * number give the same case.
 */
export function smallCase(family: Family, number: number): ProblemFile {
  const random = new Prng(number * 64 + FAMILIES.indexOf(family));
  const names = ['T1', 'T2', 'T3', 'T4'].slice(0, random.between(1, 4));
  const loans = loansOf(random, names);
  const total = loans.reduce((sum, loan) => sum + Math.round(Number(loan.amount) * 100), 0);
  const candidates = candidatesOf(random, loans, names, family);
  const limits = family.limits ? random.between(1, 3) : 0;
  const options: OptionsInput = {
    mode: family.mode,
    reservation_price: random.pick([0, 99, '99.5', 100.25]),
    switch_cost_bp: random.pick([0, 0, 2.5, 40]),
  };
  if (family.placeAll) options.place_all = true;
  if (family.relax) options.unreachable = 'relax';
  return {
    loans,
    trades: names.map((id) => tradeOf(random, id, total, family)),
    candidates,
    limits: Array.from({ length: limits }, (_, at) => limitOf(random, `limit${at + 1}`, names, total, loans.length)),
    options,
  };
}
