import type { RunWarning } from '../domain/run-response';
import type { PoolBook } from '../eligibility/pool-book';
import type { RunInput } from './run-input';
import type { EligibleLoan } from './step-results';

/** Counts, loan by loan, what step 3 warns about. */
export class LoanWarnings {
  private withoutBalance = 0;
  private holdInLockedPool = 0;
  private lockedFailing = 0;
  private lockedUnpriceable = 0;

  addOutOfScope(amount: number, code: string): void {
    if (code === 'NOT_AVAILABLE' && amount <= 0) this.withoutBalance += 1;
  }

  addEligible({ excludedCode, poolLock, candidates }: EligibleLoan): void {
    if (excludedCode !== null && (poolLock === 'Y' || poolLock === 'O')) this.holdInLockedPool += 1;
    const [first] = candidates;
    if (first?.locked !== true) return;
    if (first.warnings.length > 0) this.lockedFailing += 1;
    if (first.unpriceable === true) this.lockedUnpriceable += 1;
  }

  all(): RunWarning[] {
    return [
      warning('amount_zero', this.withoutBalance, 'Loans without a balance are not available.'),
      warning('hold_in_locked_pool', this.holdInLockedPool, 'Loans on manual hold are members of locked pools.'),
      warning(
        'locked_member_fails_checks',
        this.lockedFailing,
        'Members of locked pools fail checks they no longer face.',
      ),
      warning(
        'locked_member_unpriceable',
        this.lockedUnpriceable,
        'Members of locked pools have no price in their trade and count with value 0.',
      ),
    ].flat();
  }
}

/** Pools that more than one trade claims. */
export function poolWarnings(pools: PoolBook): RunWarning[] {
  return pools
    .all()
    .filter(({ otherTradeIds }) => otherTradeIds.length > 0)
    .map(({ poolName, tradeId, otherTradeIds }) => ({
      code: 'pool_designated_twice',
      message: `Pool ${poolName} is designated to ${[tradeId, ...otherTradeIds].join(' and ')}; ${tradeId ?? ''} counts.`,
    }));
}

/** Loans the options name that the pipeline does not have. */
export function unknownLoanWarnings({ options, loans }: Pick<RunInput, 'options' | 'loans'>): RunWarning[] {
  const named = new Set([...(options.loan_ids ?? []), ...(options.exclude_loan_ids ?? [])]);
  if (named.size === 0) return [];
  for (const { loan_id } of loans) named.delete(loan_id);
  return warning('unknown_loan_ids', named.size, 'The options name loans that do not exist.');
}

const warning = (code: string, count: number, message: string): RunWarning[] =>
  count === 0 ? [] : [{ code, message, count }];
