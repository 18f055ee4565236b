import type { Readable } from 'node:stream';
import { tenantDatabase } from '@powerfill/tenancy';
import { importFile, type ImportFileOptions } from './import-file';
import type { ImportReport } from './import-error';
import { readStoredProfile } from './import-profiles.service';
import { importableTable } from './importable-tables';

/** How a file is imported; `profile` names a stored column mapping. */
export type ImportRequest = Omit<ImportFileOptions, 'profile' | 'bounds'> & { readonly profile?: string };

/** Loads files into the current tenant's tables (data.md, "Loading data"). */
export class ImportService {
  /**
   * Imports one file. Must run inside the tenant's scope.
   * @param source the bytes of the file; read to its end or destroyed
   * @throws {ImportError} `invalid_import` with the faults, when nothing is stored
   * @throws {RefusedError} `table_unknown`, `object_not_found` for a profile there is not
   */
  async importTable(tableName: string, source: Readable, request: ImportRequest): Promise<ImportReport> {
    const database = tenantDatabase();
    const table = importableTable(tableName, database.tenant.upstream);
    const { profile: name, ...options } = request;
    const profile = name === undefined ? undefined : { name, rules: await readStoredProfile(tableName, name) };
    return importFile(database, source, table, { ...options, ...(profile === undefined ? {} : { profile }) });
  }
}
