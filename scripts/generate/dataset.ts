import type { RowOf, TableDefinition } from '@powerfill/database';
import * as tables from '@powerfill/core/entities';
import { registerBestEfforts } from './best-efforts';
import * as configuration from './configuration';
import { seedDefects } from './defects';
import { loanLimitRows } from './geography';
import { goodDeliveryRows } from './good-delivery';
import { INSTRUMENTS, buyUpDownRows, priceAdjustmentRows } from './instruments';
import { generateLoans } from './loans';
import { marketPriceRows, payupRows } from './market';
import { generatePools } from './pools';
import { SeededRandom } from './random';
import { generateTrades } from './trades';

/** Size and seed of a data set. */
export interface DatasetOptions {
  readonly loans: number;
  readonly trades: number;
  readonly seed: number;
}

/** The checked-in sample (sample-data.md). */
export const SAMPLE_OPTIONS: DatasetOptions = { loans: 2500, trades: 60, seed: 3 };

/** Rows as the code reads them. */
export type RowsOf<T extends TableDefinition> = readonly RowOf<T>[];

/** A table with its rows. */
export interface TableRows<T extends TableDefinition = TableDefinition> {
  readonly table: T;
  readonly rows: readonly object[];
}

/** Rows of every table of a data set, by the role they play. */
export interface Dataset {
  readonly loans: readonly tables.LoanRow[];
  readonly trades: readonly tables.TradeRow[];
  readonly pools: readonly tables.PoolRow[];
  readonly tradePools: readonly tables.TradePoolRow[];
  readonly lockdown: readonly tables.LockdownRow[];
  readonly cashGrid: readonly tables.CashGridRow[];
  /** Every table with its rows, in an order in which each row's references come before it. */
  readonly all: readonly TableRows[];
}

/** A consistent data set of the shape of sample-data.md, scaled to the options; the same options give the same rows. */
export function generateDataset(options: DatasetOptions): Dataset {
  const random = new SeededRandom(options.seed, 'dataset');
  const loans = generateLoans(random.fork('loans'), options.loans);
  const trades = generateTrades(random.fork('trades'), options.trades, options.loans);
  const { pools, relation, lockdown } = generatePools(random.fork('pools'), loans, trades);
  registerBestEfforts(random.fork('best efforts'), loans, trades);
  seedDefects(random.fork('defects'), loans, pools);
  const tradeRows = trades.map(({ row }) => row);
  const poolRows = pools.map(({ row }) => row);
  const cashGrid = trades.flatMap(({ grid }) => grid);
  return {
    loans,
    trades: tradeRows,
    pools: poolRows,
    tradePools: relation,
    lockdown,
    cashGrid,
    all: [
      { table: tables.loanStageTable, rows: configuration.loanStageRows() },
      { table: tables.loanLimitTable, rows: loanLimitRows() },
      { table: tables.instrumentTable, rows: INSTRUMENTS },
      { table: tables.buyUpDownGridTable, rows: buyUpDownRows() },
      { table: tables.securitizationRuleTable, rows: configuration.securitizationRuleRows() },
      { table: tables.payupTable, rows: payupRows() },
      { table: tables.priceAdjustmentTable, rows: priceAdjustmentRows() },
      { table: tables.marketPriceTable, rows: marketPriceRows() },
      { table: tables.tradeTable, rows: tradeRows },
      { table: tables.cashGridTable, rows: cashGrid },
      { table: tables.poolTable, rows: poolRows },
      { table: tables.tradePoolTable, rows: relation },
      { table: tables.loanTable, rows: loans },
      { table: tables.constraintTable, rows: configuration.constraintRows() },
      { table: tables.constraintRuleTable, rows: configuration.constraintRuleRows() },
      { table: tables.carryCostTable, rows: configuration.carryCostRows() },
      { table: tables.carryCurveTable, rows: configuration.carryCurveRows() },
      { table: tables.lockdownTable, rows: lockdown },
      { table: tables.goodDeliveryTable, rows: goodDeliveryRows() },
      { table: tables.preflightSettingTable, rows: configuration.preflightSettingRows() },
    ],
  };
}
