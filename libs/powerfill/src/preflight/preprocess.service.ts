import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import type { QueryRunner } from 'typeorm';
import { changeConfiguration, type ChangeScope } from '../configuration/change-log';
import type { RunOptions } from '../domain/run-options';
import {
  instrumentParameterTable,
  lockdownTable,
  tradeParameterTable,
  type InstrumentParameterRow,
  type LockdownRow,
  type TradeParameterRow,
} from '../entities';
import { freshLockdown, upstreamLockdown } from '../eligibility/upstream-lockdown';
import { inForce } from '../pricing/in-force';
import type { InputPreparation } from '../runs/input-preparation';
import type { RunInputReader } from '../runs/run-input-reader';
import { CashGridsStep } from '../steps/cash-grids.step';
import type { RunInput } from '../steps/run-input';
import { StepError, type StepControl } from '../steps/run-step';
import { SettleAndPriceStep } from '../steps/settle-and-price.step';
import type { StepResults } from '../steps/step-results';

/** What preprocess prepared. */
export interface PreprocessReport {
  readonly prepared_at: string;
  readonly instrument_parameters: number;
  readonly trade_parameters: number;
  /** Upstream lines of the lockdown guide. */
  readonly lockdown_rows: number;
  /** Pools the desk has set itself, which stay as they are. */
  readonly user_lockdown_rows: number;
}

const MOST_TRIES = 3;

type Confirm = (runner: QueryRunner) => Promise<void>;
type TradeParameters = Omit<TradeParameterRow, 'prepared_at'>;

/** Rebuilds what is prepared from the upstream tables: pricing parameters, room of the trades, lockdown rows. */
export class PreprocessService implements InputPreparation {
  constructor(private readonly reader: RunInputReader) {}

  async run(options: RunOptions, by: string, signal: AbortSignal): Promise<PreprocessReport> {
    const { input } = await this.reader.read(options, signal);
    return this.prepare(input, await tradeParameters(input, signal), by);
  }

  /** Answers null when what is stored is what would be prepared now, or when a step of the run will fail on the input. */
  async ensure(input: RunInput, by: string, signal: AbortSignal, confirm: Confirm): Promise<PreprocessReport | null> {
    let trades: readonly TradeParameters[];
    try {
      trades = await tradeParameters(input, signal);
    } catch (error) {
      if (error instanceof StepError) return null;
      throw error;
    }
    return (await isPrepared(input, trades)) ? null : this.prepare(input, trades, by, confirm);
  }

  private async prepare(
    input: RunInput,
    trades: readonly TradeParameters[],
    by: string,
    confirm?: Confirm,
  ): Promise<PreprocessReport> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.store(input, trades, by, confirm);
      } catch (error) {
        // The desk set a pool between the look at the guide and the insert: its row wins the next time.
        if (tries === MOST_TRIES || tenantDatabase().dialect.uniqueViolation(error) === null) throw error;
      }
    }
  }

  private store(
    input: RunInput,
    trades: readonly TradeParameters[],
    by: string,
    confirm: Confirm = () => Promise.resolve(),
  ): Promise<PreprocessReport> {
    return changeConfiguration(by, async (scope) => {
      const { dialect, runner } = scope;
      const [clock] = await dialect.query<{ now: Date | string }>(runner, sql`SELECT ${dialect.now} AS now`);
      const preparedAt = new Date(clock?.now ?? 0);
      const instruments = instrumentParameters(input).map((row) => ({ ...row, prepared_at: preparedAt }));
      const prepared = trades.map((row) => ({ ...row, prepared_at: preparedAt }));
      await dialect.upsertRows(runner, instrumentParameterTable, instruments);
      await dialect.upsertRows(runner, tradeParameterTable, prepared);
      for (const table of [instrumentParameterTable, tradeParameterTable]) {
        const at = param(table.columns.prepared_at, preparedAt);
        await dialect.execute(runner, sql`DELETE FROM ${dialect.table(table)} WHERE prepared_at <> ${at}`);
      }
      const lockdown = await replaceUpstreamLockdown(scope, upstreamLockdown(input));
      const report: PreprocessReport = {
        prepared_at: preparedAt.toISOString(),
        instrument_parameters: instruments.length,
        trade_parameters: prepared.length,
        ...lockdown,
      };
      scope.record({ kind: 'preprocess', key: '*', before: null, after: { ...report } });
      await confirm(runner);
      return report;
    });
  }
}

