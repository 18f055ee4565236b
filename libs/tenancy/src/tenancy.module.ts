import { Module, type DynamicModule } from '@nestjs/common';
import { TenantCatalogue } from './tenant-catalogue';
import { TenantDataSources, type TenantDataSourcesSettings } from './tenant-data-sources';
import { TenantScope } from './tenant-scope';

export interface TenancyModuleOptions extends TenantDataSourcesSettings {
  readonly catalogue: TenantCatalogue;
}

/**
 * Provides {@link TenantCatalogue}, {@link TenantScope} and {@link TenantDataSources} everywhere. It closes nothing
 * by itself, since Nest runs shutdown hooks in an order that depends on imports: the application calls
 * `TenantDataSources.close()` after everything else has stopped.
 */
@Module({})
export class TenancyModule {
  static forRoot({ catalogue, ...settings }: TenancyModuleOptions): DynamicModule {
    const dataSources = new TenantDataSources(settings);
    return {
      module: TenancyModule,
      global: true,
      providers: [
        { provide: TenantCatalogue, useValue: catalogue },
        { provide: TenantDataSources, useValue: dataSources },
        { provide: TenantScope, useValue: new TenantScope(dataSources) },
      ],
      exports: [TenantCatalogue, TenantDataSources, TenantScope],
    };
  }
}
