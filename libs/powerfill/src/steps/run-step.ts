import type { RowOf, TableDefinition } from '@powerfill/database';
import type { StepName } from '../domain/step-names';
import type { RunWarning } from '../domain/run-response';
import type { RunInput } from './run-input';
import type { StepResults } from './step-results';

/** Row of an output table without the key parts the executor adds. */
export type OutputRow<T extends TableDefinition> = Omit<RowOf<T>, 'run_id' | 'attempt'>;

/**
 * Rows to insert: an array, or rows that are made while they are written, each time they are asked for anew (a
 * transaction may be tried again).
 */
export interface RowSource<R extends object = object> extends Iterable<R> {
  readonly length: number;
}

/** Rows a step adds to one output table. */
export interface TableInsert {
  readonly kind: 'insert';
  readonly table: TableDefinition;
  readonly rows: RowSource;
}

/** Columns a later step adds to rows an earlier step wrote; each row holds the key columns and the changed ones. */
export interface TableUpdate {
  readonly kind: 'update';
  readonly table: TableDefinition;
  /** Key columns besides run_id and attempt. */
  readonly key: readonly string[];
  readonly set: readonly string[];
  readonly rows: readonly object[];
}

/** Types an insert: rows must be complete rows of the table. */
export const insertRows = <T extends TableDefinition>(table: T, rows: RowSource<OutputRow<T>>): TableInsert => ({
  kind: 'insert',
  table,
  rows,
});

/** Rows made while they are written, for tables too long to hold them all. */
export const rowsMadeBy = <R extends object>(length: number, make: () => Iterator<R>): RowSource<R> => ({
  length,
  [Symbol.iterator]: make,
});

/** Types an update: rows hold exactly the key and the columns set. */
export const updateRows = <
  T extends TableDefinition,
  K extends keyof OutputRow<T> & string,
  S extends keyof OutputRow<T> & string,
>(
  table: T,
  key: readonly K[],
  set: readonly S[],
  rows: readonly Pick<OutputRow<T>, K | S>[],
): TableUpdate => ({ kind: 'update', table, key, set, rows });

/** What a step hands to the executor, which writes it in one transaction fenced by the run row. */
export interface StepOutcome {
  readonly status: 'done' | 'skipped';
  /** One line for the trader and the log, e.g. "19,204 candidates of 2,113 loans". */
  readonly note: string;
  readonly writes: readonly (TableInsert | TableUpdate)[];
  readonly warnings: readonly RunWarning[];
  /** Gzip of the problem the allocation solved and its hash; the allocation step only. */
  readonly problem?: { readonly gzip: Buffer; readonly sha256: string };
}

/** What a step may use besides its input: stop requests and progress. */
export interface StepControl {
  /** Aborted when the run is cancelled, timed out, lost or the worker shuts down. */
  readonly signal: AbortSignal;
  /** Reports progress of the step, 0..1. */
  progress(fraction: number): void;
  /** Gives the event loop a turn if 20 ms have passed since the last one; throws the abort reason when aborted. */
  breathe(): Promise<void>;
}

/** One of the six steps: stateless; reads the attempt's input and earlier results, adds its own to `results`. */
export interface RunStep {
  readonly name: StepName;
  run(input: RunInput, results: StepResults, control: StepControl): Promise<StepOutcome>;
}

/** A step's own failure with the message the trader reads; any other error is reported by its class and message. */
export class StepError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'StepError';
  }
}
