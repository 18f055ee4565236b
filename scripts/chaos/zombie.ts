import { createHash } from 'node:crypto';
import {
  ALL_TABLES,
  candidateTable,
  cashMarketMapTable,
  guideTable,
  poolGuideTable,
  runHistoryTable,
  syntheticGuideTable,
  tradeBaseTable,
} from '@powerfill/core/entities';
import { STEPS, type StepName } from '@powerfill/core/domain/step-names';
import type { TableDefinition } from '@powerfill/database';
import { type Tenant, tenantDatabase, type TenantScope } from '@powerfill/tenancy';
import { TenantClient } from '../soak/http-client';
import { lockTable } from './table-lock';
import { until } from './until';

/** A worker process that can be stopped and continued. */
export interface ZombieWorker {
  /** Base address of its health and metrics. */
  readonly origin: string;
  signal(signal: NodeJS.Signals): void;
}

/** A service with six tenants, one for each step, and no worker of its own. */
export interface ZombieWorld {
  readonly origin: string;
  readonly tenants: readonly Tenant[];
  readonly scope: TenantScope;
  /** Starts a worker that executes six runs at once. */
  addWorker(): Promise<ZombieWorker>;
}

/** A table that only this step writes; who holds its lock holds the step. */
const WRITTEN_BY: Readonly<Record<StepName, TableDefinition>> = {
  bx_cash_grids: cashMarketMapTable,
  bx_settle_and_price: tradeBaseTable,
  candidate_builder: candidateTable,
  allocation: guideTable,
  pool_guide: poolGuideTable,
  ue: syntheticGuideTable,
};
const RUN_TABLES = ALL_TABLES.filter((table) => table.group === 'output' || table.group === 'forensic');

/**
 * Six runs, each held in another step of one worker; the worker is stopped (SIGSTOP) until another one has taken all six
 * over and completed them, then continued (SIGCONT).
 * @returns what the zombie changed; empty when all is well. The second worker lives on.
 */
export async function zombieRound(world: ZombieWorld, options: object): Promise<readonly string[]> {
  const zombie = await world.addWorker();
  const held = await Promise.all(
    STEPS.map(async ({ name }, index) => {
      const tenant = world.tenants[index];
      if (tenant === undefined) throw new Error('A zombie round needs six tenants');
      const release = await lockTable(world.scope, tenant, WRITTEN_BY[name], 'writers');
      const client = new TenantClient(world.origin, tenant.key);
      const { status, body } = await client.submit(options);
      if (status !== 202) throw new Error(`Submission answered ${status}: ${JSON.stringify(body)}`);
      return { name, index, tenant, client, runId: body.run_id ?? '', release };
    }),
  );
  await Promise.all(
    held.map(({ name, index, client, runId }) =>
      // A step's report is done when it has computed; its rows now wait for the lock.
      until(`${name} to be held`, async () => (await client.run(runId)).body.steps[index]?.status === 'done'),
    ),
  );
  zombie.signal('SIGSTOP');
  await Promise.all(held.map(({ release }) => release()));
  await world.addWorker();
  for (const { name, client, runId } of held) {
    await until(`the run held in ${name} to be completed`, async () => {
      const { status, attempt, failure } = (await client.run(runId)).body;
      if (status === 'Failed') throw new Error(`The run held in ${name} failed: ${JSON.stringify(failure)}`);
      return status === 'Complete' && attempt === 2;
    });
  }
  const look = (): Promise<string[]> =>
    Promise.all(held.map(({ tenant, runId }) => world.scope.run(tenant, () => visible(runId))));
  const before = await look();
  zombie.signal('SIGCONT');
  await until('the zombie to let go of its runs', () => hasNoRuns(zombie.origin));
  const after = await look();
  return held.filter((_, index) => before[index] !== after[index]).map(({ name }) => `the zombie of ${name} wrote`);
}

/** Fingerprint of all a reader can see of a run: its row, and the rows of its attempt. */
async function visible(runId: string): Promise<string> {
  const { dialect, dataSource } = tenantDatabase();
  const [row] = await dialect.readRows(dataSource, runHistoryTable, { where: { run_id: runId } });
  if (row === undefined) throw new Error(`Run ${runId} is gone`);
  // Sweeping the rows of old attempts is housekeeping that goes on meanwhile.
  const hash = createHash('sha256').update(JSON.stringify({ ...row, swept_attempt: null }));
  for (const table of RUN_TABLES) {
    const where = { run_id: runId, attempt: row.attempt };
    const rows = await dialect.readRows(dataSource, table, { where, orderBy: table.primaryKey });
    hash.update(JSON.stringify(rows));
  }
  return hash.digest('hex');
}

async function hasNoRuns(origin: string): Promise<boolean> {
  const metrics = await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(5_000) });
  return /^powerfill_runs_active 0$/m.test(await metrics.text());
}
