import { param, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
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
import { inForce } from '../pricing/in-force';
import { foldString } from '../rules';
import type { RunInputReader } from '../runs/run-input-reader';
import { CashGridsStep } from '../steps/cash-grids.step';
import type { RunInput } from '../steps/run-input';
import type { StepControl } from '../steps/run-step';
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

/** Rebuilds what is prepared from the upstream tables: pricing parameters, room of the trades, lockdown rows. */
export class PreprocessService {
  constructor(private readonly reader: RunInputReader) {}

  async run(options: RunOptions, by: string, signal: AbortSignal): Promise<PreprocessReport> {
    const { input } = await this.reader.read(options, signal);
    const trades = await tradeParameters(input, signal);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.store(input, trades, by);
      } catch (error) {
        // The desk set a pool between the look at the guide and the insert: its row wins the next time.
        if (tries === MOST_TRIES || tenantDatabase().dialect.uniqueViolation(error) === null) throw error;
      }
    }
  }

  private store(
    input: RunInput,
    trades: readonly Omit<TradeParameterRow, 'prepared_at'>[],
    by: string,
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
      return report;
    });
  }
}

/** Pricing parameters in force by instrument and coupon of the buy-up grid. */
export function instrumentParameters(input: RunInput): Omit<InstrumentParameterRow, 'prepared_at'>[] {
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
async function tradeParameters(
  input: RunInput,
  signal: AbortSignal,
): Promise<Omit<TradeParameterRow, 'prepared_at'>[]> {
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

/** What upstream says of the pools: submitted, certified and issued ones are closed, the relation designates. */
export function upstreamLockdown({ pools, tradePools }: Pick<RunInput, 'pools' | 'tradePools'>): LockdownRow[] {
  const designated = new Map<string, string>();
  for (const { pool_name: pool, trade_id: trade } of tradePools) {
    const known = designated.get(pool);
    if (known === undefined || trade < known) designated.set(pool, trade);
  }
  return pools
    .map(({ pool_name: pool, status }) => ({
      pool_name: pool,
      trade_id: designated.get(pool) ?? null,
      lock_pool: foldString(status) === 'open' ? 'N' : 'Y',
      source: 'upstream',
    }))
    .filter(({ trade_id: trade, lock_pool: lock }) => trade !== null || lock === 'Y');
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
