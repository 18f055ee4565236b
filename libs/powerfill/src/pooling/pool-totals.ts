import { WeightedAverage } from '../domain/weighted-average';
import { type poolGuideTable, type poolTotalsTable } from '../entities';
import { type OutputRow } from '../steps/run-step';

type PoolGuideOutput = OutputRow<typeof poolGuideTable>;
/** Sums over a pool's loans; money in cents, rates in 1e-6 percent, FICO in 1e-4 point. */
export type PoolTotals = OutputRow<typeof poolTotalsTable>;

/** Actions of `pfill_pool_guide` whose loans the pool holds after the run. */
export const IN_POOL: readonly string[] = ['Remaining', 'Joining', 'Swapped In'];

/**
 * Sums over the loans a pool holds after the run; null when it holds none.
 * @param rows the pool's rows of the pool guide, by loan id
 */
export function poolTotals(rows: readonly PoolGuideOutput[]): PoolTotals | null {
  const members = rows.filter(({ action }) => IN_POOL.includes(action));
  const [first] = members;
  if (first === undefined) return null;
  const amountOf = (isOne: (row: PoolGuideOutput) => boolean): number =>
    members.reduce((sum, row) => (isOne(row) ? sum + row.amount : sum), 0);
  const uncertified = members.filter(({ is_certified: isCertified }) => isCertified === false);
  const rates = members.map(({ note_rate: rate }) => rate);
  return {
    pool_name: first.pool_name,
    trade_id: first.trade_id,
    pool_kind: first.pool_kind,
    lock_pool: first.lock_pool,
    member_count: members.length,
    new_member_count: members.filter(({ action }) => action !== 'Remaining').length,
    amount: amountOf(() => true),
    wa_note_rate: weightedAverage(members, ({ note_rate: rate }) => rate),
    min_note_rate: rates.reduce((lowest, rate) => Math.min(lowest, rate)),
    max_note_rate: rates.reduce((highest, rate) => Math.max(highest, rate)),
    // Points of four decimals.
    wa_fico: weightedAverage(members, ({ fico }) => fico, 10_000),
    wa_ltv: weightedAverage(members, ({ ltv }) => ltv),
    wa_dti: weightedAverage(members, ({ dti }) => dti),
    high_balance_amount: amountOf(({ high_balance: isHigh }) => isHigh === true),
    coop_amount: amountOf(({ non_standard: type }) => type === 'coop'),
    relocation_amount: amountOf(({ non_standard: type }) => type === 'relocation'),
    buydown_amount: amountOf(({ non_standard: type }) => type === 'buydown'),
    documents_outstanding_count: uncertified.length,
    documents_outstanding_amount: uncertified.reduce((sum, { amount }) => sum + amount, 0),
    members_json: JSON.stringify(members.map(({ loan_id: id }) => id)),
  };
}

/** Over the loans that have the value. */
function weightedAverage(
  rows: readonly PoolGuideOutput[],
  value: (row: PoolGuideOutput) => number | null,
  scale = 1,
): number | null {
  const average = new WeightedAverage();
  for (const row of rows) average.add(row.amount, value(row));
  return average.value(scale);
}
