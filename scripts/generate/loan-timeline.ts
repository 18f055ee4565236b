import type { LoanRow } from '@powerfill/core/entities';
import { addDays } from '@powerfill/core/domain/calendar';
import type { SeededRandom, Weighted } from './random';
import {
  AS_OF,
  SAMPLE_CALENDAR,
  businessDayFromAsOf,
  businessDayOnOrAfter,
  businessDayOnOrBefore,
  firstOfMonthAfter,
} from './sample-calendar';

/** Where a loan stands: closed, locked, or out of the pipeline. */
export type PipelineStatus = 'closed' | 'locked' | 'withdrawn' | 'denied' | 'expired' | 'shipped';

/** Loans of 2,500 (sample-data.md: 900 closed, 1,475 locked, 125 gone). */
export const STATUS_MIX: Weighted<PipelineStatus> = [
  ['closed', 900],
  ['locked', 1475],
  ['withdrawn', 45],
  ['denied', 25],
  ['expired', 35],
  ['shipped', 20],
];

interface Stage {
  readonly name: string;
  readonly weight: number;
  /** Days from the as-of date to the expected closing. */
  readonly closesIn: readonly [number, number];
  /** Probability of closing, 1e-4. */
  readonly pullThrough: readonly [number, number];
}

const STAGES: readonly Stage[] = [
  { name: 'In Process', weight: 25, closesIn: [18, 38], pullThrough: [6000, 6900] },
  { name: 'In Underwriting', weight: 27, closesIn: [9, 30], pullThrough: [7000, 7900] },
  { name: 'Approved', weight: 30, closesIn: [3, 16], pullThrough: [8000, 8900] },
  { name: 'Docs Out', weight: 18, closesIn: [0, 6], pullThrough: [9000, 9500] },
];

const STAGE_TABLE: Weighted<Stage> = STAGES.map((stage) => [stage, stage.weight]);

export type LoanTimeline = Pick<
  LoanRow,
  | 'curr_status' | 'stage' | 'lock_date' | 'lock_expiration_date' | 'close_date' | 'expected_close_date' | 'funded_date'
  | 'note_date' | 'first_payment_date' | 'next_due_date' | 'custody_status' | 'pull_through' | 'mkt_shipped_date'
>; // prettier-ignore

/** Days by which government loans close later. */
const GOVERNMENT_DELAY = 7;

const NOT_CLOSED = {
  close_date: null,
  funded_date: null,
  note_date: null,
  first_payment_date: null,
  next_due_date: null,
  custody_status: null,
  mkt_shipped_date: null,
} as const;

/** Draws the dates of a loan in the given status; a refinance funds three business days after it closes. */
export function drawTimeline(
  random: SeededRandom,
  status: PipelineStatus,
  { purpose, agency_type: agencyType }: Pick<LoanRow, 'purpose' | 'agency_type'>,
): LoanTimeline {
  switch (status) {
    case 'closed':
      return closedTimeline(random, purpose, null);
    case 'shipped':
      return closedTimeline(random, purpose, businessDayFromAsOf(random, -12, -1));
    case 'locked':
      return lockedTimeline(random, agencyType === 'conventional' ? 0 : GOVERNMENT_DELAY);
    case 'withdrawn':
    case 'denied':
    case 'expired':
      return goneTimeline(random, status);
  }
}

function closedTimeline(random: SeededRandom, purpose: string | null, shipped: string | null): LoanTimeline {
  const dwell = Math.min(random.int(1, 34), random.int(1, 60)) + (shipped === null ? 0 : 14);
  const closed = businessDayOnOrBefore(addDays(AS_OF, -dwell));
  const funded = purpose === 'purchase' ? closed : SAMPLE_CALENDAR.addBusinessDays(closed, 3);
  const locked = businessDayOnOrBefore(addDays(closed, -random.int(14, 45)));
  const firstPayment = firstOfMonthAfter(closed, 2);
  return {
    curr_status: 'Closed',
    stage: 'Docs Out',
    lock_date: locked,
    lock_expiration_date: businessDayOnOrAfter(addDays(closed, random.int(3, 15))),
    close_date: closed,
    expected_close_date: closed,
    funded_date: funded,
    note_date: closed,
    first_payment_date: firstPayment,
    next_due_date: firstPayment > AS_OF ? firstPayment : firstOfMonthAfter(AS_OF, 1),
    custody_status: 'certified',
    pull_through: 10_000,
    mkt_shipped_date: shipped,
  };
}

function lockedTimeline(random: SeededRandom, delay: number): LoanTimeline {
  const stage = random.weighted(STAGE_TABLE);
  const [earliest, latest] = stage.closesIn;
  const closes = businessDayFromAsOf(random, earliest + delay, latest + delay);
  const period = random.weighted([[30, 30], [45, 45], [60, 25]]); // prettier-ignore
  const expires = businessDayOnOrAfter(addDays(closes, random.int(2, 12)));
  const locked = businessDayOnOrBefore(addDays(expires, -period));
  const isLate = random.chance(12);
  return {
    ...NOT_CLOSED,
    curr_status: random.weighted([['Locked', 92], ['Rate Concession', 5], ['Point Concession', 3]]), // prettier-ignore
    stage: stage.name,
    lock_date: locked <= AS_OF ? locked : businessDayFromAsOf(random, -4, -1),
    lock_expiration_date: isLate ? businessDayFromAsOf(random, -9, -1) : expires,
    expected_close_date: random.chance(4) ? null : closes,
    pull_through: random.int(...stage.pullThrough),
  };
}

const GONE_STATUS = { withdrawn: 'Withdrawn', denied: 'Denied', expired: 'Expired' } as const;

function goneTimeline(random: SeededRandom, status: keyof typeof GONE_STATUS): LoanTimeline {
  const locked = businessDayFromAsOf(random, -60, -35);
  return {
    ...NOT_CLOSED,
    curr_status: GONE_STATUS[status],
    stage: random.weighted(STAGE_TABLE).name,
    lock_date: locked,
    lock_expiration_date: businessDayOnOrAfter(addDays(locked, 30)),
    expected_close_date: businessDayFromAsOf(random, -10, 10),
    pull_through: 0,
  };
}
