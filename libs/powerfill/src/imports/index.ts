export * from './import-file';
export * from './import-error';
export * from './import.service';
export * from './importable-tables';
export { readErrorFile } from './error-files';
export * from './import-profile';
export * from './import-profiles.service';
