import type { TableDefinition } from '@powerfill/database';
import * as audit from './audit';
import * as configuration from './configuration';
import * as outputs from './outputs';
import * as schedules from './schedules';
import * as upstream from './upstream';

export * from './audit';
export * from './configuration';
export * from './outputs';
export * from './schedules';
export * from './upstream';

const tablesOf = (module: Record<string, unknown>): TableDefinition[] =>
  Object.values(module).filter(
    (value): value is TableDefinition => typeof value === 'object' && value !== null && 'primaryKey' in value,
  );

/** Every table of a tenant's database, in an order that satisfies creation. */
export const ALL_TABLES: readonly TableDefinition[] = [
  ...tablesOf(upstream),
  ...tablesOf(configuration),
  ...tablesOf(audit),
  ...tablesOf(outputs),
  ...tablesOf(schedules),
];
