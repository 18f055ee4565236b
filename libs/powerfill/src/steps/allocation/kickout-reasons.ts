/** Codes of eligible loans that had no candidate, in plain words (engine.md, check table). */
const CHECK_REASONS: Readonly<Record<string, string>> = {
  EXCLUDED: 'Left out of the run on request.',
  HELD: 'On hold in the loan system',
  LOCKED: 'Its pool is locked to another trade.',
  NO_CONSTRAINT: 'No constraint of the desk lets the loan into any trade.',
  NO_MATCHING_INSTRUMENT: 'Product, term or agency type fits no instrument of the trades.',
  LIEN: 'Lien position does not fit the instrument.',
  AMORT_TYPE: 'Amortisation type does not fit the instrument.',
  AUS_MISMATCH: "Not accepted by the automated underwriting of the trade's agency.",
  OVER_LOAN_LIMIT: 'Above the loan limit of its year and area.',
  DELINQUENT: 'Too many days past due.',
  TOO_SEASONED: 'Too many months since the first payment at settlement.',
  INSURANCE_MISSING: 'Mortgage insurance or government case number is missing.',
  DOCS_NOT_READY: 'Documents are not certified in time for settlement, or refused by the custodian.',
  SERVICING_MISMATCH: "Servicing restriction is not the trade's.",
  RATE_OUT_OF_BAND: "Note rate lies outside the trade's band or posted grid.",
  AMOUNT_OUT_OF_BAND: "Loan amount lies outside the constraint's band.",
  STORY_NOT_MET: "Does not meet the trade's story.",
  NOT_REGISTERED: 'Not registered to the best-efforts trade.',
  NO_CLOSE_DATE: 'No funding, closing or expected closing date.',
  TOO_LATE_FOR_SETTLEMENT: 'Ready too late for settlement.',
  CLOSES_TOO_LATE: 'Expected to close later than the run allows.',
  BELOW_FLOOR: 'Cash price is below the price floor.',
  MISSING_ATTRIBUTE: 'An attribute that a limit of the trade averages is missing.',
  NO_PRICE: 'The trade has no price for it.',
  NO_CANDIDATE: 'No trade of the run takes the loan.',
};

/** Codes the allocation gives loans that had candidates (engine.md, section 2). */
const ALLOCATION_REASONS: Readonly<Record<string, string>> = {
  NO_ROOM: 'Every trade that takes it is full with loans worth more there.',
  BELOW_RESERVATION: 'Worth less in any trade than kept: every score is below its reservation price.',
  MINIMUM_NOT_REACHED: 'The trade it fits stays empty: the minimum it must reach cannot be met.',
  SWITCH_NOT_WORTH_IT: 'Moving it out of its pool gains less than the switch costs.',
  NOT_FOUND: 'A placement exists, but the search ended before it found one.',
  NO_CANDIDATE: 'No trade of the run takes the loan.',
};

const MAX_LENGTH = 400;

/** What a reason may tell besides the code. */
export interface ReasonFacts {
  readonly holdReason: string | null;
  /** Trade the loan nearly made, or where it got furthest. */
  readonly nearestTradeId: string | null;
  /** True when the loan had candidates, so that the allocation turned it away. */
  readonly allocated: boolean;
}

/** A kickout's code as one sentence a trader reads, naming the nearest trade where there is one. */
export function kickoutReason(code: string, facts: ReasonFacts): string {
  const sentence = facts.allocated ? allocationReason(code) : checkReason(code, facts);
  if (facts.nearestTradeId === null) return sentence.slice(0, MAX_LENGTH);
  const where = facts.allocated ? 'Nearest trade' : 'Got furthest at';
  return `${sentence} ${where}: ${facts.nearestTradeId}.`.slice(0, MAX_LENGTH);
}

function checkReason(code: string, { holdReason }: ReasonFacts): string {
  if (code === 'HELD') return `${CHECK_REASONS['HELD'] ?? code}${holdReason === null ? '' : `: ${holdReason}`}.`;
  const rule = /^RULE:(.+?)( \(no data\))?$/.exec(code);
  if (rule === null) return CHECK_REASONS[code] ?? `Fails the check ${code}.`;
  return rule[2] === undefined
    ? `Fails the rule ${rule[1] ?? ''}.`
    : `An attribute that the rule ${rule[1] ?? ''} reads is missing.`;
}

function allocationReason(code: string): string {
  const named = /^(LIMIT|TAKEN_BY_PRIORITY):(.+)$/.exec(code);
  if (named?.[1] === 'LIMIT') return `Would break the limit ${named[2] ?? ''}.`;
  if (named?.[1] === 'TAKEN_BY_PRIORITY') return `Its room went to loans of the earlier constraint ${named[2] ?? ''}.`;
  return ALLOCATION_REASONS[code] ?? `Turned away with ${code}.`;
}