/** Whether the three tables hold what would be prepared from the input. */
async function isPrepared(input: RunInput, trades: readonly TradeParameters[]): Promise<boolean> {
  const { dialect, dataSource } = tenantDatabase();
  const text = (rows: readonly object[]): string =>
    rows
      .map((row) => JSON.stringify(row))
      .sort()
      .join();
  const withoutTime = (rows: readonly object[]): object[] => rows.map((row) => ({ ...row, prepared_at: undefined }));
  const [instruments, parameters, guide] = [
    await dialect.readRows(dataSource, instrumentParameterTable),
    await dialect.readRows(dataSource, tradeParameterTable),
    await dialect.readRows(dataSource, lockdownTable),
  ];
  return (
    text(withoutTime(instruments)) === text(instrumentParameters(input)) &&
    text(withoutTime(parameters)) === text(trades) &&
    text(guide) === text(freshLockdown(guide, input))
  );
}

/** Pricing parameters in force by instrument and coupon of the buy-up grid. */
function instrumentParameters(input: RunInput): Omit<InstrumentParameterRow, 'prepared_at'>[] {
  const instruments = new Map(input.instruments.map((row) => [row.investor_instrument_name, row]));
  const rows = inForce(input.buyUpDownGrid, (row) => `${row.investor_instrument_name}|${row.coupon}`, input.asOf);
  return [...rows.values()].map((grid) => {
    const instrument = instruments.get(grid.investor_instrument_name);
    return {
      investor_instrument_name: grid.investor_instrument_name,
      coupon: grid.coupon,
      guarantee_fee: grid.guarantee_fee,
      buy_up_multiple: grid.buy_up_multiple,
      buy_down_multiple: grid.buy_down_multiple,
      base_servicing: instrument?.base_servicing ?? null,
      max_servicing: instrument?.max_servicing ?? null,
      msr_multiple: instrument?.msr_multiple ?? null,
      effective_from: grid.effective_from,
    };
  });
}

/** Room and pair-off of the run's trades, as steps 1 and 2 work them out. */
async function tradeParameters(input: RunInput, signal: AbortSignal): Promise<TradeParameters[]> {
  const control: StepControl = {
    signal,
    progress: () => undefined,
    breathe: () => Promise.resolve(signal.throwIfAborted()),
  };
  const results: StepResults = {};
  await new CashGridsStep().run(input, results, control);
  await new SettleAndPriceStep().run(input, results, control);
  return (results.trades ?? []).map(({ trade, target, min, max, pairOffPoints }) => ({
    trade_id: trade.trade_id,
    target_amount: target,
    min_amount: min,
    max_amount: max,
    pair_off_points: pairOffPoints,
  }));
}

/** Replaces the upstream rows; a row the desk sets, even at the same moment, wins. */
async function replaceUpstreamLockdown(
  { dialect, runner }: ChangeScope,
  rows: readonly LockdownRow[],
): Promise<Pick<PreprocessReport, 'lockdown_rows' | 'user_lockdown_rows'>> {
  const table = dialect.table(lockdownTable);
  await dialect.execute(runner, sql`DELETE FROM ${table} WHERE source = 'upstream'`);
  const { columns } = lockdownTable;
  let inserted = 0;
  for (const row of rows) {
    const pool = param(columns.pool_name, row.pool_name);
    inserted += await dialect.execute(
      runner,
      sql`INSERT INTO ${table} (pool_name, trade_id, lock_pool, source)
          SELECT pool_name, ${param(columns.trade_id, row.trade_id)}, ${param(columns.lock_pool, row.lock_pool)},
            ${param(columns.source, row.source)}
          FROM (SELECT ${pool} AS pool_name) pools
          WHERE NOT EXISTS (SELECT 1 FROM ${table} AS known WHERE known.pool_name = ${pool})`,
    );
  }
  return { lockdown_rows: inserted, user_lockdown_rows: rows.length - inserted };
}
