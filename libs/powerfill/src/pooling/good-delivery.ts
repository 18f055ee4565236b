import type { IsoDate } from '../domain/calendar';
import { decimalText, divideRounded, moneyText, rateText } from '../domain/money';
import { lotMisses } from './good-million';

/** A dated parameter of the market (`pfill_good_delivery`); `value` in 1e-4 dollar, percent or count. */
export interface DeliveryParameter {
  readonly program: string;
  readonly rule: string;
  readonly effectiveFrom: IsoDate;
  readonly value: number;
}

/** What a pool holds. Amounts in cents, rates in 1e-6 percent. */
export interface DeliveredPool {
  readonly amount: number;
  readonly lowestRate: number;
  readonly highestRate: number;
  readonly highBalance: number;
  readonly coop: number;
  readonly relocation: number;
  readonly buydown: number;
}

/** The trade the pools are for. */
export interface DeliveryTrade {
  /** Program of its instrument. */
  readonly program: string;
  /** `tba`, `stip`, ...; lots and non-standard shares bind TBA trades only. */
  readonly deliveryType: string | null;
  readonly coupon: number | null;
  readonly settlementDate: IsoDate;
}

/** One rule of the market, and whether the pool meets it. */
export interface DeliveryCheck {
  readonly [name: string]: string | null;
  readonly rule: string;
  readonly status: 'pass' | 'fail';
  readonly value: string;
  readonly limit: string;
  /** How far it fails, dollars or percent points; null when it passes. */
  readonly fails_by: string | null;
  /** Plain words for the trader when it fails. */
  readonly message: string | null;
}

/** Rules that `pfill_good_delivery` may name, and what their values are. */
export const DELIVERY_RULES = {
  lot_amount: 'dollars of a lot',
  variance_percent: 'percent a lot may miss its amount by',
  pools_per_lot: 'most pools in a lot',
  min_pool_amount: 'smallest pool, dollars',
  min_spread: 'percent points of the note rate over the coupon, at least',
  max_spread: 'percent points of the note rate over the coupon, at most',
  high_balance_max_percent: 'percent of the pool',
  coop_max_percent: 'percent of the pool',
  relocation_max_percent: 'percent of the pool',
  buydown_max_percent: 'percent of the pool',
  non_standard_max_percent: 'percent of the pool, co-op, relocation and buydown together',
} as const;
/** One of {@link DELIVERY_RULES}. */
export type DeliveryRule = keyof typeof DELIVERY_RULES;

/** Scale of a parameter's value. */
const VALUE_SCALE = 4;
const CENTS_OF_VALUE = 100;
const RATE_OF_VALUE = 100;

/** The value of each rule in force for a trade on its settlement date. */
function rulesInForce(
  parameters: readonly DeliveryParameter[],
  { program, settlementDate }: DeliveryTrade,
): ReadonlyMap<string, number> {
  const newest = new Map<string, DeliveryParameter>();
  for (const parameter of parameters) {
    if (parameter.program !== program || parameter.effectiveFrom > settlementDate) continue;
    const known = newest.get(parameter.rule);
    if (known === undefined || known.effectiveFrom < parameter.effectiveFrom) newest.set(parameter.rule, parameter);
  }
  return new Map([...newest].map(([rule, { value }]) => [rule, value]));
}

/**
 * Checks the pools of one trade against the market's rules in force (market.md 1.1 to 1.3); a rule without a
 * parameter is not checked. Answers the checks of each pool, in the order given.
 */
export function deliveryChecks(
  trade: DeliveryTrade,
  pools: readonly DeliveredPool[],
  parameters: readonly DeliveryParameter[],
): DeliveryCheck[][] {
  const rules = rulesInForce(parameters, trade);
  const isTba = trade.deliveryType === 'tba';
  const lots = isTba ? lotChecks(pools, rules) : null;
  return pools.map((pool, index) => [
    ...(lots?.[index] === undefined ? [] : [lots[index]]),
    ...smallestPool(pool, rules),
    ...(trade.coupon === null ? [] : noteRateBand(pool, trade.coupon, rules)),
    ...(isTba ? shares(pool, rules) : []),
  ]);
}

const check = (rule: string, value: string, limit: string, failsBy: string | null, message: string): DeliveryCheck => ({
  rule,
  status: failsBy === null ? 'pass' : 'fail',
  value,
  limit,
  fails_by: failsBy,
  message: failsBy === null ? null : message,
});

