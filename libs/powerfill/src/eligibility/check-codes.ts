/** Codes of the check table in its order (engine.md, step 3); `RULE` stands for every `RULE:<name>`. */
export const CHECK_ORDER = [
  'OUT_OF_SCOPE',
  'NOT_AVAILABLE',
  'STAGE_BELOW_MIN',
  'LOCK_EXPIRED',
  'EXCLUDED',
  'HELD',
  'POOL_TRADE_NOT_IN_RUN',
  'LOCKED',
  'NO_CONSTRAINT',
  'NO_MATCHING_INSTRUMENT',
  'LIEN',
  'AMORT_TYPE',
  'AUS_MISMATCH',
  'OVER_LOAN_LIMIT',
  'DELINQUENT',
  'TOO_SEASONED',
  'INSURANCE_MISSING',
  'DOCS_NOT_READY',
  'SERVICING_MISMATCH',
  'RATE_OUT_OF_BAND',
  'AMOUNT_OUT_OF_BAND',
  'STORY_NOT_MET',
  'NOT_REGISTERED',
  'RULE',
  'NO_CLOSE_DATE',
  'TOO_LATE_FOR_SETTLEMENT',
  'CLOSES_TOO_LATE',
  'BELOW_FLOOR',
  'MISSING_ATTRIBUTE',
  'NO_PRICE',
] as const;

/** A code of the check table other than a rule's own. */
export type CheckCode = Exclude<(typeof CHECK_ORDER)[number], 'RULE'>;

/** A code as a small integer: its place in `CHECK_ORDER`, or past it two for each rule. -1 = passed. */
export type CodeNumber = number;

export const PASSED: CodeNumber = -1;
const RULE_RANK = CHECK_ORDER.indexOf('RULE');
const FIRST_RULE = CHECK_ORDER.length;

const NUMBERS = new Map<string, CodeNumber>(CHECK_ORDER.map((code, index) => [code, index]));

/** The number of a code of the table. */
export function codeNumber(code: CheckCode): CodeNumber {
  return NUMBERS.get(code) ?? PASSED;
}

/** The number of rule `ruleIndex` failing, for want of data or by its values. */
export const ruleCodeNumber = (ruleIndex: number, noData: boolean): CodeNumber =>
  FIRST_RULE + 2 * ruleIndex + (noData ? 1 : 0);

/** How far a pair got when it failed with this code: later checks rank higher, all rules rank alike. */
export const checkRank = (code: CodeNumber): number => (code < FIRST_RULE ? code : RULE_RANK);

/** How many numbers there are for a tenant with `ruleCount` rules. */
export const codeCount = (ruleCount: number): number => FIRST_RULE + 2 * ruleCount;

/** The code as the desk reads it: `AUS_MISMATCH`, `RULE:no_mh`, `RULE:fico_min (no data)`. */
export function codeName(code: CodeNumber, ruleNames: readonly string[]): string {
  if (code < FIRST_RULE) return CHECK_ORDER[code] ?? '';
  const name = ruleNames[(code - FIRST_RULE) >> 1] ?? '';
  return (code - FIRST_RULE) % 2 === 1 ? `RULE:${name} (no data)` : `RULE:${name}`;
}
