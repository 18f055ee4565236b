import type { TableDefinition } from '@powerfill/database';
import { BusinessCalendar } from '@powerfill/core/domain/calendar';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from '@powerfill/core/domain/run-options';
import { DEFAULT_TENANT_SETTINGS } from '@powerfill/core/domain/tenant-settings';
import * as tables from '@powerfill/core/entities';
import type { RunInput } from '@powerfill/core/steps/run-input';
import type { Dataset, RowsOf } from './dataset';
import { AS_OF, SAMPLE_HOLIDAYS } from './sample-calendar';

/** What a run of the data set reads, without a database: rows sorted by key, the tenant's settings at their defaults. */
export function runInputOf(dataset: Dataset, options: Partial<RunOptions> = {}): RunInput {
  const rows = <T extends TableDefinition>(table: T): RowsOf<T> => {
    const own = dataset.all.find((one) => one.table.name === table.name)?.rows ?? [];
    return [...own].sort(byKey(table.primaryKey)) as unknown as RowsOf<T>;
  };
  return {
    options: { ...DEFAULT_RUN_OPTIONS, as_of_date: AS_OF, ...options },
    asOf: AS_OF,
    calendar: new BusinessCalendar(SAMPLE_HOLIDAYS),
    settings: DEFAULT_TENANT_SETTINGS,
    loans: rows(tables.loanTable),
    instruments: rows(tables.instrumentTable),
    buyUpDownGrid: rows(tables.buyUpDownGridTable),
    trades: rows(tables.tradeTable),
    cashGrid: rows(tables.cashGridTable),
    pools: rows(tables.poolTable),
    tradePools: rows(tables.tradePoolTable),
    rules: rows(tables.securitizationRuleTable),
    stages: rows(tables.loanStageTable),
    payups: rows(tables.payupTable),
    priceAdjustments: rows(tables.priceAdjustmentTable),
    marketPrices: rows(tables.marketPriceTable),
    loanLimits: rows(tables.loanLimitTable),
    constraints: rows(tables.constraintTable),
    constraintRules: rows(tables.constraintRuleTable),
    carryCost: rows(tables.carryCostTable),
    carryCurves: rows(tables.carryCurveTable),
    lockdown: rows(tables.lockdownTable),
  };
}

/** Order of keys by code units, as the reader of runs sorts. */
const byKey = (columns: readonly string[]) => (a: object, b: object) => {
  for (const column of columns) {
    const [left, right] = [a, b].map((row) => (row as Record<string, string | number>)[column] ?? '');
    if (left !== undefined && right !== undefined && left !== right) return left < right ? -1 : 1;
  }
  return 0;
};
