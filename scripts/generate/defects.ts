import type { LoanRow } from '@powerfill/core/entities';
import { isClosed, isInScope, makeOlder } from './loans';
import type { SamplePool } from './pools';
import type { SeededRandom } from './random';

/** Counts for 2,500 loans (sample-data.md, "Seeded defects"); the last is ours, so that `INSURANCE_MISSING` occurs too. */
export const DEFECT_COUNTS = {
  delinquent: 12,
  notCertified: 25,
  held: 10,
  seasoned: 6,
  highBalanceFlag: 8,
  withoutFico: 15,
  oneAgency: 40,
  insuranceMissing: 6,
} as const;

export type Defect = keyof typeof DEFECT_COUNTS;

/** How many of a defect sit in pools that are not locked, so that those pools lose members. */
const IN_POOLS: Partial<Record<Defect, number>> = { delinquent: 7, notCertified: 7, held: 6, seasoned: 3 };

const HOLD_REASONS = [
  'Title exception under review',
  'Repurchase request pending',
  'Post-closing audit',
  'Appraisal rebuttal',
  'Flood certificate missing',
];

/** Defects for a pipeline of the given size. */
export function defectCount(defect: Defect, loans: number): number {
  return Math.round((DEFECT_COUNTS[defect] * loans) / 2500);
}

/** Seeds the defects, at most one a loan; loans registered for best efforts stay clean. */
export function seedDefects(random: SeededRandom, loans: readonly LoanRow[], pools: readonly SamplePool[]): void {
  const unlocked = new Set(pools.filter(({ lock }) => lock === 'N').flatMap(({ members }) => members));
  const used = new Set<LoanRow>();
  const order = random.shuffled(loans.filter((loan) => isInScope(loan) && loan.be_trade_id === null));

  const take = (count: number, fits: (loan: LoanRow) => boolean, change: (loan: LoanRow) => void): void => {
    let left = count;
    for (const loan of order) {
      if (left === 0) return;
      if (used.has(loan) || !fits(loan)) continue;
      used.add(loan);
      change(loan);
      left -= 1;
    }
  };
  const seed = (
    defect: Defect,
    fits: (loan: LoanRow) => boolean,
    change: (loan: LoanRow) => void,
    already = 0,
  ): void => {
    const total = defectCount(defect, loans.length) - already;
    const pooled = Math.min(total, Math.round(((IN_POOLS[defect] ?? 0) * loans.length) / 2500));
    take(pooled, (loan) => unlocked.has(loan) && fits(loan), change);
    take(total - pooled, (loan) => loan.pool_name === null && fits(loan), change);
  };

  const lockedDelinquents = Math.min(1, defectCount('delinquent', loans.length));
  const locked = new Set(pools.filter(({ lock }) => lock === 'Y').flatMap(({ members }) => members));
  const delinquent = (loan: LoanRow) => makeOlder(loan, '2026-08-01', random.pick(['2026-09-01', '2026-10-01']));
  take(lockedDelinquents, (loan) => locked.has(loan), delinquent);
  const conventional = (loan: LoanRow) => loan.agency_type === 'conventional';
  seed('delinquent', isClosed, delinquent, lockedDelinquents);
  seed(
    'seasoned',
    (loan) => isClosed(loan) && conventional(loan),
    (loan) => makeOlder(loan, '2025-07-01', '2026-12-01'),
  );
  seed('notCertified', isClosed, (loan) => {
    loan.custody_status = 'exception';
  });
  seed('held', isClosed, (loan) => {
    loan.hold_reason = random.pick(HOLD_REASONS);
  });
  seed('withoutFico', isInScope, (loan) => {
    loan.fico = null;
  });
  seed('oneAgency', conventional, (loan) => {
    loan.aus_eligible = random.pick(['fnma', 'fhlmc']);
  });
  seed(
    'insuranceMissing',
    (loan) => loan.mi_percent !== null || loan.case_number !== null,
    (loan) => {
      loan.mi_percent = null;
      loan.case_number = null;
    },
  );
  const flags = defectCount('highBalanceFlag', loans.length);
  const hidden = Math.min(flags, Math.round((flags * 5) / 8));
  const flip = (loan: LoanRow) => {
    loan.high_balance_indicator = loan.high_balance_indicator === 'Y' ? 'N' : 'Y';
  };
  take(hidden, (loan) => conventional(loan) && loan.high_balance_indicator === 'Y', flip);
  take(flags - hidden, (loan) => conventional(loan) && loan.high_balance_indicator === 'N', flip);
}
