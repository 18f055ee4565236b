import { runHistoryTable } from '@powerfill/core/entities';
import { raw, sql } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { type ExecutionResult } from '@powerfill/core/runs/run-executor.service';
import { type RunStep } from '@powerfill/core/steps/run-step';
import { RUN_OPTIONS, type RunWorld } from '../../support/run-world';
import { testSteps, WATCHED_TABLES } from '../../support/test-steps';

export type { RunWorld } from '../../support/run-world';

/** Executes a run's attempt as a worker would. */
export const execute = (
  world: RunWorld,
  runId: string,
  steps: readonly RunStep[] = testSteps(),
  attempt = 1,
): Promise<ExecutionResult> =>
  world.inTenant(() => world.executor(steps).execute({ runId, tenantId: world.tenant.tenantId }, attempt));

/** Submits a run and answers its id. */
export const submit = async (world: RunWorld): Promise<string> =>
  (await world.inTenant(() => world.submitter.submit({ options: RUN_OPTIONS, requestedBy: 'trader' }))).run_id;

/** The run's row. */
export const rowOf = (world: RunWorld, runId: string) => world.inTenant(() => world.history.get(runId));

/** Rows a run has in the watched output tables, all attempts. */
export const outputRows = (world: RunWorld, runId: string): Promise<number> =>
  world.inTenant(async () => {
    const { dialect, dataSource } = tenantDatabase();
    let rows = 0;
    for (const table of WATCHED_TABLES) {
      const [found] = await dialect.query<{ n: number | string }>(
        dataSource,
        sql`SELECT COUNT(*) AS n FROM ${dialect.table(table)} WHERE run_id = ${runId}`,
      );
      rows += Number(found?.n ?? 0);
    }
    return rows;
  });

/** Moves instants of a run's row into the past, as if that much time had gone by. */
export const age = (world: RunWorld, runId: string, column: string, ms: number): Promise<void> =>
  world.inTenant(async () => {
    const { dialect, dataSource } = tenantDatabase();
    await dialect.execute(
      dataSource,
      sql`UPDATE ${dialect.table(runHistoryTable)} SET ${raw(column)} = ${dialect.plusMs(raw(column), -ms)} WHERE run_id = ${runId}`,
    );
  });
