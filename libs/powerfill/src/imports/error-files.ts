import { randomUUID } from 'node:crypto';
import { sql, type Dialect } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { QueryRunner } from 'typeorm';
import { RefusedError } from '../domain/errors';
import { importErrorTable } from '../entities';

const KEPT_MS = 7 * 86_400_000;

/** Keeps the rows an import left out, inside its transaction; older files go. Answers the file's id. */
export async function keepErrorFile(
  { runner, dialect }: { readonly runner: QueryRunner; readonly dialect: Dialect },
  tableName: string,
  by: string,
  gzip: Buffer,
): Promise<string> {
  const table = dialect.table(importErrorTable);
  await dialect.execute(runner, sql`DELETE FROM ${table} WHERE created_at < ${dialect.plusMs(dialect.now, -KEPT_MS)}`);
  const [clock] = await dialect.query<{ now: Date | string }>(runner, sql`SELECT ${dialect.now} AS now`);
  const row = {
    import_id: randomUUID(),
    table_name: tableName,
    created_at: new Date(clock?.now ?? 0),
    created_by: by,
    rows_gzip: gzip,
  };
  await dialect.insertRows(runner, importErrorTable, [row]);
  return row.import_id;
}

/** A file of rows left out. @throws {RefusedError} `object_not_found` */
export async function readErrorFile(id: string): Promise<{ readonly tableName: string; readonly gzip: Buffer }> {
  const { dialect, dataSource } = tenantDatabase();
  const [row] = await dialect.readRows(dataSource, importErrorTable, { where: { import_id: id }, limit: 1 });
  if (row === undefined) {
    throw new RefusedError('object_not_found', `There is no error file ${id}; they are kept for a week.`);
  }
  return { tableName: row.table_name, gzip: row.rows_gzip };
}
