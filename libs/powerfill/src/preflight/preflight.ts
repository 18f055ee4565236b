import { setImmediate as nextTurn } from 'node:timers/promises';
import { settingsInForce } from '../configuration/setting-definitions';
import type { RunInput } from '../steps/run-input';
import { preflightContext, type PreflightContext } from './context';
import { wholeFinding, type Finding } from './finding';
import { loanChecks } from './loan-checks';
import { poolChecks } from './pool-checks';
import { ruleChecks } from './rule-checks';
import { tradeChecks } from './trade-checks';

const CHECKS: readonly ((context: PreflightContext) => Finding[])[] = [
  ({ input }) =>
    input.payups === null
      ? wholeFinding('payup_table_missing', 'There is no table rmusr_payups; create it, empty if the desk pays none.')
      : [],
  loanChecks,
  tradeChecks,
  ruleChecks,
  poolChecks,
];

/**
 * Everything that can be said about an input before it is run, errors first (config-and-reports.md, `POST /preflight`).
 * @param stored settings of the tenant as they are stored
 */
export async function preflightFindings(input: RunInput, stored: ReadonlyMap<string, string>): Promise<Finding[]> {
  const context = preflightContext(input, settingsInForce(stored));
  const findings: Finding[] = [];
  for (const check of CHECKS) {
    findings.push(...check(context));
    // A pipeline of 50,000 loans is work of some 100 ms: others get their turn in between.
    await nextTurn();
  }
  return errorsFirst(findings);
}

/** Errors before warnings, else as found. */
export const errorsFirst = (findings: readonly Finding[]): Finding[] => {
  const rank = ({ severity }: Finding): number => (severity === 'error' ? 0 : 1);
  return [...findings].sort((a, b) => rank(a) - rank(b));
};
