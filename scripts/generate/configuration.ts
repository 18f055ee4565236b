import type {
  CarryCostRow,
  CarryCurveRow,
  ConstraintRow,
  ConstraintRuleRow,
  LoanStageRow,
  PreflightSettingRow,
  SecuritizationRuleRow,
} from '@powerfill/core/entities';
import { percent, ruleLimit } from './units';

interface LoanRule {
  readonly name: string;
  readonly condition: string;
}

const LOAN_RULES: readonly LoanRule[] = [
  { name: 'no_mh', condition: "property_type <> 'mh'" },
  { name: 'llb85', condition: 'orig_loan_amount <= 85000' },
  { name: 'llb110', condition: 'orig_loan_amount <= 110000' },
  { name: 'llb125_ex_ny', condition: "orig_loan_amount <= 125000 and property_state <> 'NY'" },
  { name: 'inv_only', condition: "occupancy = 'investor'" },
  { name: 'bulk_credit', condition: 'fico >= 680 and ltv <= 95 and dti <= 45' },
  { name: 'no_tx_cashout', condition: "not (property_state = 'TX' and purpose = 'cashout')" },
  { name: 'hb_only', condition: "high_balance_indicator = 'Y'" },
  { name: 'conforming_only', condition: "high_balance_indicator = 'N'" },
  { name: 'gnma_fico', condition: "agency_type in ('fha', 'va', 'usda') and fico >= 580" },
];

interface PoolRule {
  readonly name: string;
  readonly condition: string | null;
  readonly function: 'percent' | 'average' | 'sum';
  readonly column: string;
  readonly sense: '<=' | '>=';
  readonly limit: number;
  readonly scope: 'each' | 'together';
}

const share = (name: string, condition: string, limit: number): PoolRule => ({
  name,
  condition,
  function: 'percent',
  column: 'loan_amount',
  sense: '<=',
  limit,
  scope: 'each',
});

const POOL_RULES: readonly PoolRule[] = [
  share('hb_10pct', "high_balance_indicator = 'Y'", 10),
  share('coop_10pct', "property_type = 'coop'", 10),
  share('ca_35pct', "property_state = 'CA'", 35),
  { name: 'wa_fico_720', condition: null, function: 'average', column: 'fico', sense: '>=', limit: 720, scope: 'each' },
  {
    name: 'investor_25mm',
    condition: "occupancy = 'investor'",
    function: 'sum',
    column: 'loan_amount',
    sense: '<=',
    limit: 25_000_000,
    scope: 'together',
  },
];

/** `pscat_securitization_rules`. */
export function securitizationRuleRows(): SecuritizationRuleRow[] {
  return [
    ...LOAN_RULES.map(({ name, condition }) => ({
      rule_name: name,
      kind: 'loan',
      condition_text: condition,
      function: null,
      column_name: null,
      limit_value: null,
      limit_sense: null,
      limit_scope: null,
    })),
    ...POOL_RULES.map((rule) => ({
      rule_name: rule.name,
      kind: 'pool',
      condition_text: rule.condition,
      function: rule.function,
      column_name: rule.column,
      limit_value: ruleLimit(rule.limit),
      limit_sense: rule.sense,
      limit_scope: rule.scope,
    })),
  ];
}

interface Constraint {
  readonly priority: number;
  readonly investor: string;
  readonly instrument: string;
  readonly name: string;
  readonly condition?: string;
  readonly rules: readonly string[];
}

const TBA_RULES = ['no_mh', 'hb_10pct', 'coop_10pct', 'investor_25mm'];

