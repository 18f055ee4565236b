import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { preflightSettingTable } from '../entities';
import { changeConfiguration } from './change-log';
import { SETTING_NAMES, SETTINGS, settingsInForce, type SettingName } from './setting-definitions';

/** A setting as it is shown. */
export interface SettingView {
  readonly name: SettingName;
  readonly value: string;
  readonly default_value: string;
  readonly is_default: boolean;
  readonly unit: string;
  readonly help: string;
}

/** Values by name; null takes a setting back to its default, what is not named stays. */
export type SettingChanges = Partial<Readonly<Record<SettingName, string | null>>>;

/** The thresholds of a tenant. */
export class PreflightSettingsService {
  async list(): Promise<readonly SettingView[]> {
    const stored = await this.stored();
    const values = settingsInForce(stored);
    return SETTING_NAMES.map((name) => ({
      name,
      value: values[name],
      default_value: SETTINGS[name].defaultValue,
      is_default: !stored.has(name),
      unit: SETTINGS[name].unit,
      help: SETTINGS[name].help,
    }));
  }

  /** @param changes values of each setting's own scale, as the request was checked to give them */
  async change(changes: SettingChanges, by: string): Promise<readonly SettingView[]> {
    const named = SETTING_NAMES.filter((name) => changes[name] !== undefined);
    await changeConfiguration(by, async ({ runner, dialect, record }) => {
      const rows = await dialect.readRows(runner, preflightSettingTable);
      const before = new Map(rows.map((row) => [row.setting_name, row.setting_value]));
      for (const name of named) {
        const value = changes[name] ?? null;
        if (value !== null) {
          const row = { setting_name: name, setting_value: plain(value) };
          await dialect.upsertRows(runner, preflightSettingTable, [row]);
        } else {
          const key = param(preflightSettingTable.columns.setting_name, name);
          await dialect.execute(
            runner,
            sql`DELETE FROM ${dialect.table(preflightSettingTable)} WHERE setting_name = ${key}`,
          );
        }
        record({ kind: 'preflight_setting', key: name, before: before.get(name) ?? null, after: value });
      }
    });
    return this.list();
  }

  private async stored(): Promise<ReadonlyMap<string, string>> {
    const { dialect, dataSource } = tenantDatabase();
    const rows = await dialect.readRows(dataSource, preflightSettingTable);
    return new Map(rows.map((row) => [row.setting_name, row.setting_value]));
  }
}

/** Without zeros behind the point, as people write a setting. */
const plain = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
