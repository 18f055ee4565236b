import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { changeConfiguration } from '../configuration/change-log';
import { RefusedError } from '../domain/errors';
import { importProfileTable } from '../entities';
import type { WireValue } from '../reports/report-column';
import { readProfile, type ImportProfile } from './import-profile';
import { importableTable } from './importable-tables';

/** A stored profile. */
export interface StoredProfile {
  readonly table_name: string;
  readonly profile_name: string;
  readonly profile: ImportProfile;
}

const unknown = (table: string, name: string): RefusedError =>
  new RefusedError('object_not_found', `There is no import profile ${name} of ${table}.`);

/** @throws {RefusedError} `object_not_found` */
export async function readStoredProfile(table: string, name: string): Promise<ImportProfile> {
  const { dialect, dataSource } = tenantDatabase();
  const where = { table_name: table, profile_name: name };
  const [row] = await dialect.readRows(dataSource, importProfileTable, { where, limit: 1 });
  if (row === undefined) throw unknown(table, name);
  return JSON.parse(row.profile_json) as ImportProfile;
}

/** The saved ways to read a desk's own tapes. */
export class ImportProfilesService {
  async list(): Promise<StoredProfile[]> {
    const { dialect, dataSource } = tenantDatabase();
    const rows = await dialect.readRows(dataSource, importProfileTable, { orderBy: ['table_name', 'profile_name'] });
    return rows.map(({ profile_json: json, ...key }) => ({ ...key, profile: JSON.parse(json) as ImportProfile }));
  }

  /**
   * Stores a profile, a new one or in place of the one of that name.
   * @throws {RefusedError} `table_unknown`, `invalid_request` with every fault
   */
  async put(tableName: string, name: string, given: unknown, by: string): Promise<StoredProfile> {
    const table = importableTable(tableName, tenantDatabase().tenant.upstream);
    const profile = readProfile(table, given);
    if (isFaults(profile)) {
      const [first] = profile;
      throw new RefusedError('invalid_request', `${first?.path ?? ''} ${first?.message ?? ''}.`, { errors: profile });
    }
    const key = { table_name: tableName, profile_name: name };
    await changeConfiguration(by, async ({ runner, dialect, record }) => {
      const [before] = await dialect.readRows(runner, importProfileTable, { where: key });
      await dialect.upsertRows(runner, importProfileTable, [{ ...key, profile_json: JSON.stringify(profile) }]);
      record({
        kind: 'import_profile',
        key: `${tableName}/${name}`,
        before: before === undefined ? null : (JSON.parse(before.profile_json) as WireValue),
        after: profile as WireValue,
      });
    });
    return { ...key, profile };
  }

  /** @throws {RefusedError} `table_unknown`, `object_not_found` */
  async remove(tableName: string, name: string, by: string): Promise<void> {
    importableTable(tableName, tenantDatabase().tenant.upstream);
    await changeConfiguration(by, async ({ runner, dialect, record }) => {
      const [before] = await dialect.readRows(runner, importProfileTable, {
        where: { table_name: tableName, profile_name: name },
      });
      if (before === undefined) throw unknown(tableName, name);
      const { columns } = importProfileTable;
      await dialect.execute(
        runner,
        sql`DELETE FROM ${dialect.table(importProfileTable)}
            WHERE table_name = ${param(columns.table_name, tableName)}
              AND profile_name = ${param(columns.profile_name, name)}`,
      );
      const was = JSON.parse(before.profile_json) as WireValue;
      record({ kind: 'import_profile', key: `${tableName}/${name}`, before: was, after: null });
    });
  }
}

const isFaults = (value: ReturnType<typeof readProfile>): value is Exclude<typeof value, ImportProfile> =>
  Array.isArray(value);
