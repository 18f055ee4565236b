import { checkClaims, type Derived } from './claims';
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
    const claimed = asObject(result, '$');
    const derived = derive(readAuditedProblem(problem), claimed['assignments'], findings);
    if (derived) checkClaims(derived, claimed, findings);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    findings.add('UNREADABLE', error.path, error.message);
  }
  return findings.report();
}

/** What an assignment is worth, and what is wrong with it. */
export interface AssignmentAudit {
  /** Cents; null when the assignment cannot be read. */
  objective: bigint | null;
  report: AuditReport;
}

/**
 * Checks the hard conditions of an assignment that states no figures, and prices it: for answers of other solvers.
 *
 * @param assignments the list of a result file
 */
export function auditAssignment(problem: unknown, assignments: unknown): AssignmentAudit {
  const findings = new Findings();
  try {
    const derived = derive(readAuditedProblem(problem), assignments, findings);
    return { objective: derived?.values.objective ?? null, report: findings.report() };
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    findings.add('UNREADABLE', error.path, error.message);
    return { objective: null, report: findings.report() };
  }
}

/** Checks the assignment and derives its figures; null when it is no assignment of the problem. */
function derive(problem: AuditedProblem, assignments: unknown, findings: Findings): Derived | null {
  const placement = readPlacement(problem, assignments, findings);
  // Figures of an assignment that is none would only bury the fault under others.
  if (findings.any) return null;
  const fills = fillsOf(problem, placement);
  checkTrades(problem, fills, findings);
  const limits = problem.limits.map((limit) => checkLimit(problem, placement, fills.loansByTrade, limit, findings));
  return { problem, placement, fills, limits, values: valuesOf(problem, placement, fills) };
}
