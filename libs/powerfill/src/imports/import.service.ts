import type { Readable } from 'node:stream';
import { tenantDatabase } from '@powerfill/tenancy';
import type { ImportMode, ImportReport } from './import-error';
import { importCsv } from './import-csv';
import { importableTable } from './importable-tables';

/** Loads CSV files into the current tenant's tables (data.md, "Loading data"). */
export class ImportService {
  /**
   * Imports one file. Must run inside the tenant's scope.
   * @param source the bytes of the file; read to its end or destroyed
   * @throws {ImportError} `invalid_import` with the faults, when nothing is stored
   * @throws {RefusedError} `table_unknown`
   */
  async importTable(
    tableName: string,
    source: Readable,
    mode: ImportMode,
    signal?: AbortSignal,
  ): Promise<ImportReport> {
    const database = tenantDatabase();
    const table = importableTable(tableName, database.tenant.upstream);
    return importCsv(database, source, table, { mode, ...(signal === undefined ? {} : { signal }) });
  }
}
