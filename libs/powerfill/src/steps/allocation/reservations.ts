import { parseDecimal } from '../../allocation/problem/exact-arithmetic';
import { type RunOptions } from '../../domain/run-options';
import { type TenantSettings } from '../../domain/tenant-settings';
import { type StepControl } from '../run-step';
import { type Candidate, type EligibleLoan, type OptionPrice } from '../step-results';

/** Taken off a loan's own best score when today's market has no price for it: 0.50 point (engine.md, section 2). */
const WITHOUT_MARKET_POINTS = 50_000_000;

/** Reservation prices of a run, 1e-8 point. */
export interface Reservations {
  /** By loan id; a loan that has neither a candidate nor a market price has none. */
  readonly byLoan: ReadonlyMap<string, number>;
  /** Loans with candidates whose reservation is their own best score less 0.50. */
  readonly withoutMarket: number;
}

/** Whether step 3 could price the pair; only members of locked pools come without a price. */
export const isPriced = (candidate: Candidate): boolean => candidate.unpriceable !== true;

/**
 * What each loan is worth unplaced (engine.md, section 2): option `reservation_price` `"market"` is the best synthetic
 * score less the placement bonus, without a synthetic the loan's own best score less 0.50; a number is the same for all.
 */
export async function reservationsOf(
  loans: readonly EligibleLoan[],
  options: RunOptions,
  settings: TenantSettings,
  control: StepControl,
): Promise<Reservations> {
  const byLoan = new Map<string, number>();
  if (options.reservation_price !== 'market') {
    const fixed = Number(parseDecimal(options.reservation_price, 8));
    for (const { loan } of loans) byLoan.set(loan.loan_id, fixed);
    return { byLoan, withoutMarket: 0 };
  }
  let withoutMarket = 0;
  for (const eligible of loans) {
    await control.breathe();
    const market = bestScore(eligible.synthetics);
    if (market !== null) {
      byLoan.set(eligible.loan.loan_id, market - settings.placementBonusPoints);
      continue;
    }
    const own = bestScore(eligible.candidates.filter(isPriced));
    if (own === null) continue;
    withoutMarket += 1;
    byLoan.set(eligible.loan.loan_id, own - WITHOUT_MARKET_POINTS);
  }
  return { byLoan, withoutMarket };
}

function bestScore(pairs: Iterable<{ readonly price: OptionPrice }>): number | null {
  let best: number | null = null;
  for (const { price } of pairs) if (best === null || price.score > best) best = price.score;
  return best;
}
