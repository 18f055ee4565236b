import { variable } from './servers';

/** What the server of this test run is (server-kind.mjs). */
type ServerKind = 'postgres' | 'sql server' | 'babelfish';

/** Features that a test is about and a server may lack, with the servers that do. */
const LACKED_BY = {
  /** Theirs are the operator's; our columns say themselves how they sort. */
  'settings of a server of our own': ['sql server', 'babelfish'],
  /** It has no ALTER DATABASE. */
  'a way to end the sessions of a database': ['babelfish'],
  /** SNAPSHOT isolation lets a transaction write. */
  'a snapshot that refuses writes': ['sql server', 'babelfish'],
  /** Without MARS, which the driver does not speak. */
  'two results at a time on one connection': ['sql server', 'babelfish'],
  /** SQL Server's DDL is pinned in test/contract/sql; Babelfish has neither the names nor the filters of indexes. */
  'a catalogue of indexes as PostgreSQL has it': ['sql server', 'babelfish'],
  /** SQL Server allows 32,767, and nothing is checked (ADR 022). */
  'a bound on connections that is near': ['sql server', 'babelfish'],
} as const satisfies Readonly<Record<string, readonly ServerKind[]>>;

/** A feature of a database server that not all have. */
export type Feature = keyof typeof LACKED_BY;

/** The server of this test run. */
export const serverKind = (): ServerKind => variable('POWERFILL_TEST_SERVER') as ServerKind;

/** Whether the server of this test run has a feature. */
export const has = (feature: Feature): boolean => !(LACKED_BY[feature] as readonly ServerKind[]).includes(serverKind());

/** `it`, or where the server lacks a feature `it.skip` that says so on stderr. */
export const itWith =
  (feature: Feature) =>
  (name: string, body: () => Promise<void>, timeoutMs?: number): void => {
    if (has(feature)) return it(name, body, timeoutMs);
    process.stderr.write(`SKIPPED on ${serverKind()}, which lacks ${feature}: ${name}\n`);
    it.skip(name, body);
  };
