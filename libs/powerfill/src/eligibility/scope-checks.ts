import type { IsoDate } from '../domain/calendar';
import type { RunOptions } from '../domain/run-options';
import type { LoanRow, LoanStageRow } from '../entities';
import { foldString } from '../rules';
import type { CheckCode } from './check-codes';
import { isClosed, loanAmount } from './loan-facts';

/** Statuses that end a lock. */
const NOT_LOCKED = new Set(['denied', 'withdrawn', 'expired']);

/**
 * The checks that decide whether a loan is in the run at all (engine.md, "In the run"): the first three rows of the
 * table, then the option's lists, which put a loan out of scope with code `EXCLUDED`. Answers null for a loan in the run.
 */
export class ScopeChecks {
  private readonly stageRank: ReadonlyMap<string, number | null>;
  private readonly wanted: ReadonlySet<string> | null;
  private readonly excluded: ReadonlySet<string>;

  constructor(
    private readonly options: RunOptions,
    private readonly asOf: IsoDate,
    stages: readonly LoanStageRow[],
  ) {
    this.stageRank = new Map(stages.map(({ stage, seq }) => [foldString(stage), seq]));
    this.wanted = options.loan_ids === null ? null : new Set(options.loan_ids);
    this.excluded = new Set(options.exclude_loan_ids ?? []);
  }

  /** The first check the loan fails. */
  firstFailure(loan: LoanRow): CheckCode | null {
    const closed = isClosed(loan, this.asOf);
    if (!closed && !(this.options.scope === 'closed_and_locked' && isLocked(loan))) return 'OUT_OF_SCOPE';
    if (loan.mkt_shipped_date !== null || loanAmount(loan) <= 0) return 'NOT_AVAILABLE';
    if (!closed && !this.reachesMinStatus(loan)) return 'STAGE_BELOW_MIN';
    if (!closed && loan.lock_expiration_date !== null && loan.lock_expiration_date < this.asOf) return 'LOCK_EXPIRED';
    if (this.excluded.has(loan.loan_id) || this.wanted?.has(loan.loan_id) === false) return 'EXCLUDED';
    return null;
  }

  /** `min_status`: a name no stage has is a loan status, matched exactly; so is a stage without rank; else by rank. */
  private reachesMinStatus(loan: LoanRow): boolean {
    const { min_status: minStatus } = this.options;
    if (minStatus === null) return true;
    const wanted = foldString(minStatus);
    const minimum = this.stageRank.get(wanted);
    if (minimum === undefined) return foldString(loan.curr_status) === wanted;
    const stage = foldString(loan.stage ?? '');
    if (minimum === null) return stage === wanted;
    const rank = this.stageRank.get(stage) ?? null;
    return rank !== null && rank >= minimum;
  }
}

const isLocked = (loan: LoanRow): boolean => !NOT_LOCKED.has(foldString(loan.curr_status)) && loan.lock_date !== null;