/** The desk's tree (sample-data.md, "Constraints"): lower priority numbers take loans and room first. */
const CONSTRAINTS: readonly Constraint[] = [
  { priority: 10, investor: 'HARBOR', instrument: 'HARBOR30-BE', name: 'Best efforts registered', rules: [] },
  { priority: 10, investor: 'LAKESIDE', instrument: 'LAKESIDE30-BE', name: 'Best efforts registered', rules: [] },
  { priority: 10, investor: 'PIONEER', instrument: 'PIONEER30-BE', name: 'Best efforts registered', rules: [] },
  {
    priority: 20,
    investor: 'FHLMC',
    instrument: 'FHLMC30-CASH',
    name: 'LLB85 cash',
    condition: "story = 'LLB85'",
    rules: ['llb85', 'no_mh'],
  },
  {
    priority: 22,
    investor: 'FHLMC',
    instrument: 'FHLMC30-CASH',
    name: 'LLB110 cash',
    condition: "story = 'LLB110'",
    rules: ['llb110', 'no_mh'],
  },
  {
    priority: 24,
    investor: 'FHLMC',
    instrument: 'FHLMC30-CASH',
    name: 'LLB125 cash',
    condition: "story = 'LLB125'",
    rules: ['llb125_ex_ny', 'no_mh'],
  },
  {
    priority: 30,
    investor: 'UMBS',
    instrument: 'UMBS30',
    name: 'Stipulated balance',
    condition: "delivery_type = 'stip' and story like 'LLB%'",
    rules: ['no_mh', 'conforming_only'],
  },
  {
    priority: 35,
    investor: 'UMBS',
    instrument: 'UMBS30',
    name: 'Stipulated investor',
    condition: "delivery_type = 'stip' and story = 'INVESTOR'",
    rules: ['no_mh', 'inv_only', 'conforming_only'],
  },
  {
    priority: 35,
    investor: 'UMBS',
    instrument: 'UMBS30',
    name: 'Stipulated NY and FICO',
    condition: "delivery_type = 'stip' and story in ('NY', 'FICO<700')",
    rules: ['no_mh', 'conforming_only'],
  },
  { priority: 40, investor: 'FHLMC', instrument: 'FHLMC30-SC-CASH', name: 'Super-conforming cash', rules: ['hb_only', 'no_mh'] },
  { priority: 40, investor: 'FNMA', instrument: 'FNMA30-HB-CASH', name: 'High balance cash', rules: ['hb_only', 'no_mh'] },
  { priority: 50, investor: 'GNMA', instrument: 'GNII30', name: 'Ginnie II 30', rules: ['gnma_fico', 'no_mh'] },
  {
    priority: 60,
    investor: 'UMBS',
    instrument: 'UMBS30',
    name: 'UMBS30 December',
    condition: "delivery_type = 'tba' and settlement_month = '2026-12'",
    rules: TBA_RULES,
  },
  { priority: 65, investor: 'UMBS', instrument: 'UMBS15', name: 'UMBS15', rules: ['no_mh', 'hb_10pct', 'coop_10pct'] },
  {
    priority: 70,
    investor: 'UMBS',
    instrument: 'UMBS30',
    name: 'UMBS30 back months',
    condition: "delivery_type = 'tba' and settlement_month > '2026-12'",
    rules: TBA_RULES,
  },
  {
    priority: 70,
    investor: 'FHLMC',
    instrument: 'FHLMC30-CASH',
    name: 'Agency cash',
    condition: 'story is null',
    rules: ['no_mh', 'conforming_only'],
  },
  { priority: 70, investor: 'FNMA', instrument: 'FNMA30-CASH', name: 'Agency cash', rules: ['no_mh', 'conforming_only'] },
  { priority: 70, investor: 'FHLMC', instrument: 'FHLMC15-CASH', name: 'Agency cash', rules: ['no_mh', 'conforming_only'] },
  { priority: 70, investor: 'FNMA', instrument: 'FNMA15-CASH', name: 'Agency cash', rules: ['no_mh', 'conforming_only'] },
  {
    priority: 90,
    investor: 'SUMMIT',
    instrument: 'SUMMIT30-BULK',
    name: 'Aggregator bulk released',
    rules: ['bulk_credit', 'no_tx_cashout', 'no_mh', 'ca_35pct', 'wa_fico_720'],
  },
]; // prettier-ignore

/** `pfill_constraints`. */
export const constraintRows = (): ConstraintRow[] =>
  CONSTRAINTS.map(({ priority, investor, instrument, name, condition }) => ({
    investor_id: investor,
    investor_instrument_name: instrument,
    constraint_name: name,
    constraint_priority: priority,
    lo_limit: null,
    hi_limit: null,
    trade_condition: condition ?? null,
    row_version: 1,
  }));

/** `pfill_constraint_sec_rule_rel`. */
export const constraintRuleRows = (): ConstraintRuleRow[] =>
  CONSTRAINTS.flatMap(({ investor, instrument, name, rules }) =>
    rules.map((rule) => ({
      investor_id: investor,
      investor_instrument_name: instrument,
      constraint_name: name,
      rule_name: rule,
    })),
  );

/** From day, to day, annual rate in percent of the warehouse line (sample-data.md, "Carry"). */
const CARRY_BUCKETS: readonly (readonly [number, number, number])[] = [
  [0, 15, 6.1],
  [16, 30, 6.24],
  [31, 45, 6.35],
  [46, 60, 6.75],
  [61, 120, 7.5],
];

/** Ginnie loans are funded this much cheaper, percent. */
const GINNIE_DISCOUNT = 0.1;

/** `pfill_carry_cost`. */
export const carryCostRows = (): CarryCostRow[] =>
  ([['*', 0], ['GNII30', GINNIE_DISCOUNT]] as const).flatMap(([instrument, discount]) =>
    CARRY_BUCKETS.map(([from, to, annual]) => ({
      investor_instrument_name: instrument,
      on_day: from,
      to_day: to,
      annual_rate: percent(annual - discount),
    })),
  ); // prettier-ignore

/** `pfill_carry_curve`: note interest on 365 days, the line on 360, all of the loan funded. */
export const carryCurveRows = (): CarryCurveRow[] => [
  { investor_instrument_name: '*', note_day_count: 365, funding_day_count: 360, funded_share: 10_000 },
];

/** `pscat_loan_stages`. */
export const loanStageRows = (): LoanStageRow[] =>
  ['In Process', 'In Underwriting', 'Approved', 'Docs Out'].map((stage, index) => ({ stage, seq: index + 1 }));

/** `pfill_preflight_settings`. */
export const preflightSettingRows = (): PreflightSettingRow[] => [
  { setting_name: 'pair_off_horizon_days', setting_value: '30' },
  { setting_name: 'placement_bonus_points', setting_value: '0.125' },
  { setting_name: 'synthetic_cost_points', setting_value: '0.03125' },
];
