import type { LoanRow, LockdownRow, PoolRow, TradePoolRow } from '@powerfill/core/entities';
import { amountOf, balanceAfter, isClosed, paymentsMade } from './loans';
import type { SeededRandom } from './random';
import type { SampleTrade } from './trades';
import { dollars, percent } from './units';

interface PoolTemplate {
  /** Place of the designated trade in the trade templates; null = undesignated. */
  readonly trade: number | null;
  readonly instrument: 'UMBS30' | 'UMBS15' | 'GNII30';
  readonly coupon: number;
  /** Dollars, for 2,500 loans. */
  readonly amount: number;
  readonly story?: (loan: LoanRow) => boolean;
  /** `submitted` and `certified` pools are locked by upstream, `Y` and `O` by the desk. */
  readonly lock?: 'submitted' | 'certified' | 'Y' | 'O';
  readonly offCoupon?: boolean;
}

const MILLION = 1_000_000;
const upTo = (limit: number) => (loan: LoanRow) => (loan.orig_loan_amount ?? loan.loan_amount) <= dollars(limit);

const isLowBalance = upTo(110_000);

/** Twenty-two pools of about $205 MM, hard-to-fill ones first because they choose their loans first. */
const POOL_TEMPLATES: readonly PoolTemplate[] = [
  { trade: 34, instrument: 'UMBS30', coupon: 5.5, amount: 3 * MILLION, story: upTo(275_000) },
  { trade: 36, instrument: 'UMBS30', coupon: 6, amount: 2 * MILLION, story: upTo(175_000) },
  { trade: 19, instrument: 'UMBS15', coupon: 4.5, amount: 3 * MILLION },
  { trade: 20, instrument: 'UMBS15', coupon: 5, amount: 5 * MILLION, lock: 'submitted' },
  { trade: 17, instrument: 'UMBS30', coupon: 6.5, amount: 6 * MILLION },
  { trade: 0, instrument: 'UMBS30', coupon: 5, amount: 9 * MILLION, lock: 'Y' },
  { trade: 1, instrument: 'UMBS30', coupon: 5, amount: 5 * MILLION },
  { trade: 23, instrument: 'GNII30', coupon: 5, amount: 6 * MILLION },
  { trade: 3, instrument: 'UMBS30', coupon: 5.5, amount: 14 * MILLION },
  { trade: 3, instrument: 'UMBS30', coupon: 5.5, amount: 9.5 * MILLION },
  { trade: 4, instrument: 'UMBS30', coupon: 5.5, amount: 17.5 * MILLION, offCoupon: true },
  { trade: 5, instrument: 'UMBS30', coupon: 5.5, amount: 10 * MILLION, lock: 'O' },
  { trade: 10, instrument: 'UMBS30', coupon: 6, amount: 12 * MILLION },
  { trade: 10, instrument: 'UMBS30', coupon: 6, amount: 8 * MILLION },
  { trade: 11, instrument: 'UMBS30', coupon: 6, amount: 15.5 * MILLION },
  { trade: 12, instrument: 'UMBS30', coupon: 6, amount: 9.5 * MILLION, lock: 'certified' },
  { trade: 24, instrument: 'GNII30', coupon: 5.5, amount: 28 * MILLION },
  { trade: 28, instrument: 'GNII30', coupon: 6, amount: 15 * MILLION, lock: 'Y' },
  { trade: null, instrument: 'UMBS30', coupon: 5.5, amount: 12 * MILLION },
  { trade: null, instrument: 'UMBS30', coupon: 6, amount: 8.5 * MILLION },
  { trade: null, instrument: 'GNII30', coupon: 6.5, amount: 4.5 * MILLION },
  { trade: null, instrument: 'UMBS30', coupon: 6, amount: 0.7 * MILLION },
];

/** Pools with their members, as the generator needs them for the defects. */
export interface SamplePool {
  readonly row: PoolRow;
  readonly lock: 'N' | 'Y' | 'O';
  readonly members: LoanRow[];
}

export interface SamplePools {
  readonly pools: readonly SamplePool[];
  readonly relation: readonly TradePoolRow[];
  /** The desk's own locks only; those of upstream follow from the pools' status. */
  readonly lockdown: readonly LockdownRow[];
}

/** Note rates for which the coupon pays more than its neighbours, so that a desk would pool the loan there. */
function fitsCoupon(loan: LoanRow, { instrument, coupon }: PoolTemplate): boolean {
  const spread = loan.note_rate - percent(coupon);
  const [low, high] = instrument === 'GNII30' ? [0.26, 0.75] : [0.6, 1.125];
  return spread >= percent(low) && spread <= percent(high);
}

