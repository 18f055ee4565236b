import { AsyncLocalStorage } from 'node:async_hooks';
import type { Tenant } from './tenant';
import type { TenantDatabase, TenantDataSources } from './tenant-data-sources';

/** Code that needs a tenant ran outside of any tenant's scope. */
export class NoTenantScopeError extends Error {
  constructor() {
    super('No tenant: this code must run inside TenantScope.run');
    this.name = 'NoTenantScopeError';
  }
}

const storage = new AsyncLocalStorage<TenantDatabase>();

/** Opens scopes; inside one, and only there, {@link tenantDatabase} answers. */
export class TenantScope {
  constructor(private readonly dataSources: TenantDataSources) {}

  /** Runs `work`, and everything it starts and awaits, for one tenant. */
  run<T>(tenant: Tenant, work: () => Promise<T>): Promise<T> {
    return this.dataSources.use(tenant, (database) => storage.run(database, work));
  }
}

/**
 * The current tenant's database: the only way to a handle.
 * @throws {NoTenantScopeError} outside of a scope
 */
export function tenantDatabase(): TenantDatabase {
  const database = storage.getStore();
  if (database === undefined) throw new NoTenantScopeError();
  return database;
}

/** The current tenant. @throws {NoTenantScopeError} outside of a scope */
export const currentTenant = (): Tenant => tenantDatabase().tenant;
