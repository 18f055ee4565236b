import { createDatabase, createDialect } from '@powerfill/database';
import { DEFAULT_RUN_OPTIONS } from '@powerfill/core/domain/run-options';
import { ALL_TABLES } from '@powerfill/core/entities';
import { PreflightService, type PreflightReport } from '@powerfill/core/preflight';
import { RunHistoryService } from '@powerfill/core/runs/run-history.service';
import { RunInputReader } from '@powerfill/core/runs/run-input-reader';
import { type Answers, recordedInScope, recorder } from './recorder';

const dialect = createDialect({ driver: 'mssql', schema: 'powerfill' });

/** What is sent to make the database `lender` on a server that answers so. */
async function creation(answers: Answers): Promise<{ created: boolean; statements: string[] }> {
  const { runner, statements } = recorder(answers);
  const created = await createDatabase(runner, dialect, 'lender');
  return { created, statements: statements.map(({ text }) => text) };
}

const IS_THERE = 'SELECT name FROM sys.databases WHERE name = @0';
const CREATE = 'CREATE DATABASE "lender"';
const IS_BABELFISH = "SELECT CAST(SERVERPROPERTY('babelfish') AS int) AS babelfish";

describe('a database made on SQL Server', () => {
  it('has both snapshot settings on', async () => {
    // SQL Server answers null for a property that it does not know.
    await expect(creation((text) => (text === IS_BABELFISH ? [{ babelfish: null }] : []))).resolves.toEqual({
      created: true,
      statements: [
        IS_THERE,
        CREATE,
        IS_BABELFISH,
        'ALTER DATABASE "lender" SET ALLOW_SNAPSHOT_ISOLATION ON',
        'ALTER DATABASE "lender" SET READ_COMMITTED_SNAPSHOT ON',
      ],
    });
  });

  it('is left as it is where the server has no ALTER DATABASE', async () => {
    await expect(creation((text) => (text === IS_BABELFISH ? [{ babelfish: 1 }] : []))).resolves.toEqual({
      created: true,
      statements: [IS_THERE, CREATE, IS_BABELFISH],
    });
  });

  it('is not touched when it is there already', async () => {
    await expect(creation((text) => (text === IS_THERE ? [{ name: 'lender' }] : []))).resolves.toEqual({
      created: false,
      statements: [IS_THERE],
    });
  });
});

/** How a database's settings stand in `sys.databases`. */
interface DatabaseSettings {
  /** `snapshot_isolation_state`: 0 off, 1 on, 2 and 3 on the way to off and on. */
  readonly snapshot: number;
  readonly readCommittedSnapshot: boolean;
}

/** The preflight of a tenant with all tables and no rows in a database with these settings. */
async function preflightOn({ snapshot, readCommittedSnapshot }: DatabaseSettings) {
  const answers: Answers = (text) => {
    if (text.includes('snapshot_isolation_state')) return [{ state: snapshot }];
    if (text.includes('is_read_committed_snapshot_on')) return [{ state: readCommittedSnapshot }];
    if (text.includes('INFORMATION_SCHEMA.COLUMNS')) return CATALOGUE;
    return [];
  };
  let report: PreflightReport | undefined;
  const statements = await recordedInScope(async () => {
    const service = new PreflightService(new RunHistoryService(), new RunInputReader());
    const options = { ...DEFAULT_RUN_OPTIONS, as_of_date: '2026-11-23' };
    report = await service.check(options, new AbortController().signal);
  }, answers);
  const codes = report?.findings.map(({ code }) => code) ?? [];
  return {
    findings: codes.filter((code) => code === 'snapshot_off' || code === 'read_committed_snapshot_off'),
    readsThere: codes.includes('pipeline_empty'),
    isolation: statements.map(({ text }) => text).filter((text) => text.startsWith('BEGIN TRANSACTION ')),
  };
}

const CATALOGUE = ALL_TABLES.flatMap((table) =>
  Object.keys(table.columns).map((column) => ({ table_name: table.name, column_name: column })),
);

describe('preflight on SQL Server', () => {
  it.each([
    ['both on', 1, true, [], 'SNAPSHOT'],
    ['snapshot isolation off', 0, true, ['snapshot_off'], 'SERIALIZABLE'],
    ['snapshot isolation on its way to on', 3, true, ['snapshot_off'], 'SERIALIZABLE'],
    ['READ_COMMITTED_SNAPSHOT off', 1, false, ['read_committed_snapshot_off'], 'SNAPSHOT'],
    ['both off', 0, false, ['read_committed_snapshot_off', 'snapshot_off'], 'SERIALIZABLE'],
  ])('%s', async (_, snapshot, readCommittedSnapshot, findings, isolation) => {
    await expect(preflightOn({ snapshot, readCommittedSnapshot })).resolves.toEqual({
      findings,
      readsThere: true,
      isolation: [`BEGIN TRANSACTION ${isolation}`],
    });
  });
});
