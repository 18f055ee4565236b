import { type AllocationSolution, kickoutAt, type SolvedKickout } from '../../allocation-worker';
import { StepError } from '../run-step';
import { type Candidate, type EligibleLoan, type LoanOutcome } from '../step-results';

/** Code of a loan that no trade of the run even refused: the run has no trade. */
export const NO_CANDIDATE = 'NO_CANDIDATE';

/** A loan's fate with what the guides say about it. */
export type LoanResult =
  | { readonly kind: 'placed'; readonly eligible: EligibleLoan; readonly candidate: Candidate }
  | { readonly kind: 'held'; readonly eligible: EligibleLoan; readonly code: string }
  | {
      readonly kind: 'kicked_out';
      readonly eligible: EligibleLoan;
      readonly code: string;
      /** What the allocation says; null for a loan it had no candidate of. */
      readonly solved: SolvedKickout | null;
    };

/** @throws StepError `allocation_mismatch` when the solution is not one of as many loans */
export function checkSameLoans(loans: readonly EligibleLoan[], solution: AllocationSolution): void {
  if (solution.loanCount !== loans.length)
    throw new StepError(
      'allocation_mismatch',
      `The allocation answers for ${solution.loanCount} loans of ${loans.length}.`,
    );
}

/**
 * Combines step 3's verdict with the allocation: a held loan stays where it is, an excluded one is a kickout, and of
 * the others the allocation decides; a loan without candidates gets the code of the trade where it got furthest.
 *
 * @param index place of the loan in the order of ids
 * @throws StepError `allocation_mismatch` when the solution places the loan where it has no candidate
 */
export function loanResult(eligible: EligibleLoan, index: number, solution: AllocationSolution): LoanResult {
  if (eligible.held !== null) return { kind: 'held', eligible, code: eligible.held.code };
  if (eligible.excludedCode !== null)
    return { kind: 'kicked_out', eligible, code: eligible.excludedCode, solved: null };
  const tradeId = solution.tradeIds[solution.assignment[index] ?? -1];
  if (tradeId !== undefined) {
    const candidate = eligible.candidates.find((each) => each.tradeId === tradeId);
    if (candidate === undefined)
      throw new StepError(
        'allocation_mismatch',
        `Loan ${eligible.loan.loan_id} was placed in ${tradeId}, no candidate of it.`,
      );
    return { kind: 'placed', eligible, candidate };
  }
  if (eligible.candidates.length === 0)
    return { kind: 'kicked_out', eligible, code: eligible.furthest?.code ?? NO_CANDIDATE, solved: null };
  const solved = kickoutAt(solution, index);
  return { kind: 'kicked_out', eligible, code: solved.code, solved };
}

/** The result as the later steps read it. */
export function outcomeOf(result: LoanResult): LoanOutcome {
  return result.kind === 'placed'
    ? { kind: 'placed', tradeId: result.candidate.tradeId }
    : { kind: result.kind, code: result.code };
}
