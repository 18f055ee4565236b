import { type DynamicModule, Module } from '@nestjs/common';
import type { TableDefinition } from '@powerfill/database';
import type { Environment } from '@powerfill/platform';
import { TenantCatalogue } from './tenant-catalogue';
import { TenantDataSources } from './tenant-data-sources';
import { TenantScope } from './tenant-scope';

/**
 * Provides the catalogue and the scope. The databases are closed by the app's own shutdown, after everything
 * that uses them: Nest's order of hooks depends on the order of imports (traps.md, section 2).
 */
@Module({})
export class TenancyModule {
  static forEnvironment(
    environment: Environment,
    catalogue: TenantCatalogue,
    tables: readonly TableDefinition[],
    app: string,
  ): DynamicModule {
    const bounds = {
      connectTimeoutMs: environment.DATABASE_CONNECT_MS,
      statementTimeoutMs: environment.DATABASE_STATEMENT_MS,
      // A transaction that idles for a whole lease belongs to a worker that was lost.
      idleTransactionTimeoutMs: environment.LEASE_MS,
    };
    return {
      module: TenancyModule,
      global: true,
      providers: [
        { provide: TenantCatalogue, useValue: catalogue },
        {
          provide: TenantDataSources,
          useFactory: () => new TenantDataSources(tables, { bounds, applicationName: app }),
        },
        {
          provide: TenantScope,
          inject: [TenantDataSources],
          useFactory: (sources: TenantDataSources) => new TenantScope(sources),
        },
      ],
      exports: [TenantCatalogue, TenantDataSources, TenantScope],
    };
  }
}