/**
 * Low balances are worth more in specified pools, which have a story of their own; high balances may be a tenth of a
 * pool for TBA delivery, and this desk keeps them out.
 */
const fitsStory = (loan: LoanRow, { instrument, story }: PoolTemplate): boolean =>
  story === undefined
    ? instrument !== 'UMBS30' || (!isLowBalance(loan) && loan.high_balance_indicator === 'N')
    : story(loan);

function fitsInstrument(loan: LoanRow, { instrument }: PoolTemplate): boolean {
  if (loan.property_type === 'mh' || loan.servicing_restriction === 'released') return false;
  const conventional = loan.agency_type === 'conventional';
  switch (instrument) {
    case 'UMBS30':
      return conventional && loan.term_months > 180;
    case 'UMBS15':
      return conventional && loan.term_months <= 180;
    case 'GNII30':
      return !conventional;
  }
}

/** Assigns closed loans to the pools; members get `pool_name` and their scheduled balance at issue. */
export function generatePools(
  random: SeededRandom,
  loans: readonly LoanRow[],
  trades: readonly SampleTrade[],
): SamplePools {
  const free = new Set(random.shuffled(loans.filter(isClosed)));
  const pools: SamplePool[] = [];
  const relation: TradePoolRow[] = [];
  const lockdown: LockdownRow[] = [];
  for (const template of POOL_TEMPLATES) {
    const trade = trades.find(({ template: one }) => one.template === template.trade);
    if (template.trade !== null && trade === undefined) continue;
    const name = `PL26-${String(pools.length + 1).padStart(3, '0')}`;
    const members = takeMembers(free, template, poolTarget(template, trade, loans.length));
    if (template.offCoupon === true) takeOffCoupon(free, template, members);
    for (const loan of members) {
      loan.pool_name = name;
      loan.issue_date_prin_bal = balanceAtIssue(loan);
    }
    const isUpstream = template.lock === 'submitted' || template.lock === 'certified';
    const row: PoolRow = {
      pool_name: name,
      investor_instrument_name: template.instrument,
      coupon: percent(template.coupon),
      status: isUpstream ? (template.lock ?? 'open') : 'open',
    };
    const lock = template.lock === undefined ? 'N' : template.lock === 'O' ? 'O' : 'Y';
    pools.push({ row, lock, members });
    if (trade !== undefined) relation.push({ trade_id: trade.row.trade_id, pool_name: name });
    if (lock !== 'N' && !isUpstream) {
      lockdown.push({ pool_name: name, trade_id: trade?.row.trade_id ?? null, lock_pool: lock, source: 'user' });
    }
  }
  return { pools, relation, lockdown };
}

/** Target in cents; a designated pool keeps its share of a trade that is smaller than the template's. */
function poolTarget(template: PoolTemplate, trade: SampleTrade | undefined, loans: number): number {
  const scaled = dollars(template.amount * (loans / 2500));
  if (trade === undefined) return scaled;
  const room = trade.row.trade_amount - (trade.row.delivered_amount ?? 0) - (trade.row.paired_off_amount ?? 0);
  return Math.min(scaled, Math.round(room * 0.7));
}

/** Takes fitting loans while they do not pass the target; stops when twenty in a row did not fit in. */
function takeMembers(free: Set<LoanRow>, template: PoolTemplate, target: number): LoanRow[] {
  const members: LoanRow[] = [];
  let total = 0;
  let misses = 0;
  for (const loan of free) {
    if (!fitsInstrument(loan, template) || !fitsCoupon(loan, template) || !fitsStory(loan, template)) continue;
    if (total + amountOf(loan) > target) {
      misses += 1;
      if (misses > 20) break;
      continue;
    }
    members.push(loan);
    total += amountOf(loan);
    free.delete(loan);
  }
  return members;
}

/** Puts one loan into the pool whose note rate is outside the coupon's band. */
function takeOffCoupon(free: Set<LoanRow>, template: PoolTemplate, members: LoanRow[]): void {
  for (const loan of free) {
    const spread = loan.note_rate - percent(template.coupon);
    if (!fitsInstrument(loan, template) || (spread >= percent(0.25) && spread <= percent(1.125))) continue;
    members.push(loan);
    free.delete(loan);
    return;
  }
}

/** Scheduled balance on 1 December: one more instalment than paid when it falls due that day. */
function balanceAtIssue(loan: LoanRow): number {
  const due = loan.next_due_date !== null && loan.next_due_date <= '2026-12-01';
  return balanceAfter(loan, paymentsMade(loan) + (due ? 1 : 0));
}
