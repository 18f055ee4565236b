/** What can be wrong with a solution. The codes are stable: operators and tests match on them. */
export type FindingCode =
  /** A figure of the problem or of the result cannot be read. */
  | 'UNREADABLE'
  | 'UNKNOWN_LOAN'
  | 'UNKNOWN_TRADE'
  /** A loan is assigned more than once. */
  | 'LOAN_TWICE'
  /** A loan of the problem has no line in the assignment. */
  | 'LOAN_MISSING'
  /** The pair is no candidate of the problem. */
  | 'NO_SUCH_CANDIDATE'
  | 'LOCKED_LOAN_MOVED'
  /** `place_all` is set and the loan got no trade. */
  | 'LOAN_NOT_PLACED'
  | 'TRADE_OVERFILLED'
  | 'MUST_REACH_MISSED'
  | 'LIMIT_BROKEN'
  | 'OBJECTIVE_WRONG'
  | 'BOUND_BELOW_OBJECTIVE'
  | 'GAP_WRONG'
  | 'GREEDY_ABOVE_BOUND'
  | 'GAIN_WRONG'
  | 'CLASSES_WRONG'
  | 'CLASS_VALUE_WRONG'
  | 'CLASS_BOUND_WRONG'
  | 'TRADES_WRONG'
  | 'FILL_WRONG'
  | 'STATUS_WRONG'
  | 'LIMITS_WRONG'
  | 'LIMIT_VALUE_WRONG'
  | 'KICKOUTS_WRONG'
  /** A condition gave way, as it may, but the result does not say so. */
  | 'WARNING_MISSING';

/** One fault: its code, the JSON path or id it concerns, and a sentence with both figures. */
export interface Finding {
  code: FindingCode;
  where: string;
  message: string;
}

/** The audit's verdict. `findings` holds at most {@link MAX_FINDINGS}; `omitted` counts the others. */
export type AuditReport = { passed: true } | { passed: false; findings: Finding[]; omitted: number };

/** A broken solution of 50,000 loans would otherwise return 50,000 sentences. */
export const MAX_FINDINGS = 100;

/** Collects findings while the checks run. */
export class Findings {
  private readonly list: Finding[] = [];
  private omitted = 0;

  add(code: FindingCode, where: string, message: string): void {
    if (this.list.length < MAX_FINDINGS) this.list.push({ code, where, message });
    else this.omitted += 1;
  }

  get any(): boolean {
    return this.list.length > 0;
  }

  report(): AuditReport {
    return this.any ? { passed: false, findings: this.list, omitted: this.omitted } : { passed: true };
  }
}
