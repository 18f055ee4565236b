import type { TableDefinition } from '@powerfill/database';
import { RefusedError } from '../domain/errors';
import * as tables from '../entities';

/** Every table that can be imported, referenced tables before those that refer to them. */
export const IMPORTABLE_TABLES: readonly TableDefinition[] = [
  tables.loanStageTable,
  tables.loanLimitTable,
  tables.instrumentTable,
  tables.buyUpDownGridTable,
  tables.securitizationRuleTable,
  tables.payupTable,
  tables.priceAdjustmentTable,
  tables.marketPriceTable,
  tables.tradeTable,
  tables.cashGridTable,
  tables.poolTable,
  tables.tradePoolTable,
  tables.loanTable,
  tables.constraintTable,
  tables.constraintRuleTable,
  tables.carryCostTable,
  tables.carryCurveTable,
  tables.lockdownTable,
  tables.goodDeliveryTable,
  tables.preflightSettingTable,
];

/**
 * The table of a name, if this tenant may import it: the upstream tables of an external tenant are only read.
 * @throws {RefusedError} `table_unknown`
 */
export function importableTable(name: string, upstream: 'managed' | 'external'): TableDefinition {
  const table = IMPORTABLE_TABLES.find((one) => one.name === name);
  if (table === undefined) {
    const known = IMPORTABLE_TABLES.map((one) => one.name).join(', ');
    throw new RefusedError('table_unknown', `"${name}" is no table that can be imported; those are ${known}.`);
  }
  if (table.group === 'upstream' && upstream === 'external') {
    throw new RefusedError('table_unknown', `${name} is written by this tenant's own systems and only read here.`);
  }
  return table;
}
