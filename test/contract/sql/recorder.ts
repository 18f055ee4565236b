import { Readable } from 'node:stream';
import { createDialect, type DatabaseHandle } from '@powerfill/database';
import * as mssql from 'mssql';
import type { IColumn, Table } from 'mssql';
import { type TenantDataSources, TenantScope } from '@powerfill/tenancy';
import type { DataSource, MssqlParameter, QueryRunner } from 'typeorm';

/** A statement as it would go to the server. */
export interface RecordedStatement {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/** Rows that a server would answer a statement with. */
export type Answers = (statement: string) => readonly object[];

const NOTHING: Answers = () => [];

/** Stands where a connection would and writes down what it is given: there is no server here, only what `answers` says. */
export function recorder(answers = NOTHING): { runner: QueryRunner; statements: RecordedStatement[] } {
  const statements: RecordedStatement[] = [];
  const write = (text: string, parameters: readonly unknown[] = []): void => void statements.push({ text, parameters });
  const runner = {
    isTransactionActive: true,
    databaseConnection: {},
    dataSource: { driver: { mssql: { ...mssql, Request: recordingRequest(write) } } },
    query: (text: string, parameters: unknown[] = []) => {
      write(text, parameters);
      return Promise.resolve({ records: answers(text), affected: 0 });
    },
    startTransaction: (isolation = '') => {
      write(`BEGIN TRANSACTION ${isolation}`.trim());
      return Promise.resolve();
    },
    rollbackTransaction: () => {
      write('ROLLBACK');
      return Promise.resolve();
    },
    mssqlParameterToNativeParameter: (parameter: MssqlParameter) => parameter,
    release: () => Promise.resolve(),
  };
  return { runner: runner as unknown as QueryRunner, statements };
}

/** Stands for the driver's own requests: batches and bulk loads. */
const recordingRequest = (write: (text: string, parameters?: readonly unknown[]) => void) =>
  class {
    private readonly parameters: unknown[] = [];
    input(_name: string, parameter: unknown): void {
      this.parameters.push(parameter);
    }
    toReadableStream(): Readable {
      return Readable.from([]);
    }
    query(text: string): Promise<unknown> {
      write(text, this.parameters);
      return Promise.resolve({});
    }
    batch(text: string): Promise<unknown> {
      write(text);
      return Promise.resolve({});
    }
    bulk({ path, columns, rows }: Table): Promise<unknown> {
      const typed = columns.map((column) => {
        const { name, nullable, type, length, precision, scale } = column as IColumn & {
          length?: number;
          precision?: number;
          scale?: number;
        };
        const size = [length, precision, scale].filter((part) => part !== undefined).join(', ');
        return `${name} ${(type as unknown as { name: string }).name}(${size})${nullable ? '' : ' NOT NULL'}`;
      });
      write(`-- bulk load of ${rows.length} rows into ${path}:\n--   ${typed.join('\n--   ')}`);
      return Promise.resolve({ rowsAffected: rows.length });
    }
  };

/** Runs work in the scope of a SQL Server tenant that only writes down its statements; answers them. */
export async function recordedInScope(work: () => Promise<unknown>, answers = NOTHING): Promise<RecordedStatement[]> {
  const { runner, statements } = recorder(answers);
  const database = {
    driver: 'mssql',
    connection: { host: 'none', port: 1433, user: '', password: '', database: 'lender' },
    schema: 'powerfill',
    upstreamSchema: 'los',
  } as const;
  const handle: DatabaseHandle = {
    dataSource: { createQueryRunner: () => runner } as unknown as DataSource,
    dialect: createDialect(database),
  };
  const dataSources = { use: (_: unknown, use: (handle: DatabaseHandle) => unknown) => Promise.resolve(use(handle)) };
  const tenant = { key: 'lender', tenantId: 'lender', database, timeZone: 'UTC', holidays: [] };
  await new TenantScope(dataSources as unknown as TenantDataSources).run({ ...tenant, upstream: 'external' }, work);
  return statements;
}

/** Breaks one-line SQL where a reader would, so that a change shows as a line. */
export const readable = (sql: string): string =>
  sql
    .replaceAll(/ (FROM|WHERE|SET|ON|WHEN|SELECT|USING|VALUES|ORDER BY|INNER JOIN) /g, '\n$1 ')
    .replaceAll(/, (?=")/g, ',\n  ')
    .trim();
