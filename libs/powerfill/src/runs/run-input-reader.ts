import type { ColumnNames, RowOf, TableDefinition } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { QueryRunner } from 'typeorm';
import { BusinessCalendar } from '../domain/calendar';
import type { RunOptions } from '../domain/run-options';
import type { RunWarning } from '../domain/run-response';
import { freshLockdown } from '../eligibility/upstream-lockdown';
import {
  buyUpDownGridTable,
  carryCostTable,
  carryCurveTable,
  cashGridTable,
  constraintRuleTable,
  constraintTable,
  instrumentTable,
  loanLimitTable,
  loanStageTable,
  loanTable,
  lockdownTable,
  marketPriceTable,
  payupTable,
  poolTable,
  preflightSettingTable,
  priceAdjustmentTable,
  securitizationRuleTable,
  tradePoolTable,
  tradeTable,
} from '../entities';
import type { RunInput } from '../steps/run-input';
import { StepError } from '../steps/run-step';
import { settingsFrom } from './tenant-settings-reader';
import { UpstreamColumns } from './upstream-columns';

/** Input of an attempt with what there is to warn about. */
export interface ReadInput {
  readonly input: RunInput;
  readonly warnings: readonly RunWarning[];
}

/** Compares keys by code units, so that order never depends on a collation. */
const byKey =
  <R extends object>(columns: readonly (keyof R)[]) =>
  (a: R, b: R): number => {
    for (const column of columns) {
      const left = a[column];
      const right = b[column];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };

/** Reads everything an attempt uses in one snapshot (runs.md, "Input"). */
export class RunInputReader {
  async read(options: RunOptions, signal: AbortSignal): Promise<ReadInput> {
    const { dialect, dataSource, tenant } = tenantDatabase();
    return dialect.withSnapshot(dataSource, async (runner, isSnapshot) => {
      const upstream = await UpstreamColumns.read(runner);
      const missing = upstream.missing();
      if (missing.length > 0) throw lacking(missing);
      const all = <T extends TableDefinition>(table: T): Promise<RowOf<T>[]> => {
        const absent = table.group === 'upstream' ? upstream.lackedBy(table) : [];
        return this.readAll(runner, table, absent, signal);
      };
      const pools = await all(poolTable);
      const tradePools = await all(tradePoolTable);
      const input: RunInput = {
        options,
        asOf: options.as_of_date,
        calendar: new BusinessCalendar(tenant.holidays),
        settings: settingsFrom(await all(preflightSettingTable)),
        loans: await all(loanTable),
        instruments: await all(instrumentTable),
        buyUpDownGrid: await all(buyUpDownGridTable),
        trades: await all(tradeTable),
        cashGrid: await all(cashGridTable),
        pools,
        tradePools,
        rules: await all(securitizationRuleTable),
        stages: await all(loanStageTable),
        payups: upstream.hasTable(payupTable) ? await all(payupTable) : null,
        priceAdjustments: await all(priceAdjustmentTable),
        marketPrices: await all(marketPriceTable),
        loanLimits: await all(loanLimitTable),
        constraints: await all(constraintTable),
        constraintRules: await all(constraintRuleTable),
        carryCost: await all(carryCostTable),
        carryCurves: await all(carryCurveTable),
        lockdown: freshLockdown(await all(lockdownTable), { pools, tradePools }),
      };
      return { input, warnings: isSnapshot ? [] : [NOT_A_SNAPSHOT] };
    });
  }

  private async readAll<T extends TableDefinition>(
    runner: QueryRunner,
    table: T,
    absent: readonly ColumnNames<T>[],
    signal: AbortSignal,
  ): Promise<RowOf<T>[]> {
    const { dialect } = tenantDatabase();
    const rows: RowOf<T>[] = [];
    for await (const chunk of dialect.streamRows(runner, table, { absent, signal })) {
      for (const row of chunk) rows.push(row);
    }
    const key = table.primaryKey as readonly ColumnNames<T>[] as readonly (keyof RowOf<T>)[];
    return (rows as (RowOf<T> & object)[]).sort(byKey<RowOf<T> & object>(key));
  }
}

const lacking = (columns: readonly string[]): StepError =>
  new StepError('UPSTREAM_COLUMNS', `The upstream tables lack ${columns.join(', ')}; see the preflight.`);

const NOT_A_SNAPSHOT: RunWarning = {
  code: 'input_not_snapshot',
  message:
    'Snapshot isolation is off on this database; the input was read with locks instead. Turn on ALLOW_SNAPSHOT_ISOLATION.',
};
