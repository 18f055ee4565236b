import { createDialect, param, sql } from '@powerfill/database';
import {
  idempotencyTable,
  loanLimitTable,
  runHistoryTable,
  runInputTable,
  securitizationRuleTable,
  tradeBaseTable,
  tradePoolTable,
  type LoanLimitRow,
} from '@powerfill/core/entities';
import { MssqlParameter } from 'typeorm';
import { readable, recorder, type RecordedStatement } from './recorder';

const RUN_ID = '0193a5f0-0000-7000-8000-000000000001';
const dialect = createDialect({ driver: 'mssql', schema: 'powerfill', upstreamSchema: 'los' });

const bound = (value: unknown): string =>
  value instanceof MssqlParameter
    ? `${value.type}(${value.params.join(',')}) ${JSON.stringify(value.value)}`
    : 'UNTYPED';

const shown = (statements: readonly RecordedStatement[]): string =>
  statements
    .map(({ text, parameters }) => [readable(text), ...parameters.map((p, i) => `-- @${i} ${bound(p)}`)].join('\n'))
    .join('\n\n');

const county: LoanLimitRow = {
  year: 2026,
  state: 'CA',
  county: 'Alameda',
  units: 1,
  base_limit: 80_650_000,
  limit_amount: 120_975_000,
};

describe('T-SQL of the hot statements', () => {
  it('inserts rows by a bulk load', async () => {
    const { runner, statements } = recorder();
    await dialect.insertRows(runner, loanLimitTable, [county]);
    expect(shown(statements)).toMatchSnapshot();
  });

  it('repeats in each row what all rows share', async () => {
    const { runner, statements } = recorder();
    const { year, state, ...own } = county;
    await dialect.insertRows(runner, loanLimitTable, [own, { ...own, county: 'Kern' }], { common: { year, state } });
    expect(shown(statements)).toMatchSnapshot();
  });

  it('inserts binary data in the same way', async () => {
    const { runner, statements } = recorder();
    await dialect.insertRows(runner, runInputTable, [{ run_id: RUN_ID, attempt: 1, problem_gzip: Buffer.from('x') }]);
    expect(shown(statements)).toMatchSnapshot();
  });

  it('updates rows of one run and attempt as a set', async () => {
    const { runner, statements } = recorder();
    await dialect.updateRows(runner, tradeBaseTable, {
      key: ['trade_id'],
      set: ['fill_amount', 'status'],
      rows: [{ trade_id: 'T1', fill_amount: 12_345, status: 'Filled' }],
      equals: { run_id: RUN_ID, attempt: 1 },
    });
    expect(shown(statements)).toMatchSnapshot();
  });

  it('replaces rows with the same key, and only inserts where the key is all there is', async () => {
    const { runner, statements } = recorder();
    await dialect.upsertRows(runner, loanLimitTable, [county]);
    await dialect.upsertRows(runner, tradePoolTable, [{ trade_id: 'T1', pool_name: 'P1' }]);
    expect(shown(statements)).toMatchSnapshot();
  });

  it('reads decimals and dates as text and limits only sorted queries', async () => {
    const { runner, statements } = recorder();
    await dialect.readRows(runner, tradeBaseTable, {
      columns: ['trade_id', 'price', 'settlement_date'],
      where: { run_id: RUN_ID, attempt: 1, story: null, status: ['Short', 'Open'] },
      and: sql`fill_amount > ${param(tradeBaseTable.columns.fill_amount, 100)}`,
      limit: 51,
    });
    expect(shown(statements)).toMatchSnapshot();
  });

  it('types every value of a hand-written statement', async () => {
    const { runner, statements } = recorder();
    await dialect.execute(
      runner,
      sql`UPDATE ${dialect.table(runHistoryTable)} SET heartbeat_at = ${dialect.now}, failure_message = ${param(runHistoryTable.columns.failure_message, null)}
 WHERE run_id = ${param(runHistoryTable.columns.run_id, RUN_ID.toUpperCase())} AND status = ${'Pending'} AND attempt = ${1}
 AND heartbeat_at < ${dialect.plusMs(dialect.now, -30_000)} AND started_at > ${new Date('2026-11-23T00:00:00.123Z')}`,
    );
    expect(shown(statements)).toMatchSnapshot();
  });

  it('stays far from 2,100 parameters and 1,000 value rows however many rows are written', async () => {
    const { runner, statements } = recorder();
    const rows = Array.from({ length: 12_000 }, (_, index) => ({
      tenant_id: 't',
      key: String(index),
      fingerprint: 'f',
      run_id: RUN_ID,
      created_at: new Date(0),
    }));
    await dialect.insertRows(runner, idempotencyTable, rows);
    expect(statements.map(({ text }) => /bulk load of (\d+) rows/.exec(text)?.[1])).toEqual(['5000', '5000', '2000']);
    expect(statements.flatMap(({ parameters }) => parameters)).toEqual([]);
  });

  it('refuses decimals of more digits than the driver carries in a bulk load', async () => {
    const { runner } = recorder();
    const rule = {
      rule_name: 'r',
      kind: 'pool',
      condition_text: null,
      function: null,
      column_name: null,
      limit_value: 2 ** 52,
      limit_sense: null,
      limit_scope: null,
    };
    await expect(dialect.insertRows(runner, securitizationRuleTable, [rule])).rejects.toThrow('more digits');
  });

  it('adds more milliseconds than a 32-bit number holds in two steps', () => {
    // 30 days = 2,592,000,000 ms > 2,147,483,647.
    const { text, parameters } = dialect.render(sql`SELECT ${dialect.plusMs(dialect.now, -2_592_000_123)}`);
    expect(text).toBe('SELECT DATEADD(millisecond, @0, DATEADD(second, @1, CAST(SYSUTCDATETIME() AS datetime2(3))))');
    expect(parameters.map((p) => (p as MssqlParameter).value as number)).toEqual([-123, -2_592_000]);
  });
});
