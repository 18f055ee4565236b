import { type MarketLoan } from './loans';
import { COUPONS, type Coupon, SERVICING_MULTIPLE } from './tables';
import { type MarketTrade } from './trades';

/** Guarantee fee and base servicing taken out of the note rate, 1e-3 percent. */
const GUARANTEE_FEE = 500;
const BASE_SERVICING = 250;
const GOVERNMENT_FEE = 60;

/** 1e-3 percent of rate times a multiple in hundredths, in 1e-5 point. */
function rateValue(rate: number, multiple: number): number {
  return rate * multiple;
}

/** Note rate over coupon that a security takes, 1e-3 percent. */
function inBand(loan: MarketLoan, coupon: Coupon): boolean {
  const spread = loan.noteRate - coupon.coupon;
  return loan.program === 'gov30' ? spread >= 250 && spread <= 750 : spread >= 250 && spread <= 1_125;
}

/** Buy-up or buy-down and servicing of a loan in a security, 1e-5 point. */
function strips(loan: MarketLoan, coupon: Coupon): number {
  const government = loan.program === 'gov30';
  const excess = loan.noteRate - coupon.coupon - (government ? GOVERNMENT_FEE : GUARANTEE_FEE) - BASE_SERVICING;
  const servicing = SERVICING_MULTIPLE[loan.program];
  if (government) return rateValue(BASE_SERVICING + Math.min(Math.max(excess, -60), 250), servicing);
  if (excess < 0)
    return rateValue(Math.max(excess, -GUARANTEE_FEE), coupon.buyDown) + rateValue(BASE_SERVICING, servicing);
  return (
    rateValue(Math.min(excess, 250), coupon.buyUp) +
    rateValue(BASE_SERVICING + Math.min(Math.max(0, excess - 250), 250), servicing)
  );
}

/** A number that depends on the buyer and a bucket of loans only, within plus and minus `range`. */
function opinion(buyer: number, bucket: number, range: number): number {
  const mixed = Math.imul(Math.imul(buyer * 7919 + bucket, 0x2c1b3c6d) ^ 0x297a2d39, 0x45d9f3b);
  return ((mixed >>> 8) % (2 * range + 1)) - range;
}

function stateBucket(state: string): number {
  return state.charCodeAt(0) * 32 + state.charCodeAt(1);
}

/** What a cash or bulk buyer pays over or under its grid for this loan's credit, place and size, 1e-5 point. */
function buyerView(loan: MarketLoan, { buyer }: MarketTrade): number {
  const ficoBucket = Math.floor(loan.fico / 20);
  const ltvBucket = Math.floor(loan.ltv / 5);
  const sizeBucket = Math.min(20, Math.floor(loan.amount / 5_000_000));
  return (
    opinion(buyer, 100 + ficoBucket, 15_000) +
    opinion(buyer, 200 + ltvBucket, 10_000) +
    opinion(buyer, 300 + stateBucket(loan.state), 10_000) +
    opinion(buyer, 5_000 + sizeBucket, 12_500)
  );
}

function storyMet(loan: MarketLoan, trade: MarketTrade): boolean {
  const { story } = trade;
  if (!story) return true;
  return (
    loan.amount <= (story.maxBalance ?? Infinity) * 100 &&
    loan.fico <= (story.maxFico ?? Infinity) &&
    (story.state === undefined || story.state === loan.state) &&
    (story.occupancy === undefined || story.occupancy === loan.occupancy)
  );
}

function payUp(trade: MarketTrade): number {
  const steps = trade.story?.payUp ?? [0, 0, 0];
  const step = trade.coupon.coupon <= 5_000 ? 0 : trade.coupon.coupon <= 5_500 ? 1 : 2;
  return Math.round(steps[step] * 3_125);
}

/** Price of a loan in a trade in 1e-5 point, or null when it may not go there. */
export function priceOf(loan: MarketLoan, trade: MarketTrade): number | null {
  if ((trade.branches & (1 << loan.branch)) === 0) return null;
  if (loan.program !== trade.program || loan.readyMonth > trade.month + (trade.kind === 'cash' ? 0 : 1)) return null;
  if (trade.kind === 'tba' || trade.kind === 'stipulated') {
    if (!inBand(loan, trade.coupon) || !storyMet(loan, trade)) return null;
    // A loan that is ready a month late makes the settlement only where it is expedited, every third one.
    if (loan.readyMonth > trade.month && loan.amount % 3 !== 0) return null;
    return trade.price + payUp(trade) + strips(loan, trade.coupon);
  }
  const [low, high] = trade.rates;
  if (loan.noteRate < low || loan.noteRate > high || loan.fico < trade.minFico) return null;
  if (trade.released && !loan.servicingReleasable) return null;
  // A grid pays for rate in steps of an eighth, 0.30 point each, from the coupon's price.
  const grid = Math.floor((loan.noteRate - trade.coupon.coupon) / 125) * 30_000 - 60_000;
  const servicing = trade.released ? 118_000 : rateValue(BASE_SERVICING, SERVICING_MULTIPLE[loan.program]);
  return trade.price + grid + servicing + buyerView(loan, trade);
}

/** What the loan would fetch if sold today: its best coupon in the market, less 1/32, in 1e-5 point; null: no coupon takes it. */
export function marketValue(loan: MarketLoan): number | null {
  let best: number | null = null;
  for (const coupon of COUPONS) {
    if (coupon.program !== loan.program || !inBand(loan, coupon)) continue;
    const value = coupon.price - loan.readyMonth * coupon.drop + strips(loan, coupon) - 3_125;
    if (best === null || value > best) best = value;
  }
  return best;
}
