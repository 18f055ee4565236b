import { checkClaims } from './claims';
import { UnreadableError } from './exact';
import { type AuditReport, Findings } from './finding';
import { checkLimit } from './limits';
import { readPlacement } from './placement';
import { type AuditedProblem, readAuditedProblem } from './problem';
import { asObject } from './shape';
import { checkTrades, fillsOf, valuesOf } from './value';

export { type AuditReport, type Finding, type FindingCode } from './finding';

/**
 * Checks a solution without trusting the optimiser: it shares no code with it, not even the reader of the problem.
 * From the problem file and the assignment alone it re-derives, in integers, every hard condition, the objective,
 * the class values, the fills and the limit values, and holds the stated figures against them
 * (engine.md, section 2, "Audit"; file formats: section 3).
 *
 * @param problem the problem file as parsed JSON
 * @param result the result file as parsed JSON; money in dollars, as decimal strings or numbers
 * @returns `passed`, or what is wrong. It does not throw on broken input: what cannot be read is a finding.
 */
export function auditSolution(problem: unknown, result: unknown): AuditReport {
  const findings = new Findings();
  try {
    check(readAuditedProblem(problem), result, findings);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    findings.add('UNREADABLE', error.path, error.message);
  }
  return findings.report();
}

function check(problem: AuditedProblem, result: unknown, findings: Findings): void {
  const claimed = asObject(result, '$');
  const placement = readPlacement(problem, claimed['assignments'], findings);
  // Figures of an assignment that is none would only bury the fault under others.
  if (findings.any) return;
  const fills = fillsOf(problem, placement);
  checkTrades(problem, fills, findings);
  const limits = problem.limits.map((limit) => checkLimit(problem, placement, fills.loansByTrade, limit, findings));
  const values = valuesOf(problem, placement, fills);
  checkClaims({ problem, placement, fills, values, limits }, claimed, findings);
}
