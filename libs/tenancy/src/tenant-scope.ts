import { AsyncLocalStorage } from 'node:async_hooks';
import type { DatabaseHandle } from '@powerfill/database';
import { NoTenantScopeError } from './errors';
import type { Tenant } from './tenant';
import { TenantDataSources } from './tenant-data-sources';

/** A tenant's database, to be had inside its scope only. */
export interface TenantDatabase extends DatabaseHandle {
  readonly tenant: Tenant;
}

interface OpenScope {
  readonly database: TenantDatabase;
  ended: boolean;
}

const storage = new AsyncLocalStorage<OpenScope>();

/**
 * Opens tenant scopes. All code that runs inside, however deep and asynchronous, belongs to that tenant; there is
 * no other way to a database.
 */
export class TenantScope {
  constructor(private readonly dataSources: TenantDataSources) {}

  /** Whether this process has a connection to the tenant's database. */
  isOpen(tenant: Tenant): boolean {
    return this.dataSources.isOpen(tenant);
  }

  /**
   * Runs work in the tenant's scope with its database open; the scope ends when the work has.
   * @throws the driver's error when the database cannot be reached within the connection bound
   */
  run<R>(tenant: Tenant, work: () => R | Promise<R>): Promise<R> {
    return this.dataSources.use(tenant, async (handle) => {
      const scope: OpenScope = { database: { ...handle, tenant }, ended: false };
      try {
        return await storage.run(scope, work);
      } finally {
        // Work that was started and not awaited must not use a database that may be closed under it.
        scope.ended = true;
      }
    });
  }
}

/** The database of the current scope's tenant. @throws NoTenantScopeError outside a scope, or when it has ended */
export function tenantDatabase(): TenantDatabase {
  const scope = storage.getStore();
  if (scope === undefined) throw new NoTenantScopeError();
  if (scope.ended) throw new NoTenantScopeError('The tenant scope has ended; the work was not awaited');
  return scope.database;
}

/** The current scope's tenant. @throws NoTenantScopeError */
export const currentTenant = (): Tenant => tenantDatabase().tenant;
