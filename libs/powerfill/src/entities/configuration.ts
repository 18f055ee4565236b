import {
  code,
  date,
  decimal,
  defineTable,
  flag,
  int,
  json,
  money,
  nullable,
  price,
  rate,
  text,
  timestamp,
  uuid,
  type RowOf,
} from '@powerfill/database';

/** Tables of the tenant's own configuration and what preprocess prepares from it (data.md, "Owned"). */

export const constraintTable = defineTable('pfill_constraints', 'configuration', {
  columns: {
    investor_id: code(30),
    investor_instrument_name: code(40),
    constraint_name: code(60),
    /** Lower goes first. */
    constraint_priority: int(),
    lo_limit: nullable(money()),
    hi_limit: nullable(money()),
    /** Rule over trade columns and `settlement_month`; null = every trade of the instrument. */
    trade_condition: nullable(text(2000)),
    row_version: int(),
  },
  primaryKey: ['investor_id', 'investor_instrument_name', 'constraint_name'],
});
export type ConstraintRow = RowOf<typeof constraintTable>;

export const constraintRuleTable = defineTable('pfill_constraint_sec_rule_rel', 'configuration', {
  columns: {
    investor_id: code(30),
    investor_instrument_name: code(40),
    constraint_name: code(60),
    rule_name: code(40),
  },
  primaryKey: ['investor_id', 'investor_instrument_name', 'constraint_name', 'rule_name'],
});
export type ConstraintRuleRow = RowOf<typeof constraintRuleTable>;

export const carryCostTable = defineTable('pfill_carry_cost', 'configuration', {
  columns: {
    /** Instrument, or `*` for all others. */
    investor_instrument_name: code(40),
    on_day: int(),
    to_day: int(),
    annual_rate: rate(),
  },
  primaryKey: ['investor_instrument_name', 'on_day'],
});
export type CarryCostRow = RowOf<typeof carryCostTable>;

export const carryCurveTable = defineTable('pfill_carry_curve', 'configuration', {
  columns: {
    /** Instrument, or `*` for all others. */
    investor_instrument_name: code(40),
    /** Days in the note's interest year; 365 unless said. */
    note_day_count: int(),
    /** Days in the funding line's year; 360 unless said. */
    funding_day_count: int(),
    /** Share of the loan the line funds, 0..1. */
    funded_share: decimal(5, 4),
  },
  primaryKey: ['investor_instrument_name'],
});
export type CarryCurveRow = RowOf<typeof carryCurveTable>;

export const lockdownTable = defineTable('pfill_lockdown_guide', 'configuration', {
  columns: {
    pool_name: code(30),
    trade_id: nullable(code(30)),
    /** `N` free, `Y` closed both ways, `O` members stay, may grow. */
    lock_pool: code(1),
    /** `user` (wins) or `upstream`. */
    source: code(10),
  },
  primaryKey: ['pool_name'],
});
export type LockdownRow = RowOf<typeof lockdownTable>;

export const goodDeliveryTable = defineTable('pfill_good_delivery', 'configuration', {
  columns: {
    /** Program of the instruments it holds for: `umbs30`, `gnii30`, ... */
    program: code(20),
    rule_name: code(40),
    effective_from: date(),
    /** Dollars, percent or a count, as the rule says. */
    rule_value: decimal(14, 4),
    /** Where the market says so. */
    source: nullable(text(300)),
  },
  primaryKey: ['program', 'rule_name', 'effective_from'],
  since: 2,
});
export type GoodDeliveryRow = RowOf<typeof goodDeliveryTable>;

export const importProfileTable = defineTable('pfill_import_profiles', 'audit', {
  columns: {
    table_name: code(60),
    profile_name: code(60),
    /** How a desk's own tape is read; see `imports/import-profile.ts`. */
    profile_json: json(),
  },
  primaryKey: ['table_name', 'profile_name'],
  since: 4,
});
export type ImportProfileRow = RowOf<typeof importProfileTable>;

export const preflightSettingTable = defineTable('pfill_preflight_settings', 'configuration', {
  columns: { setting_name: code(60), setting_value: text(200) },
  primaryKey: ['setting_name'],
});
export type PreflightSettingRow = RowOf<typeof preflightSettingTable>;

export const instrumentParameterTable = defineTable('pfill_epci_params', 'prepared', {
  columns: {
    investor_instrument_name: code(40),
    coupon: rate(),
    guarantee_fee: nullable(rate()),
    buy_up_multiple: nullable(decimal(8, 4)),
    buy_down_multiple: nullable(decimal(8, 4)),
    base_servicing: nullable(rate()),
    max_servicing: nullable(rate()),
    msr_multiple: nullable(decimal(8, 4)),
    effective_from: nullable(date()),
    prepared_at: timestamp(),
  },
  primaryKey: ['investor_instrument_name', 'coupon'],
});
export type InstrumentParameterRow = RowOf<typeof instrumentParameterTable>;

export const tradeParameterTable = defineTable('pfill_trade_params', 'prepared', {
  columns: {
    trade_id: code(30),
    target_amount: money(),
    min_amount: money(),
    max_amount: money(),
    pair_off_points: nullable(price()),
    prepared_at: timestamp(),
  },
  primaryKey: ['trade_id'],
});
export type TradeParameterRow = RowOf<typeof tradeParameterTable>;

export const scheduleTable = defineTable('pfill_schedule', 'audit', {
  columns: {
    schedule_id: uuid(),
    name: text(100),
    cron: code(100),
    time_zone: code(60),
    options_json: json(),
    paused: flag(),
    created_by: text(100),
    created_at: timestamp(),
    updated_at: timestamp(),
    row_version: int(),
  },
  primaryKey: ['schedule_id'],
});
export type ScheduleRow = RowOf<typeof scheduleTable>;

export const changeLogTable = defineTable('pfill_change_log', 'audit', {
  columns: {
    change_id: uuid(),
    changed_at: timestamp(),
    changed_by: text(100),
    object_kind: code(40),
    object_key: text(300),
    before_json: nullable(json()),
    after_json: nullable(json()),
  },
  primaryKey: ['change_id'],
  indexes: [{ name: 'ix_pfill_change_log_changed_at', columns: ['changed_at', 'change_id'] }],
});
export type ChangeLogRow = RowOf<typeof changeLogTable>;
