import { DEFAULT_TENANT_SETTINGS, type TenantSettings } from '../domain/tenant-settings';
import type { PreflightSettingRow } from '../entities';

const whole = (text: string): number | null => (/^\d{1,6}$/.test(text) ? Number(text) : null);

/** Points such as `0.125` as integers of 1e-8 point. */
function points(text: string): number | null {
  const match = /^(-?)(\d{1,3})(?:\.(\d{1,8}))?$/.exec(text);
  if (!match) return null;
  const value = Number(match[2]) * 1e8 + Number((match[3] ?? '').padEnd(8, '0'));
  return match[1] === '-' ? -value : value;
}

/** A stored setting cannot be read. */
export class SettingError extends Error {
  constructor(name: string, value: string) {
    super(`The setting ${name} has the value "${value}", which cannot be read.`);
    this.name = 'SettingError';
  }
}

/**
 * The tenant's thresholds from `pfill_preflight_settings`; what is not set has its default.
 * @throws {SettingError} for a value that cannot be read
 */
export function settingsFrom(rows: readonly PreflightSettingRow[]): TenantSettings {
  const stored = new Map(rows.map((row) => [row.setting_name, row.setting_value]));
  const read = (name: string, parse: (text: string) => number | null, fallback: number): number => {
    const text = stored.get(name);
    if (text === undefined) return fallback;
    const value = parse(text);
    if (value === null) throw new SettingError(name, text);
    return value;
  };
  return {
    pairOffHorizonDays: read('pair_off_horizon_days', whole, DEFAULT_TENANT_SETTINGS.pairOffHorizonDays),
    placementBonusPoints: read('placement_bonus_points', points, DEFAULT_TENANT_SETTINGS.placementBonusPoints),
    syntheticCostPoints: read('synthetic_cost_points', points, DEFAULT_TENANT_SETTINGS.syntheticCostPoints),
  };
}
