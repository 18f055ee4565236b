import { parseScaled } from '@powerfill/database';
import { readDecimal, type DecimalRule } from '@powerfill/core/domain/run-options-decimal';

/** Dollars of a limit. */
export const DOLLARS: DecimalRule = { scale: 2, min: 0, max: 999_999_999_999 };
/** An annual rate, percent. */
export const PERCENT: DecimalRule = { scale: 6, min: 0, max: 100 };

/** The scaled integer of a decimal that was validated by the same rule; null stays null. */
export function scaled(value: unknown, rule: DecimalRule): number | null {
  if (value === null || value === undefined) return null;
  const reading = readDecimal(value, rule);
  if ('fault' in reading) throw new TypeError(`A decimal was not validated: ${reading.fault}`);
  return parseScaled(reading.text, rule.scale);
}
