import { addDays } from '@powerfill/core/domain/calendar';
import type { LoanRow } from '@powerfill/core/entities';
import { PRODUCT_MIX, SHORT_PRODUCTS, drawAmount, drawAttributes, roundAmount, type Product } from './loan-attributes';
import { STATUS_MIX, drawTimeline } from './loan-timeline';
import type { SeededRandom, Weighted } from './random';
import { businessDayOnOrBefore, firstOfMonthAfter } from './sample-calendar';
import { dollars } from './units';

/** Mean of all amounts, in cents: $811 MM for 2,500 loans (sample-data.md). */
const MEAN_AMOUNT = dollars(324_400);

/** Loans of the size and mix of sample-data.md, not yet in pools and without defects; sorted by loan id. */
export function generateLoans(random: SeededRandom, count: number): LoanRow[] {
  const families = exactMix(random, count, PRODUCT_MIX);
  const statuses = exactMix(random, count, STATUS_MIX);
  const products = families.map((family): Product => (family === 'short' ? random.weighted(SHORT_PRODUCTS) : family));
  const amounts = products.map((product) => drawAmount(random, product));
  const scale = MEAN_AMOUNT / 100 / (amounts.reduce((sum, amount) => sum + amount, 0) / count);
  return products.map((product, index) => {
    const amount = roundAmount(random, (amounts[index] ?? 0) * scale);
    const attributes = drawAttributes(random, product, amount);
    const loan: LoanRow = {
      loan_id: `L${String(2_600_001 + index)}`,
      loan_amount: amount,
      orig_loan_amount: amount,
      issue_date_prin_bal: null,
      pool_name: null,
      be_trade_id: null,
      be_price: null,
      be_break_points: null,
      hold_reason: null,
      ...attributes,
      ...drawTimeline(random, statuses[index] ?? 'locked', attributes),
    };
    loan.loan_amount = balanceAfter(loan, paymentsMade(loan));
    return loan;
  });
}

/** `total` values in the exact proportions of the table (largest remainders), in random order. */
export function exactMix<T>(random: SeededRandom, total: number, table: Weighted<T>): T[] {
  const weights = table.reduce((sum, [, weight]) => sum + weight, 0);
  const parts = table.map(([value, weight], place) => ({
    value,
    place,
    count: Math.floor((total * weight) / weights),
    remainder: (total * weight) % weights,
  }));
  let left = total - parts.reduce((sum, { count }) => sum + count, 0);
  for (const part of [...parts].sort((a, b) => b.remainder - a.remainder || a.place - b.place)) {
    if (left === 0) break;
    part.count += 1;
    left -= 1;
  }
  return random.shuffled(parts.flatMap(({ value, count }) => Array.from({ length: count }, () => value)));
}

/** Instalments paid so far: months from the first payment to the next one due. */
export function paymentsMade(loan: LoanRow): number {
  if (loan.first_payment_date === null || loan.next_due_date === null) return 0;
  const month = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  return Math.max(0, month(loan.next_due_date) - month(loan.first_payment_date));
}

/** Unpaid balance in cents after `payments` level instalments on the original amount. */
export function balanceAfter(loan: LoanRow, payments: number): number {
  const original = loan.orig_loan_amount ?? loan.loan_amount;
  if (payments === 0) return original;
  const monthly = loan.note_rate / 1_000_000 / 1200;
  const growth = (months: number) => {
    let factor = 1;
    for (let month = 0; month < months; month += 1) factor *= 1 + monthly;
    return factor;
  };
  const full = growth(loan.term_months);
  return Math.round((original * (full - growth(payments))) / (full - 1));
}

/** Makes a closed loan older: closed about six weeks before the given first payment, with the given next one due. */
export function makeOlder(loan: LoanRow, firstPayment: string, nextDue: string): void {
  const closed = businessDayOnOrBefore(addDays(firstOfMonthAfter(firstPayment, -2), 11));
  loan.close_date = closed;
  loan.expected_close_date = closed;
  loan.funded_date = closed;
  loan.note_date = closed;
  loan.lock_date = businessDayOnOrBefore(addDays(closed, -30));
  loan.lock_expiration_date = businessDayOnOrBefore(addDays(closed, 10));
  loan.first_payment_date = firstPayment;
  loan.next_due_date = nextDue;
  loan.loan_amount = balanceAfter(loan, paymentsMade(loan));
}

/** Amount the engine counts, in cents. */
export const amountOf = (loan: LoanRow): number => loan.issue_date_prin_bal ?? loan.loan_amount;

/** True while a loan may still be delivered: closed and not shipped. */
export const isClosed = (loan: LoanRow): boolean => loan.curr_status === 'Closed' && loan.mkt_shipped_date === null;

const GONE = new Set(['Withdrawn', 'Denied', 'Expired']);

/** True for loans a default run takes in: closed or locked, not shipped. */
export const isInScope = (loan: LoanRow): boolean => loan.mkt_shipped_date === null && !GONE.has(loan.curr_status);
