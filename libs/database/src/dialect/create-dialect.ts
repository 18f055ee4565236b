import type { DriverName } from '../driver';
import type { BaseDialect, DialectSchemas } from './base-dialect';
import { PostgresDialect } from './postgres-dialect';
import { SqlServerDialect } from './sql-server-dialect';

/** The dialect of a tenant's database. */
export function createDialect(settings: DialectSchemas & { readonly driver: DriverName }): BaseDialect {
  return settings.driver === 'postgres' ? new PostgresDialect(settings) : new SqlServerDialect(settings);
}
