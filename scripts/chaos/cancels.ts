import { setTimeout as pause } from 'node:timers/promises';
import type { RunResponse } from '@powerfill/core/domain/run-response';
import { STEPS, type StepName } from '@powerfill/core/domain/step-names';
import { loanTable, runHistoryTable, type RunRow } from '@powerfill/core/entities';
import { type Tenant, tenantDatabase, type TenantScope } from '@powerfill/tenancy';
import { ServiceClient } from '../demo/service-client';
import { SeededRandom } from '../generate/random';
import { TenantClient } from '../soak/http-client';
import { lockTable } from './table-lock';
import { until } from './until';

/** A service with one tenant, large enough that its steps take a while. */
export interface CancelWorld {
  readonly origin: string;
  readonly tenant: Tenant;
  readonly scope: TenantScope;
  readonly options: { readonly as_of_date: string };
}

/** A cancel: where it found the run, and how long the run then took to end. */
export interface CancelledRun {
  /** The step at work; with `, writing` once it had computed and its rows were being stored. */
  readonly found: string;
  /** From the cancel to the end, by the database's clock. */
  readonly ms: number;
  readonly status: string;
}

export { STEPS };

/** Longest into a step a cancel comes; every other one comes at once, since some steps are short. */
const LONGEST_INTO_MS = 2_500;

/** Cancels a run some time after the step has begun. */
export async function cancelIn(world: CancelWorld, step: StepName, seed: number): Promise<CancelledRun> {
  const { origin, tenant, options } = world;
  const service = new ServiceClient(origin, tenant.key);
  const { runId } = await service.submitRun(options);
  for await (const { event, data } of service.events(runId)) {
    const view = data as RunResponse['progress'] & RunResponse;
    const at = event === 'progress' ? view.step : event === 'state' ? view.progress.step : null;
    if (event === 'end' || STEPS.findIndex(({ name }) => name === at) >= STEPS.findIndex(({ name }) => name === step)) {
      break;
    }
  }
  if (seed % 2 === 1) await pause(new SeededRandom(seed, 'cancels').int(0, LONGEST_INTO_MS));
  return cancelNow(world, runId);
}

/** Cancels a run whose input waits for a lock: a statement of which nobody knows when it ends. */
export async function cancelInStatement(world: CancelWorld): Promise<CancelledRun> {
  const { origin, tenant, scope, options } = world;
  const release = await lockTable(scope, tenant, loanTable, 'everybody');
  const { runId } = await new ServiceClient(origin, tenant.key).submitRun(options);
  await until('the claim', async () => (await rowOf(world, runId)).claimed_at !== null);
  await pause(300);
  const cancelled = await cancelNow(world, runId);
  await release();
  return { ...cancelled, found: 'input, waiting for a lock' };
}

async function cancelNow(world: CancelWorld, runId: string): Promise<CancelledRun> {
  const { status } = await new TenantClient(world.origin, world.tenant.key).cancel(runId);
  await until('the end of the run', async () => (await rowOf(world, runId)).completed_at !== null);
  const row = await rowOf(world, runId);
  const { steps, progress } = JSON.parse(row.response_json ?? '{}') as RunResponse;
  const ms = (row.completed_at?.getTime() ?? 0) - (row.cancel_requested_at?.getTime() ?? 0);
  // A step's report is done when it has computed; its rows are stored afterwards.
  const hasComputed = steps.some(({ name, status: state }) => name === progress.step && state === 'done');
  const found = progress.step === null ? 'input' : `${progress.step}${hasComputed ? ', writing' : ''}`;
  return { found: status === 202 ? found : 'ended before', ms, status: row.status };
}

async function rowOf({ scope, tenant }: CancelWorld, runId: string): Promise<RunRow> {
  const [row] = await scope.run(tenant, () => {
    const { dialect, dataSource } = tenantDatabase();
    return dialect.readRows(dataSource, runHistoryTable, { where: { run_id: runId }, limit: 1 });
  });
  if (row === undefined) throw new Error(`Run ${runId} is gone`);
  return row;
}
