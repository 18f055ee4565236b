import { addDays } from '@powerfill/core/domain/calendar';
import type { LoanRow } from '@powerfill/core/entities';
import { amountOf, isClosed, isInScope } from './loans';
import { windowPrice } from './market';
import type { SeededRandom } from './random';
import { AS_OF } from './sample-calendar';
import type { SampleTrade } from './trades';
import { EIGHTH, MILLI_POINT, dollars, percent, points, roundTo } from './units';

/** Deducted from a closed registered loan's other candidates. */
const BREAK_POINTS = points(0.25);

/** Loans were registered when the investors paid a little more, by up to half a point either way. */
const LOCK_PREMIUM = points(0.15);
const LOCK_SPREAD = points(0.15);

/** Investors' smallest loan, in cents. */
const SMALLEST = dollars(150_000);

/** Half an ordinary loan, in cents: registration stops nearest to the amount, not always above it. */
const HALF_A_LOAN = dollars(150_000);

/** Registers unpooled 30-year conventional loans to the best-efforts trades and sets the trades' amounts to what is registered. */
export function registerBestEfforts(
  random: SeededRandom,
  loans: readonly LoanRow[],
  trades: readonly SampleTrade[],
): void {
  const free = random.shuffled(loans.filter(canRegister));
  for (const { row } of trades) {
    if (row.trade_type !== 'be') continue;
    let registered = 0;
    while (registered < row.trade_amount - HALF_A_LOAN) {
      const loan = free.pop();
      if (loan === undefined) break;
      loan.be_trade_id = row.trade_id;
      loan.be_price =
        releasedPrice(loan.note_rate) + roundTo(LOCK_PREMIUM + LOCK_SPREAD * random.normal(), MILLI_POINT);
      loan.be_break_points = BREAK_POINTS;
      registered += amountOf(loan);
    }
    row.trade_amount = Math.max(registered, 1);
  }
}

/** What the investors pay today for a loan sold with its servicing, in 1e-8 point. */
const releasedPrice = (noteRate: number): number =>
  windowPrice('thirty', Math.floor(noteRate / EIGHTH) * EIGHTH) + points(1.25);

/** Loans a best-efforts investor would take: plain, conforming, and closed or closing within three weeks. */
function canRegister(loan: LoanRow): boolean {
  return (
    loan.product === 'conv30' &&
    isInScope(loan) &&
    loan.pool_name === null &&
    loan.property_type !== 'mh' &&
    loan.high_balance_indicator === 'N' &&
    loan.loan_amount >= SMALLEST &&
    loan.note_rate >= percent(5.25) &&
    loan.note_rate <= percent(7.25) &&
    (isClosed(loan) || (loan.expected_close_date !== null && loan.expected_close_date <= addDays(AS_OF, 20)))
  );
}
