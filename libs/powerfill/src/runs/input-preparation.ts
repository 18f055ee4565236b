import type { QueryRunner } from 'typeorm';
import type { RunInput } from '../steps/run-input';

/** Brings the tables that preprocess prepares up to date with a run's input (config-and-reports.md, `POST /preprocess`). */
export interface InputPreparation {
  /**
   * @param by who asked for the run
   * @param confirm asked last in the transaction that stores; what it throws takes everything back
   */
  ensure(
    input: RunInput,
    by: string,
    signal: AbortSignal,
    confirm: (runner: QueryRunner) => Promise<void>,
  ): Promise<unknown>;
}
