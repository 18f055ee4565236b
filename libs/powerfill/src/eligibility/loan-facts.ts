import type { IsoDate } from '../domain/calendar';
import type { LoanRow } from '../entities';
import { dayNumber, dayNumberOrNull } from '../pricing/day-calendar';
import { foldString } from '../rules';
import type { LoanLimitBook } from './loan-limits';

/** A loan with what the checks and prices derive from it; days since 1970-01-01. */
export interface LoanFacts {
  readonly loan: LoanRow;
  /** a_i of engine.md, cents. */
  readonly amount: number;
  readonly closed: boolean;
  /** `max(as_of, funded ?? close ?? expected close)`; null without any of them. */
  readonly readyDay: number | null;
  /** When an unclosed loan is expected to close. */
  readonly expectedCloseDay: number | null;
  readonly daysPastDue: number;
  readonly highBalance: boolean;
  readonly overLoanLimit: boolean;
  readonly conventional: boolean;
  readonly agencyType: string;
  readonly custody: CustodyStanding;
}

/** What the custodian says of a loan's documents; `open` = not examined, or a word we do not know. */
export type CustodyStanding = 'certified' | 'exception' | 'open';

/** Amount of a loan (engine.md, "Amount of a loan"), cents. */
export const loanAmount = (loan: LoanRow): number => loan.issue_date_prin_bal ?? loan.loan_amount;

/** Reads `custody_status`. */
export function custodyStanding({ custody_status: status }: Pick<LoanRow, 'custody_status'>): CustodyStanding {
  const word = foldString(status ?? '');
  return word === 'certified' || word === 'exception' ? word : 'open';
}

/** Closed at as-of: only status Closed counts, and a close date after as-of is still to come. */
export const isClosed = (loan: LoanRow, asOf: IsoDate): boolean =>
  foldString(loan.curr_status) === 'closed' && (loan.close_date === null || loan.close_date <= asOf);

/** Derives a loan's facts. A loan without a due date (not closed yet) is not past due. */
export function loanFacts(loan: LoanRow, asOf: IsoDate, limits: LoanLimitBook): LoanFacts {
  const asOfDay = dayNumber(asOf);
  const ready = dayNumberOrNull(loan.funded_date ?? loan.close_date ?? loan.expected_close_date);
  const { highBalance, overLimit } = limits.standing(loan);
  const agencyType = foldString(loan.agency_type);
  return {
    loan,
    amount: loanAmount(loan),
    closed: isClosed(loan, asOf),
    readyDay: ready === null ? null : Math.max(asOfDay, ready),
    expectedCloseDay: dayNumberOrNull(loan.close_date ?? loan.expected_close_date),
    daysPastDue: loan.next_due_date === null ? 0 : Math.max(0, asOfDay - dayNumber(loan.next_due_date)),
    highBalance,
    overLoanLimit: overLimit,
    conventional: agencyType === 'conventional',
    agencyType,
    custody: custodyStanding(loan),
  };
}
