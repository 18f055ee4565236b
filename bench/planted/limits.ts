import { type LimitInput } from '@powerfill/core/allocation/problem/problem-file';
import { type MarketLoan } from '../market/loans';
import { type Prng } from '../prng';
import { HIGH_BALANCE_SHARE, type Planting } from './plant';
import { type Pool } from './pools';

type Average = 'fico' | 'ltv' | 'dti';

/** How far a bound stands from the planted value, in thousandths of it. */
function slack(random: Prng): number {
  return random.pick([1, 2, 5, 10]);
}

/** `value` moved by thousandths, as a number with `places` decimals that the planted value still satisfies. */
function bound(value: number, thousandths: number, places: number, side: 'min' | 'max'): number {
  const unit = 10 ** places;
  const moved = value * unit * (1 + (side === 'max' ? thousandths : -thousandths) / 1_000);
  return (side === 'max' ? Math.ceil(moved) : Math.floor(moved)) / unit;
}

function money(cents: number): string {
  const digits = String(cents).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function groupLimit(random: Prng, id: string, trades: string[], inside: readonly MarketLoan[]): LimitInput {
  const dollars = inside.reduce((sum, loan) => sum + loan.amount, 0);
  const average = (of: (loan: MarketLoan) => number): number =>
    inside.reduce((sum, loan) => sum + loan.amount * of(loan), 0) / dollars;
  const part = (met: (loan: MarketLoan) => boolean, byCount: boolean): number =>
    byCount ? inside.filter(met).length / inside.length : average((loan) => (met(loan) ? 1 : 0));
  const base = { id, trades };
  switch (random.between(0, 6)) {
    case 0:
      return {
        ...base,
        kind: 'weighted_average',
        attribute: 'fico',
        min: bound(
          average(({ fico }) => fico),
          1,
          2,
          'min',
        ),
      };
    case 1: {
      const attribute: Average = random.pick(['ltv', 'dti']);
      const max = bound(
        average((loan) => loan[attribute]),
        slack(random),
        2,
        'max',
      );
      return { ...base, kind: 'weighted_average', attribute, max };
    }
    case 2:
    case 3: {
      const state = random.pick(['CA', 'TX', 'FL']);
      const byCount = random.chance(600);
      const value = part((loan) => loan.state === state, byCount);
      const kind = byCount ? 'count_share' : 'share';
      return random.chance(700)
        ? { ...base, kind, where: { state }, max: bound(value, slack(random), 5, 'max') }
        : { ...base, kind, where: { state }, min: bound(value, slack(random), 5, 'min') };
    }
    case 4: {
      const value = part((loan) => loan.occupancy !== 'primary', true);
      const where = { occupancy: ['investor', 'second home'] };
      return { ...base, kind: 'count_share', where, max: bound(value, slack(random), 5, 'max') };
    }
    case 5: {
      const least = Math.floor((dollars / 1_000) * (1_000 - slack(random)));
      const most = Math.ceil((dollars / 1_000) * (1_000 + slack(random)));
      return { ...base, kind: 'total', min: money(least), max: money(most) };
    }
    default:
      return {
        ...base,
        kind: 'count',
        where: { state: ['CA', 'NY', 'NJ'] },
        max: Math.ceil(inside.filter(({ state }) => ['CA', 'NY', 'NJ'].includes(state)).length * 1.01),
      };
  }
}

/** The high-balance share of every pool, and limits over groups of pools that the planted solution barely keeps. */
export function plantedLimits(random: Prng, pools: readonly Pool[], planting: Planting, groups: number): LimitInput[] {
  const share: LimitInput = {
    id: 'high-balance',
    trades: pools.map(({ id }) => id),
    kind: 'share',
    where: { hb: 1 },
    max: HIGH_BALANCE_SHARE / 1_000,
    per_trade: true,
  };
  const limits: LimitInput[] = [share];
  while (limits.length <= groups) {
    const size = random.pick([6, 3, 2, 1]);
    const members = pools.map((_, at) => at).filter(() => random.between(1, size) === 1);
    const chosen = new Set(members);
    const inside = planting.loans.filter((_, at) => chosen.has(planting.pools[at] ?? -1));
    if (inside.length < 10) continue;
    const trades = members.map((at) => pools[at]?.id ?? '');
    limits.push(groupLimit(random, `group-${limits.length}`, trades, inside));
  }
  return limits;
}
