export * from './schema/columns';
export * from './schema/table';
