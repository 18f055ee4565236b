import { runHistoryTable, type LoanOrderingRow, loanOrderingTable } from '@powerfill/core/entities';
import { sql } from '@powerfill/database';
import { runningApi, type Answer, type TestApi } from './running-api';
import { guideRow, kickoutRow, storeOutputs, storeRun, tradeRow, type StoredRun } from './stored-runs';

const RUNS = '/api/powerfill/runs';

describe('accepting and comparing runs', () => {
  let test: TestApi;
  let before: StoredRun;
  let after: StoredRun;
  const ordering = (
    run: StoredRun,
    id: string,
    cents: number,
    outcome: string,
    trade: string | null,
  ): LoanOrderingRow => ({
    run_id: run.runId,
    attempt: run.attempt,
    ordering_no: 1,
    loan_id: id,
    amount: cents,
    outcome,
    trade_id: trade,
    constraint_priority: null,
    constraint_name: null,
  });
  beforeAll(async () => {
    test = await runningApi();
    const { dialect, dataSource } = test.alpha;
    before = await storeRun(test.alpha, 'Complete', 1);
    after = await storeRun(test.alpha, 'Complete', 2);
    const placed = (run: StoredRun, id: string, trade: string, value: number, cost = 0) => ({
      ...guideRow(run, id, 10_000_000),
      trade_id: trade,
      value_amount: value,
      switch_cost_amount: cost,
    });
    await storeOutputs(test.alpha, {
      guide: [
        placed(before, 'same', 'T1', 100),
        placed(before, 'moved', 'T1', 1_000),
        placed(before, 'lost', 'T1', 500),
        placed(after, 'same', 'T1', 100),
        placed(after, 'moved', 'T2', 2_500, 300),
        placed(after, 'won', 'T2', 700),
        placed(after, 'new', 'T2', 40),
      ],
      kickouts: [kickoutRow(before, 'won', 10_000_000, 'NO_ROOM', null)],
      trades: [
        { ...tradeRow(before, 30_000_000), pair_off_cost: 900 },
        { ...tradeRow(after, 10_000_000), pair_off_cost: 1_000 },
        { ...tradeRow(after, 30_000_000), trade_id: 'T2', pair_off_cost: -50 },
      ],
    });
    await dialect.insertRows(dataSource, loanOrderingTable, [
      ordering(before, 'same', 10_000_000, 'placed', 'T1'),
      ordering(before, 'moved', 10_000_000, 'placed', 'T1'),
      ordering(before, 'lost', 10_000_000, 'placed', 'T1'),
      ordering(before, 'won', 10_000_000, 'kicked_out', null),
      ordering(before, 'gone', 10_000_000, 'kicked_out', null),
      ordering(after, 'same', 10_000_000, 'placed', 'T1'),
      ordering(after, 'moved', 10_000_000, 'placed', 'T2'),
      ordering(after, 'lost', 10_000_000, 'kicked_out', null),
      ordering(after, 'won', 10_000_000, 'placed', 'T2'),
      ordering(after, 'new', 10_000_000, 'placed', 'T2'),
    ]);
  });
  afterAll(() => test.close());

  const status = ({ status: code, json }: Answer) => [code, json['code']];

  it('tells loan by loan and trade by trade what changed, and what it was worth', async () => {
    const { json } = await test.call(`${RUNS}/latest/compare/${before.runId}`);
    const rows = json['items'] as Record<string, unknown>[];
    expect(rows.map((row) => [row['loan_id'], row['change'], row['worth_change']])).toEqual([
      ['gone', 'left', '0.00'],
      ['lost', 'unplaced', '-5.00'],
      // 25.00 less 3.00 for the switch, less 10.00.
      ['moved', 'moved', '12.00'],
      ['new', 'entered', '0.40'],
      ['won', 'placed', '7.00'],
    ]);
    expect(json['trades']).toMatchObject([
      { trade_id: 'T1', fill_change: '-200000.00', pair_off_change: '1.00' },
      { trade_id: 'T2', fill_before: null, fill_after: '300000.00', pair_off_change: '-0.50' },
    ]);
    // -5.00 + 12.00 + 0.40 + 7.00 = 14.40; less 0.50 of pair-off.
    expect(json['totals']).toEqual({
      loans_changed: 5,
      worth_change: '14.40',
      pair_off_change: '0.50',
      objective_change: '13.90',
    });
    const moved = await test.call(`${RUNS}/latest/compare/${before.runId}?filter=change:eq:moved&format=csv`);
    expect(moved.text.trimEnd().split('\r\n')).toHaveLength(2);
    const same = await test.call(`${RUNS}/${after.runId}/compare/${after.runId}`);
    expect([same.json['items'], same.json['totals']]).toMatchObject([
      [],
      { loans_changed: 0, objective_change: '0.00' },
    ]);
  });

  it('compares complete runs only', async () => {
    const failed = await storeRun(test.alpha, 'Failed', 0);
    expect(status(await test.call(`${RUNS}/latest/compare/${failed.runId}`))).toEqual([409, 'run_not_comparable']);
    expect(status(await test.call(`${RUNS}/${failed.runId}/compare/${after.runId}`))).toEqual([
      409,
      'run_not_comparable',
    ]);
  });

  it('accepts the newest complete run, once, and logs who did', async () => {
    const accept = (run: StoredRun, by: string) =>
      test.call(`${RUNS}/${run.runId}/accept`, { method: 'POST', headers: { 'X-Subject': by } });
    const older = await accept(before, 'jane');
    expect([...status(older), older.json['newest_run_id']]).toEqual([409, 'run_not_acceptable', after.runId]);
    const answers = await Promise.all(['jane', 'john', 'jack'].map((by) => accept(after, by)));
    expect(answers.map(({ status: code }) => code)).toEqual([200, 200, 200]);
    // All three hear of one acceptance.
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const log = await test.call('/api/powerfill/change-log?kind=run_acceptance');
    expect(log.json['items']).toMatchObject([{ key: after.runId, changed_by: answers[0]?.json['accepted_by'] }]);
    const listed = await test.call(`${RUNS}?limit=1&status=Complete`);
    expect(listed.json['items']).toMatchObject([{ accepted_by: answers[0]?.json['accepted_by'] }]);
    // A newer run does not take an acceptance back, and may be accepted itself.
    const newer = await storeRun(test.alpha, 'Complete', 3);
    expect((await accept(after, 'jane')).status).toBe(200);
    expect((await accept(newer, 'jane')).status).toBe(200);
  });

  it('does not accept a run that ended otherwise, is unknown, or whose outputs are gone', async () => {
    const accept = (id: string) => test.call(`${RUNS}/${id}/accept`, { method: 'POST' });
    const active = await storeRun(test.beta, 'Pending', 5);
    const asBeta = await test.call(`${RUNS}/${active.runId}/accept`, {
      method: 'POST',
      headers: { 'X-Tenant-Id': 'beta' },
    });
    expect(status(asBeta)).toEqual([409, 'run_not_acceptable']);
    expect(status(await accept(active.runId))).toEqual([404, 'run_not_found']);
    const purged = await storeRun(test.alpha, 'Complete', 59, { outputs_purged_at: new Date() });
    expect(status(await accept(purged.runId))).toEqual([410, 'outputs_purged']);
    const { dialect, dataSource } = test.alpha;
    const accepted = await dialect.query<{ n: string }>(
      dataSource,
      sql`SELECT COUNT(*) AS n FROM ${dialect.table(runHistoryTable)} WHERE accepted_at IS NOT NULL`,
    );
    expect(Number(accepted[0]?.n)).toBe(2);
  });
});
