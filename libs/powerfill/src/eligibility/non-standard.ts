import { type LoanRow } from '../entities';
import { foldString } from '../rules';
import { customData } from './rule-columns';

/** Loans a TBA pool may hold a limited share of, besides high balance (SIFMA ch. 8; Fannie Mae C3-7-03). */
export type NonStandardType = 'coop' | 'relocation' | 'buydown';

/**
 * The type of a non-standard loan, the first that fits; null for a standard one. Co-ops are told by `property_type`;
 * relocation loans and significant buydowns have no column of the field, so the lender's own `custom_data.relocation`
 * and `custom_data.buydown` tell them: `true` or text `Y`.
 */
export function nonStandardType(loan: LoanRow): NonStandardType | null {
  if (foldString(loan.property_type ?? '') === 'coop') return 'coop';
  const own = customData(loan) as Readonly<Record<string, unknown>> | null;
  if (own === null) return null;
  if (isYes(own['relocation'])) return 'relocation';
  return isYes(own['buydown']) ? 'buydown' : null;
}

const isYes = (value: unknown): boolean => value === true || (typeof value === 'string' && foldString(value) === 'y');
