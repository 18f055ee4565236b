import { Module, type DynamicModule } from '@nestjs/common';
import { SchemaGate } from './schema-gate';
import { TenantCatalogue } from './tenant-catalogue';
import { TenantDataSources, type TenantDataSourcesSettings } from './tenant-data-sources';
import { TenantScope } from './tenant-scope';

export interface TenancyModuleOptions extends TenantDataSourcesSettings {
  readonly catalogue: TenantCatalogue;
  /** The schema version this build was made for. */
  readonly schemaVersion: number;
}

/**
 * Provides {@link TenantCatalogue}, {@link TenantScope}, {@link TenantDataSources} and {@link SchemaGate} everywhere. It
 * closes nothing by itself, since Nest runs shutdown hooks in an order that depends on imports: the application calls
 * `TenantDataSources.close()` after everything else has stopped.
 */
@Module({})
export class TenancyModule {
  static forRoot({ catalogue, schemaVersion, ...settings }: TenancyModuleOptions): DynamicModule {
    const dataSources = new TenantDataSources(settings);
    return {
      module: TenancyModule,
      global: true,
      providers: [
        { provide: TenantCatalogue, useValue: catalogue },
        { provide: TenantDataSources, useValue: dataSources },
        { provide: TenantScope, useValue: new TenantScope(dataSources) },
        { provide: SchemaGate, useValue: new SchemaGate(schemaVersion) },
      ],
      exports: [TenantCatalogue, TenantDataSources, TenantScope, SchemaGate],
    };
  }
}
