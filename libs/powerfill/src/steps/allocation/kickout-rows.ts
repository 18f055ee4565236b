import { daysBetween, type IsoDate } from '../../domain/calendar';
import { type kickoutTable } from '../../entities';
import { type OutputRow } from '../run-step';
import { type EligibleLoan } from '../step-results';
import { kickoutReason } from './kickout-reasons';
import { type LoanResult } from './loan-outcomes';

/** What every kickout row of a run shares. */
export interface KickoutContext {
  readonly asOf: IsoDate;
  /** In the order the allocation counts them. */
  readonly loans: readonly EligibleLoan[];
  /** By loan id, 1e-8 point. */
  readonly reservations: ReadonlyMap<string, number>;
}

/** The guide's row of a kickout; step 6 adds its alternative. */
export function kickoutRow(
  { eligible, code, solved }: Extract<LoanResult, { kind: 'kicked_out' }>,
  { asOf, loans, reservations }: KickoutContext,
): OutputRow<typeof kickoutTable> {
  const { loan } = eligible;
  // An excluded loan never came as far as a trade, whatever the checks of its trades would have said.
  const furthest = eligible.excludedCode === null ? (eligible.furthest?.tradeId ?? null) : null;
  const nearestTradeId = solved === null ? furthest : solved.nearestTradeId;
  const nearest = eligible.candidates.find((candidate) => candidate.tradeId === nearestTradeId);
  const displacedBy = solved?.displacedByIndex ?? null;
  return {
    loan_id: loan.loan_id,
    amount: eligible.amount,
    note_rate: loan.note_rate,
    pool_name: loan.pool_name,
    code,
    reason: kickoutReason(code, { holdReason: loan.hold_reason, nearestTradeId, allocated: solved !== null }),
    candidate_count: eligible.candidates.length,
    code_counts_json: codeCountsJson(eligible.codeCounts),
    nearest_trade_id: nearestTradeId,
    nearest_score: nearest?.price.score ?? null,
    reservation_price: reservations.get(loan.loan_id) ?? null,
    margin_points: solved?.marginPoints ?? null,
    displaced_by: displacedBy === null ? null : (loans[displacedBy]?.loan.loan_id ?? null),
    days_since_close: eligible.closed && loan.close_date !== null ? daysBetween(loan.close_date, asOf) : null,
    days_to_lock_expiry: loan.lock_expiration_date === null ? null : daysBetween(asOf, loan.lock_expiration_date),
    alternative_id: null,
    alternative_score: null,
  };
}

/** JSON object code -> trades, keys in code-unit order so that equal runs store equal bytes. */
function codeCountsJson(counts: ReadonlyMap<string, number>): string {
  return JSON.stringify(Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))));
}
