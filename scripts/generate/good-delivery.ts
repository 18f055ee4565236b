import type { GoodDeliveryRow } from '@powerfill/core/entities';
import type { DeliveryRule } from '@powerfill/core/pooling/good-delivery';

interface Parameter {
  readonly rule: DeliveryRule;
  readonly value: number;
  readonly source: string;
}

const SIFMA = 'SIFMA Uniform Practices, chapter 8';
const NON_STANDARD = 'Fannie Mae Selling Guide C3-7-03';

/** Rules of every TBA trade (market.md, 1.1). */
const TBA: readonly Parameter[] = [
  { rule: 'lot_amount', value: 1_000_000, source: SIFMA },
  { rule: 'variance_percent', value: 0.01, source: SIFMA },
  { rule: 'pools_per_lot', value: 3, source: SIFMA },
];

/** Uniform MBS of Fannie Mae and Freddie Mac (market.md, 1.1 to 1.3). */
const UMBS: readonly Parameter[] = [
  ...TBA,
  { rule: 'min_pool_amount', value: 1_000_000, source: 'Fannie Mae Selling Guide C3-1-01' },
  { rule: 'min_spread', value: 0.25, source: 'Fannie Mae Selling Guide C3-6-01' },
  { rule: 'max_spread', value: 1.125, source: 'Fannie Mae and Freddie Mac, issue dates from 2019-06-01' },
  { rule: 'high_balance_max_percent', value: 10, source: 'SIFMA 2008, de minimis' },
  { rule: 'coop_max_percent', value: 10, source: NON_STANDARD },
  { rule: 'relocation_max_percent', value: 10, source: NON_STANDARD },
  { rule: 'buydown_max_percent', value: 10, source: NON_STANDARD },
  { rule: 'non_standard_max_percent', value: 15, source: NON_STANDARD },
];

/** Custom Ginnie II pools. */
const GINNIE_II: readonly Parameter[] = [
  ...TBA,
  { rule: 'min_pool_amount', value: 1_000_000, source: 'Ginnie Mae MBS Guide, custom single-issuer pools' },
  { rule: 'min_spread', value: 0.25, source: 'Ginnie Mae, pools from 2003-07-01' },
  { rule: 'max_spread', value: 0.75, source: 'Ginnie Mae, pools from 2003-07-01' },
];

const rows = (program: string, effectiveFrom: string, parameters: readonly Parameter[]): GoodDeliveryRow[] =>
  parameters.map(({ rule, value, source }) => ({
    program,
    rule_name: rule,
    effective_from: effectiveFrom,
    rule_value: Math.round(value * 10_000),
    source,
  }));

/** `pfill_good_delivery`: the market's rules in force. */
export const goodDeliveryRows = (): GoodDeliveryRow[] => [
  ...rows('umbs30', '2019-06-01', UMBS),
  ...rows('umbs15', '2019-06-01', UMBS),
  ...rows('gnii30', '2003-07-01', GINNIE_II),
];
