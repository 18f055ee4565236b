import { decimalText } from '../domain/money';
import { readDecimal, type DecimalRule } from '../domain/run-options-decimal';
import { DEFAULT_TENANT_SETTINGS } from '../domain/tenant-settings';

/** A threshold of a tenant. Its value is decimal text of the rule's scale. */
export interface SettingDefinition extends DecimalRule {
  readonly defaultValue: string;
  readonly unit: 'days' | 'business_days' | 'points' | 'percent';
  readonly help: string;
}

const points = (value: number): string => decimalText(value, 8);

/** Every setting of `pfill_preflight_settings`, by name. */
export const SETTINGS = {
  pair_off_horizon_days: {
    scale: 0,
    min: 0,
    max: 3_650,
    unit: 'days',
    defaultValue: String(DEFAULT_TENANT_SETTINGS.pairOffHorizonDays),
    help: 'A trade that settles later than this after the as-of date owes nothing this run.',
  },
  placement_bonus_points: {
    scale: 8,
    min: 0,
    max: 100,
    unit: 'points',
    defaultValue: points(DEFAULT_TENANT_SETTINGS.placementBonusPoints),
    help: 'What the market reservation price of a loan lies below its best alternative.',
  },
  synthetic_cost_points: {
    scale: 8,
    min: 0,
    max: 100,
    unit: 'points',
    defaultValue: points(DEFAULT_TENANT_SETTINGS.syntheticCostPoints),
    help: 'Cost of making a new trade at the market.',
  },
  price_max_age_business_days: {
    scale: 0,
    min: 0,
    max: 365,
    unit: 'business_days',
    defaultValue: '1',
    help: 'Market prices older than this are stale.',
  },
  loan_data_max_age_business_days: {
    scale: 0,
    min: 0,
    max: 365,
    unit: 'business_days',
    defaultValue: '3',
    help: 'Loan data are stale when no loan was locked, closed or funded for longer than this.',
  },
  market_distance_points: {
    scale: 8,
    min: 0,
    max: 100,
    unit: 'points',
    defaultValue: '5.00000000',
    help: 'A trade price further from the market is worth a look.',
  },
  unpriced_coupon_error_percent: {
    scale: 2,
    min: 0,
    max: 100,
    unit: 'percent',
    defaultValue: '20.00',
    help: 'Share of the pipeline without a market price that stops a run whose reservation is the market.',
  },
  room_min_percent: {
    scale: 2,
    min: 0,
    max: 1_000,
    unit: 'percent',
    defaultValue: '70.00',
    help: 'Room of the open trades as a share of the pipeline, at least.',
  },
  room_max_percent: {
    scale: 2,
    min: 0,
    max: 1_000,
    unit: 'percent',
    defaultValue: '120.00',
    help: 'Room of the open trades as a share of the pipeline, at most.',
  },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

/** Name of a setting. */
export type SettingName = keyof typeof SETTINGS;
/** Names of all settings, in the order they are shown. */
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** The settings in force: what is stored where it can be read, else the default. */
export function settingsInForce(stored: ReadonlyMap<string, string>): Readonly<Record<SettingName, string>> {
  const value = (name: SettingName): string => {
    const text = stored.get(name);
    const reading = text === undefined ? undefined : readDecimal(text, SETTINGS[name]);
    return reading !== undefined && 'text' in reading ? reading.text : SETTINGS[name].defaultValue;
  };
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, value(name)])) as Record<SettingName, string>;
}
