export * from './import-csv';
export * from './import-error';
export * from './import.service';
export * from './importable-tables';
