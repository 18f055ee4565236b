import type { Column, ValueOf } from './columns';

/** Index of a table; `where` is the exact predicate of a filtered index, the same text on both databases. */
export interface TableIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique?: boolean;
  readonly where?: string;
}

/**
 * Who owns a table's rows: `upstream` (the lender's systems; created by us only for managed tenants),
 * `configuration`, `prepared` (preprocess), `output` (deleted when a run fails, BR-9), `forensic` (kept), `audit`.
 */
export type TableGroup = 'upstream' | 'configuration' | 'prepared' | 'output' | 'forensic' | 'audit';

/** A table declared as data. */
export interface TableDefinition<C extends Record<string, Column> = Record<string, Column>> {
  readonly name: string;
  readonly group: TableGroup;
  readonly columns: C;
  /** Column names; plain strings here, so that every table is a `TableDefinition`. */
  readonly primaryKey: readonly string[];
  readonly indexes: readonly TableIndex[];
  /** Schema version that brought the table; 1 unless said. */
  readonly since: number;
}

/** Row of a table in memory: decimals as scaled integers, dates as `YYYY-MM-DD`. */
export type RowOf<T> = T extends TableDefinition<infer C> ? { -readonly [K in keyof C]: ValueOf<C[K]> } : never;

/** Declares a table. */
export function defineTable<const C extends Record<string, Column>>(
  name: string,
  group: TableGroup,
  spec: {
    columns: C;
    primaryKey: readonly (keyof C & string)[];
    indexes?: readonly TableIndex[];
    since?: number;
  },
): TableDefinition<C> {
  return {
    name,
    group,
    columns: spec.columns,
    primaryKey: spec.primaryKey,
    indexes: spec.indexes ?? [],
    since: spec.since ?? 1,
  };
}
