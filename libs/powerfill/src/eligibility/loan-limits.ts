import type { LoanLimitRow, LoanRow } from '../entities';
import { foldString } from '../rules';

const NATION = '*';

/** A loan against its area's limits. */
export interface LoanLimitStanding {
  readonly highBalance: boolean;
  readonly overLimit: boolean;
}

/**
 * Conforming limits by area and units (`ref_loan_limits`). Agencies apply the limits of the year they acquire a loan
 * in, so the year is the as-of date's, or the newest before it that the table has.
 */
export class LoanLimitBook {
  private readonly rows = new Map<string, LoanLimitRow>();

  constructor(rows: readonly LoanLimitRow[], year: number) {
    for (const row of rows) {
      if (row.year > year) continue;
      const key = areaKey(row.state, row.county, row.units);
      const known = this.rows.get(key);
      if (known === undefined || row.year > known.year) this.rows.set(key, row);
    }
  }

  /**
   * Compares the original amount with the limits of the county, else the state, else the nation. Without any row
   * there is no limit, and the loan's own flag says whether it is high balance.
   */
  standing(loan: LoanRow): LoanLimitStanding {
    const limit = this.limitOf(loan);
    if (limit === undefined) {
      return { highBalance: foldString(loan.high_balance_indicator ?? '') === 'y', overLimit: false };
    }
    const amount = loan.orig_loan_amount ?? loan.loan_amount;
    return { highBalance: amount > limit.base_limit, overLimit: amount > limit.limit_amount };
  }

  private limitOf(loan: LoanRow): LoanLimitRow | undefined {
    const units = loan.units ?? 1;
    const state = loan.property_state ?? '';
    return (
      this.rows.get(areaKey(state, loan.property_county ?? '', units)) ??
      this.rows.get(areaKey(state, '', units)) ??
      this.rows.get(areaKey(NATION, '', units))
    );
  }
}

const areaKey = (state: string, county: string, units: number): string =>
  `${foldString(state)}|${foldString(county)}|${units}`;