function lotChecks(pools: readonly DeliveredPool[], rules: ReadonlyMap<string, number>): DeliveryCheck[] | null {
  const [lot, percent, poolsPerLot] = ['lot_amount', 'variance_percent', 'pools_per_lot'].map((rule) =>
    rules.get(rule),
  );
  if (lot === undefined || percent === undefined || poolsPerLot === undefined) return null;
  const terms = {
    lot: lot / CENTS_OF_VALUE,
    variance: Number((BigInt(lot) * BigInt(percent)) / BigInt(CENTS_OF_VALUE * 100 * 10 ** VALUE_SCALE)),
    poolsPerLot: poolsPerLot / 10 ** VALUE_SCALE,
  };
  const misses = lotMisses(
    pools.map(({ amount }) => amount),
    terms,
  );
  return pools.map(({ amount }, index) => {
    const miss = misses[index] ?? 0;
    const limit = `${moneyText(terms.lot)} +/- ${moneyText(terms.variance)}`;
    const isLarge = amount >= terms.lot - terms.variance;
    const text = isLarge
      ? `The pool misses a whole number of lots of $${limit} by $${moneyText(miss)}.`
      : `The pool is $${moneyText(miss)} short of a lot of $${limit}, and no ${terms.poolsPerLot - 1} other small pools of the trade fill one with it.`;
    return check('lots', moneyText(amount), limit, miss === 0 ? null : moneyText(miss), text);
  });
}

function smallestPool({ amount }: DeliveredPool, rules: ReadonlyMap<string, number>): DeliveryCheck[] {
  const value = rules.get('min_pool_amount');
  if (value === undefined) return [];
  const least = value / CENTS_OF_VALUE;
  const missing = amount < least ? moneyText(least - amount) : null;
  const text = `The pool is $${missing ?? ''} short of the smallest pool of $${moneyText(least)}.`;
  return [check('min_pool_amount', moneyText(amount), moneyText(least), missing, text)];
}

function noteRateBand(pool: DeliveredPool, coupon: number, rules: ReadonlyMap<string, number>): DeliveryCheck[] {
  const [least, most] = [rules.get('min_spread'), rules.get('max_spread')];
  const [low, high] = [pool.lowestRate - coupon, pool.highestRate - coupon];
  const checks: DeliveryCheck[] = [];
  if (least !== undefined) {
    const under = least * RATE_OF_VALUE - low;
    const text = `The lowest note rate is ${rateText(under)} under the band, which begins ${rateText(least * RATE_OF_VALUE)} over the coupon.`;
    checks.push(
      check('min_spread', rateText(low), rateText(least * RATE_OF_VALUE), under > 0 ? rateText(under) : null, text),
    );
  }
  if (most !== undefined) {
    const over = high - most * RATE_OF_VALUE;
    const text = `The highest note rate is ${rateText(over)} over the band, which ends ${rateText(most * RATE_OF_VALUE)} over the coupon.`;
    checks.push(
      check('max_spread', rateText(high), rateText(most * RATE_OF_VALUE), over > 0 ? rateText(over) : null, text),
    );
  }
  return checks;
}

function shares(pool: DeliveredPool, rules: ReadonlyMap<string, number>): DeliveryCheck[] {
  const share = (rule: DeliveryRule, what: string, part: number): DeliveryCheck[] => {
    const most = rules.get(rule);
    if (most === undefined || pool.amount === 0) return [];
    // Cents over: part - most % of the pool, rounded up so that a breach is never shown as 0.00.
    const over = BigInt(part) * 1_000_000n - BigInt(pool.amount) * BigInt(most);
    const cents = over <= 0n ? null : moneyText((over + 999_999n) / 1_000_000n);
    const percent = decimalText(divideRounded(BigInt(part) * 1_000_000n, BigInt(pool.amount)), VALUE_SCALE);
    const limit = decimalText(most, VALUE_SCALE);
    return [
      check(rule, percent, limit, cents, `${what} are ${percent} % of the pool, $${cents ?? ''} over ${limit} %.`),
    ];
  };
  const { highBalance, coop, relocation, buydown } = pool;
  return [
    // The 15 % of all non-standard types does not count high balance (Fannie Mae C3-7-03).
    ...share('high_balance_max_percent', 'High-balance loans', highBalance),
    ...share('coop_max_percent', 'Co-op loans', coop),
    ...share('relocation_max_percent', 'Relocation loans', relocation),
    ...share('buydown_max_percent', 'Buydown loans', buydown),
    ...share('non_standard_max_percent', 'Non-standard loans together', coop + relocation + buydown),
  ];
}
