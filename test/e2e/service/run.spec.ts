import { resolve } from 'node:path';
import type { RunResponse, StepReport } from '@powerfill/core/domain/run-response';
import { STEPS } from '@powerfill/core/domain/step-names';
import { ALL_TABLES, runHistoryTable } from '@powerfill/core/entities';
import { sql, type TableDefinition } from '@powerfill/database';
import { tenantDatabase } from '@powerfill/tenancy';
import { processFigures } from '../../../bench/service/process-figures';
import type { ReceivedEvent } from '../../../scripts/demo/read-events';
import { ServiceClient } from '../../../scripts/demo/service-client';
import { Soak } from '../../../scripts/soak/workload';
import { endOf, runToEnd, type Service, startService } from '../../support/service';
import { waitFor } from '../../support/wait-for';

const OUTPUTS = ALL_TABLES.filter((table) => table.group === 'output' || table.group === 'forensic');
const OPTIONS = { effort: 'interactive' };

/** All rows a run wrote to a table, as text, in the order of its key, without the run's own id. */
const rowsOf = (service: Service, table: TableDefinition, runId: string): Promise<string> =>
  service.scope.run(service.tenants[0]!, async () => {
    const { dialect, dataSource } = tenantDatabase();
    const orderBy = table.primaryKey.filter((name) => name !== 'run_id');
    const rows = await dialect.readRows(dataSource, table, { where: { run_id: runId }, orderBy });
    return JSON.stringify(rows.map((row) => ({ ...row, run_id: undefined, attempt: undefined })));
  });

describe('a run on the sample, through API and worker processes', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ folder: resolve('samples') });
  }, 120_000);
  afterAll(() => service.stop(), 60_000);

  it('ends Complete, every dollar of the pipeline accounted for and certified; its events tell every step', async () => {
    const { status, body } = await service.client().submit({ as_of_date: '2026-11-23', ...OPTIONS });
    expect(status).toBe(202);
    const runId = body.run_id ?? '';
    const events: ReceivedEvent[] = [];
    for await (const event of new ServiceClient(service.origin, service.tenants[0]?.key ?? '').events(runId)) {
      events.push(event);
    }
    const run = await endOf(service.client(), runId);
    expect(events[0]?.event).toBe('state');
    expect(events.at(-1)).toEqual({ event: 'end', data: run });
    const done = events.filter(({ event, data }) => event === 'step' && (data as StepReport).status === 'done');
    expect(done.map(({ data }) => (data as StepReport).name)).toEqual(STEPS.map(({ name }) => name));
    // From inside the allocation, not only when it begins and ends.
    const inside = events.filter(({ event, data }) => {
      const { step, fraction } = data as RunResponse['progress'];
      return event === 'progress' && step === 'allocation' && fraction > 3 / 6 && fraction < 4 / 6;
    });
    expect(inside.length).toBeGreaterThan(0);
    expect(run).toMatchObject({ status: 'Complete', attempt: 1, certificate: { audit: 'passed', replayable: true } });
    const cents = (text: string | undefined): bigint => BigInt((text ?? '').replace('.', ''));
    const dollars = run.dollars_by_outcome;
    expect(cents(dollars?.placed) + cents(dollars?.held) + cents(dollars?.kicked_out)).toBe(cents(dollars?.eligible));
    expect(cents(dollars?.eligible) + cents(dollars?.out_of_scope)).toBe(cents(dollars?.pipeline));
    expect(cents(run.certificate?.upper_bound)).toBeGreaterThanOrEqual(cents(run.certificate?.objective));
    expect(run.steps.map((step) => step.status)).toEqual(['done', 'done', 'done', 'done', 'done', 'done']);
  }, 120_000);

  it('never keeps the event loop of its worker for 200 ms', async () => {
    await runToEnd(service.client(), OPTIONS);
    const { stallByStep } = await processFigures(service.workers[0]?.origin ?? '');
    // While the solver computes in its thread, the process's time is not that of the event loop.
    const steps = [...stallByStep].filter(([step]) => step !== 'allocation');
    expect(steps.map(([step]) => step)).toEqual(expect.arrayContaining(['input', 'candidate_builder', 'ue (writing)']));
    expect(steps.filter(([, seconds]) => seconds > 0.2)).toEqual([]);
  }, 120_000);

  it('writes byte for byte the same when it runs again, on another worker', async () => {
    const first = await runToEnd(service.client(), OPTIONS);
    await service.workers[0]!.stop();
    await service.addWorker();
    const second = await runToEnd(service.client(), OPTIONS);
    for (const table of OUTPUTS) {
      const rows = await rowsOf(service, table, first.run_id);
      expect(`${table.name} ${await rowsOf(service, table, second.run_id)}`).toBe(`${table.name} ${rows}`);
    }
    const comparable = (run: typeof first) => ({
      ...run,
      run_id: '',
      submitted_at: '',
      claimed_at: '',
      completed_at: '',
      links: {},
      steps: run.steps.map((step) => ({ ...step, ms: 0 })),
    });
    expect(comparable(second)).toEqual(comparable(first));
  }, 180_000);
});

describe('a run whose worker is killed', () => {
  it('is finished by another worker, and the tenant is free again', async () => {
    const service = await startService({
      workers: 1,
      loans: 2_000,
      trades: 40,
      env: { LEASE_MS: '3000', HEARTBEAT_MS: '500', SWEEP_MS: '500', PENDING_GRACE_MS: '500' },
    });
    try {
      const client = service.client();
      const { body } = await client.submit({ as_of_date: '2026-11-23', ...OPTIONS });
      const runId = body.run_id ?? '';
      await waitFor('the run to be claimed', async () => (await client.run(runId)).body.status !== 'Pending');
      service.workers[0]!.signal('SIGKILL');
      await service.addWorker();
      await expect(endOf(client, runId)).resolves.toMatchObject({ status: 'Complete', attempt: 2 });
      const row = await service.scope.run(service.tenants[0]!, async () => {
        const { dialect, dataSource } = tenantDatabase();
        const statement = sql`SELECT takeover_count FROM ${dialect.table(runHistoryTable)} WHERE run_id = ${runId}`;
        return (await dialect.query<{ takeover_count: number }>(dataSource, statement))[0];
      });
      expect(row?.takeover_count).toBe(1);
      expect((await client.submit({ as_of_date: '2026-11-23' })).status).toBe(202);
    } finally {
      await service.stop();
    }
  }, 180_000);
});

describe('many tenants, three workers', () => {
  it('never two active runs a tenant, no cancelled run Complete, nothing left of one (reduced soak)', async () => {
    const service = await startService({ tenants: 4, workers: 3, loans: 120, trades: 10 });
    try {
      const { origin, tenants, scope } = service;
      const options = { as_of_date: '2026-11-23', effort: 'interactive' };
      const report = await new Soak({ origin, tenants, scope, seed: 3, submissions: 40, cancels: 20, options }).run();
      expect(report.faults).toEqual([]);
      expect(report.accepted + report.refusedActive).toBe(60);
      expect(report.cancelsAccepted + report.cancelsTooLate).toBe(20);
      expect(report.cancelsAccepted).toBeGreaterThan(0);
    } finally {
      await service.stop();
    }
  }, 240_000);
});
