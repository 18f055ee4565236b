import {
  changeLogTable,
  instrumentParameterTable,
  lockdownTable,
  poolTable,
  preflightSettingTable,
  tradeParameterTable,
} from '@powerfill/core/entities';
import { raw, sql } from '@powerfill/database';
import { generateDataset } from '../../../scripts/generate/dataset';
import { runningApi, type TestApi } from './running-api';
import { storeRun } from './stored-runs';

const BASE = '/api/powerfill';
const AS_OF = { as_of_date: '2026-11-23' };

interface Report {
  readonly is_ready: boolean;
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly examples: string[] }[];
}

describe('before a run', () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi();
    const { dialect, dataSource } = test.alpha;
    for (const { table, rows } of generateDataset({ loans: 120, trades: 10, seed: 5 }).all) {
      await dialect.insertRows(dataSource, table, rows as never[]);
    }
  });
  afterAll(() => test.close());

  const preflight = async (body: object = AS_OF, tenant = 'alpha'): Promise<Report> => {
    const answer = await test.call(`${BASE}/preflight`, { body, headers: { 'X-Tenant-Id': tenant } });
    expect(answer.status).toBe(200);
    return answer.json as unknown as Report;
  };
  const codes = ({ findings }: Report): string[] => findings.map(({ code }) => code);
  const alpha = () => test.alpha;

  it('preflight: an empty tenant is not ready, and hears why', async () => {
    const report = await preflight(AS_OF, 'beta');
    expect(report.is_ready).toBe(false);
    expect(codes(report)).toEqual(expect.arrayContaining(['pipeline_empty', 'no_open_trade']));
  });

  it('preflight: a loaded tenant has no error, and errors come first where there are any', async () => {
    expect((await preflight()).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect((await preflight()).is_ready).toBe(true);
    const late = await preflight({ as_of_date: '2027-11-23' });
    expect([late.is_ready, late.findings[0]?.severity, late.findings.at(-1)?.severity]).toEqual([
      false,
      'error',
      'warning',
    ]);
    const wrong = await test.call(`${BASE}/preflight`, { body: { as_of: '2026-11-23' } });
    expect([wrong.status, wrong.json['code']]).toEqual([400, 'invalid_options']);
  });

  it('preflight: names the active run, and a setting that cannot be read', async () => {
    const { dialect, dataSource } = alpha();
    const run = await storeRun(alpha(), 'Allocating', 1);
    const busy = await preflight();
    expect(busy.findings[0]).toMatchObject({ code: 'active_run', examples: [run.runId] });
    await dialect.execute(
      dataSource,
      sql`UPDATE ${raw('"powerfill"."pfill_run_history"')} SET status = 'Cancelled' WHERE run_id = ${run.runId}`,
    );
    const bad = { setting_name: 'pair_off_horizon_days', setting_value: 'soon' };
    await dialect.upsertRows(dataSource, preflightSettingTable, [bad]);
    expect(codes(await preflight())).toEqual(['setting_invalid']);
    const fixed = await test.call(`${BASE}/settings/preflight`, { method: 'PUT', body: { pair_off_horizon_days: 30 } });
    expect(fixed.status).toBe(200);
    expect((await preflight()).is_ready).toBe(true);
  });

  it('preprocess: prepares parameters and room, and lets what the desk says of a pool stand', async () => {
    const { dialect, dataSource } = alpha();
    const [pool, other] = await dialect.readRows(dataSource, poolTable, { orderBy: ['pool_name'], limit: 2 });
    await dialect.execute(dataSource, sql`DELETE FROM ${dialect.table(lockdownTable)}`);
    await dialect.insertRows(dataSource, lockdownTable, [
      { pool_name: pool?.pool_name ?? '', trade_id: null, lock_pool: 'O', source: 'user' },
      { pool_name: 'gone', trade_id: null, lock_pool: 'Y', source: 'upstream' },
    ]);
    await dialect.upsertRows(dataSource, poolTable, [{ ...other!, status: 'certified' }]);
    const answers = await Promise.all([1, 2].map(() => test.call(`${BASE}/preprocess`, { body: AS_OF })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const trades = await dialect.readRows(dataSource, tradeParameterTable);
    expect(trades).toHaveLength(Number(answers[1]?.json['trade_parameters']));
    for (const row of trades) {
      expect(row.min_amount).toBeLessThanOrEqual(row.target_amount);
      expect(row.target_amount).toBeLessThanOrEqual(row.max_amount);
    }
    const parameters = await dialect.readRows(dataSource, instrumentParameterTable, {
      where: { investor_instrument_name: 'UMBS30', coupon: 5_500_000 },
    });
    // sample-data.md: 5.5 has a fee of 0.50 and multiples of 2.0 and 2.9.
    expect(parameters).toMatchObject([{ guarantee_fee: 500_000, buy_up_multiple: 20_000, buy_down_multiple: 29_000 }]);
    const guide = await dialect.readRows(dataSource, lockdownTable, { orderBy: ['pool_name'] });
    const of = (name?: string) => guide.find((row) => row.pool_name === name);
    expect(of(pool?.pool_name)).toMatchObject({ lock_pool: 'O', source: 'user' });
    expect(of(other?.pool_name)).toMatchObject({ lock_pool: 'Y', source: 'upstream' });
    expect(of('gone')).toBeUndefined();
    const log = await dialect.readRows(dataSource, changeLogTable, { where: { object_kind: 'preprocess' } });
    expect(log).toHaveLength(2);
  });

  it('candidates/preview: the candidates of some loans, why the other pairs are none, and nothing stored', async () => {
    const first = await test.call(`${BASE}/candidates/preview`, { body: { ...AS_OF, scope: 'closed' } });
    const items = first.json['items'] as { loan_id: string; candidates: { rank: number; score: string }[] }[];
    const some = items.filter(({ candidates }) => candidates.length > 1).slice(0, 2);
    const ids = some.map(({ loan_id: id }) => id);
    const asked = await test.call(`${BASE}/candidates/preview`, { body: { ...AS_OF, scope: 'closed', loan_ids: ids } });
    expect(asked.json['items']).toEqual(some);
    for (const item of asked.json['items'] as Record<string, unknown>[]) {
      const scores = (item['candidates'] as { score: string }[]).map(({ score }) => Number(score));
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      const rejected = Object.values(item['rejected'] as Record<string, number>).reduce((sum, n) => sum + n, 0);
      expect(rejected + scores.length).toBe(asked.json['trade_count']);
    }
    expect(asked.json).toMatchObject({ loan_count: 2, is_cut: false, out_of_scope: [] });
  });

  it('preflight: names the upstream columns that are missing, and preview says what a run would fail with', async () => {
    const { dialect, dataSource } = alpha();
    await dialect.execute(dataSource, sql`DELETE FROM ${raw('"powerfill"."pfill_carry_cost"')}`);
    const failed = await test.call(`${BASE}/candidates/preview`, { body: AS_OF });
    expect([failed.status, failed.json['code']]).toEqual([422, 'preview_failed']);
    expect(String(failed.json['detail'])).toContain('has no carry cost');
    for (const column of ['dti', 'fico', 'note_rate']) {
      await dialect.execute(dataSource, raw(`ALTER TABLE "powerfill"."loan" DROP COLUMN ${column}`));
    }
    expect((await preflight()).findings).toMatchObject([
      { code: 'upstream_column_missing', severity: 'error', examples: ['loan.note_rate'] },
      { code: 'upstream_column_optional', severity: 'warning', examples: ['loan.dti', 'loan.fico'] },
    ]);
    await dialect.execute(dataSource, raw('DROP TABLE "powerfill"."rmusr_payups"'));
    await dialect.execute(dataSource, raw('ALTER TABLE "powerfill"."loan" ADD note_rate numeric(9,6)'));
    await dialect.execute(dataSource, raw('UPDATE "powerfill"."loan" SET note_rate = 6.5'));
    const optional = await preflight();
    expect(codes(optional)).toEqual(expect.arrayContaining(['payup_table_missing', 'upstream_column_optional']));
  });
});
