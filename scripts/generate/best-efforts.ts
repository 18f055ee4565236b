import { addDays } from '@powerfill/core/domain/calendar';
import type { LoanRow } from '@powerfill/core/entities';
import { amountOf, isClosed, isInScope } from './loans';
import type { SeededRandom } from './random';
import { AS_OF } from './sample-calendar';
import type { SampleTrade } from './trades';
import { MILLI_POINT, dollars, percent, points, roundTo } from './units';

/** Deducted from a closed registered loan's other candidates. */
const BREAK_POINTS = points(0.25);

/** Half an ordinary loan, in cents: registration stops nearest to the amount, not always above it. */
const HALF_A_LOAN = dollars(150_000);

/** Registers unpooled 30-year conventional loans to the best-efforts trades and sets the trades' amounts to what is registered. */
export function registerBestEfforts(
  random: SeededRandom,
  loans: readonly LoanRow[],
  trades: readonly SampleTrade[],
): void {
  const free = random.shuffled(loans.filter(canRegister));
  for (const { row, grid } of trades) {
    if (row.trade_type !== 'be') continue;
    let registered = 0;
    while (registered < row.trade_amount - HALF_A_LOAN) {
      const loan = free.pop();
      if (loan === undefined) break;
      const posted = grid.filter(({ note_rate: rate }) => rate <= loan.note_rate).at(-1);
      if (posted === undefined) continue;
      loan.be_trade_id = row.trade_id;
      loan.be_price = posted.price + roundTo(points(0.1) * random.normal(), MILLI_POINT);
      loan.be_break_points = BREAK_POINTS;
      registered += amountOf(loan);
    }
    row.trade_amount = Math.max(registered, 1);
  }
}

/** Loans a best-efforts investor would take: plain, conforming, and closed or closing within three weeks. */
function canRegister(loan: LoanRow): boolean {
  return (
    loan.product === 'conv30' &&
    isInScope(loan) &&
    loan.pool_name === null &&
    loan.property_type !== 'mh' &&
    loan.high_balance_indicator === 'N' &&
    loan.note_rate >= percent(5.25) &&
    loan.note_rate <= percent(7.25) &&
    (isClosed(loan) || (loan.expected_close_date !== null && loan.expected_close_date <= addDays(AS_OF, 20)))
  );
}
