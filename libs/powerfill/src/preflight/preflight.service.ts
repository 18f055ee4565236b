import { tenantDatabase } from '@powerfill/tenancy';
import type { RunOptions } from '../domain/run-options';
import { preflightSettingTable } from '../entities';
import type { RunHistoryService } from '../runs/run-history.service';
import type { RunInputReader } from '../runs/run-input-reader';
import { SettingError } from '../runs/tenant-settings-reader';
import { wholeFinding, type Finding } from './finding';
import { errorsFirst, preflightFindings } from './preflight';
import { missingUpstreamColumns } from './upstream-columns';

/** Whether a tenant can run now. */
export interface PreflightReport {
  /** No finding is an error. */
  readonly is_ready: boolean;
  readonly as_of_date: string;
  readonly findings: readonly Finding[];
}

/** Answers "can this tenant run now?" without running anything. */
export class PreflightService {
  constructor(
    private readonly history: RunHistoryService,
    private readonly reader: RunInputReader,
  ) {}

  /** @param signal ends the reading when the caller is gone */
  async check(options: RunOptions, signal: AbortSignal): Promise<PreflightReport> {
    const upstream = await missingUpstreamColumns();
    const findings = errorsFirst([
      ...(await this.activeRun()),
      ...(await databaseFindings()),
      ...upstream,
      ...(upstream.some(({ severity }) => severity === 'error') ? [] : await this.inputFindings(options, signal)),
    ]);
    return {
      is_ready: findings.every(({ severity }) => severity !== 'error'),
      as_of_date: options.as_of_date,
      findings,
    };
  }

  private async activeRun(): Promise<Finding[]> {
    const active = await this.history.active();
    if (active === null) return [];
    return wholeFinding('active_run', `Run ${active.run_id} is ${active.status}; wait for it or cancel it.`, [
      active.run_id,
    ]);
  }

  private async inputFindings(options: RunOptions, signal: AbortSignal): Promise<Finding[]> {
    const { dialect, dataSource } = tenantDatabase();
    try {
      const { input, warnings } = await this.reader.read(options, signal);
      const stored = await dialect.readRows(dataSource, preflightSettingTable);
      const settings = new Map(stored.map((row) => [row.setting_name, row.setting_value]));
      const [offline] = warnings;
      return [
        ...(await preflightFindings(input, settings)),
        ...(offline === undefined ? [] : wholeFinding('snapshot_off', offline.message)),
      ];
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      return wholeFinding('setting_invalid', `${error.message} Correct it under /settings/preflight.`);
    }
  }
}

/** Settings of the database itself that an operator should change. */
async function databaseFindings(): Promise<Finding[]> {
  const { dialect, dataSource } = tenantDatabase();
  if (await dialect.readsWithoutLocks(dataSource)) return [];
  return wholeFinding(
    'read_committed_snapshot_off',
    'READ_COMMITTED_SNAPSHOT is off on this database, so that reports wait for the writing of a run. Turn it on: ALTER DATABASE ... SET READ_COMMITTED_SNAPSHOT ON.',
  );
}
