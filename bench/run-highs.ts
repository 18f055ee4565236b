import { auditAssignment } from '@powerfill/core/audit';
import { answerParent } from './child';
import { mipModel } from './highs/mip-model';
import { solveMip } from './highs/solve-mip';
import { type BenchCase, problemOf } from './rows';

/** What HiGHS made of a case in its time. */
export interface HighsAnswer {
  /** Cents, as the audit prices the assignment; null: it found none. */
  objective: number | null;
  /** Its own bound in dollars, in floating point; null: none. */
  bound: number | null;
  /** The audit's first finding on its assignment, or null. */
  fault: string | null;
  ms: number;
}

export interface HighsCase extends BenchCase {
  seconds: number;
}

async function runHighs({ seconds, ...bench }: HighsCase): Promise<HighsAnswer> {
  const file = problemOf(bench);
  const { columns, bound, ms } = await solveMip(mipModel(file), seconds);
  if (!columns) return { objective: null, fault: null, bound, ms };
  const chosen = new Map<string, string>();
  file.candidates.forEach(({ loan, trade }, at) => {
    if ((columns[at] ?? 0) > 0.5) chosen.set(loan, trade);
  });
  const assignments = file.loans.map(({ id }) => ({ loan: id, trade: chosen.get(id) ?? null }));
  const { objective, report } = auditAssignment(file, assignments);
  const fault = report.passed ? null : `${report.findings[0]?.code} ${report.findings[0]?.where}`;
  return { objective: objective === null ? null : Number(objective), fault, bound, ms };
}

void runHighs(JSON.parse(process.argv[2] ?? '') as HighsCase).then(answerParent);
