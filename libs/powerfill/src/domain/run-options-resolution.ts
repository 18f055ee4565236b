import type { IsoDate } from './calendar';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from './run-options';
import { readDecimal, type DecimalRule } from './run-options-decimal';
import { MARKET_RESERVATION, PRICE_FLOOR_RULE, RESERVATION_RULE, SWITCH_COST_RULE } from './run-options-rules';

/** Run options as a caller gives them: all optional, decimals as text or number. Validated by the rules before. */
export type RunOptionsRequest = {
  readonly [K in keyof RunOptions]?: RunOptions[K] | undefined | (K extends DecimalOption ? number : never);
};
type DecimalOption = 'bx_price_floor' | 'reservation_price' | 'switch_cost_bp';

/**
 * The options of a run, defaults filled in and decimals at fixed scale; resolved once, at submission, so that a
 * later change of a default or of the date changes no run.
 * @param businessDate today at the tenant
 */
export function resolveRunOptions(request: RunOptionsRequest, businessDate: IsoDate): RunOptions {
  const defaults = { ...DEFAULT_RUN_OPTIONS, as_of_date: businessDate };
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  const { bx_price_floor: floor, reservation_price: reservation, switch_cost_bp: switchCost } = request;
  return {
    ...defaults,
    ...given,
    bx_price_floor: floor === undefined || floor === null ? null : exact('bx_price_floor', floor, PRICE_FLOOR_RULE),
    reservation_price:
      reservation === undefined || reservation === MARKET_RESERVATION
        ? MARKET_RESERVATION
        : exact('reservation_price', reservation, RESERVATION_RULE),
    switch_cost_bp:
      switchCost === undefined ? defaults.switch_cost_bp : exact('switch_cost_bp', switchCost, SWITCH_COST_RULE),
    exclude_loan_ids: emptyIsNone(request.exclude_loan_ids),
  };
}

function exact(name: string, value: string | number, rule: DecimalRule): string {
  const reading = readDecimal(value, rule);
  if ('fault' in reading) throw new RangeError(`${name} ${reading.fault}`);
  return reading.text;
}

const emptyIsNone = (ids: readonly string[] | null | undefined): readonly string[] | null =>
  ids === undefined || ids === null || ids.length === 0 ? null : ids;
