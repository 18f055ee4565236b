export * from './business-date';
export * from './errors';
export * from './schema-gate';
export * from './tenancy.module';
export * from './tenant';
export * from './tenant-catalogue';
export * from './tenant-data-sources';
export * from './tenant-scope';
