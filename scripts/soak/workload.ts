import { setTimeout as pause } from 'node:timers/promises';
import type { RunResponse } from '@powerfill/core/domain/run-response';
import type { RunStatus } from '@powerfill/core/domain/run-status';
import type { Tenant, TenantScope } from '@powerfill/tenancy';
import { SeededRandom } from '../generate/random';
import { evidenceOf, outputRowsOf, type TenantEvidence } from './evidence';
import { TenantClient } from './http-client';

/** Size of a soak. */
export interface SoakPlan {
  /** Base address of the API. */
  readonly origin: string;
  readonly tenants: readonly Tenant[];
  readonly scope: TenantScope;
  readonly seed: number;
  readonly submissions: number;
  readonly cancels: number;
  /** Options sent with every submission. */
  readonly options: object;
  /** Told from time to time how far it is. */
  readonly onProgress?: (text: string) => void;
}

/** Figures of a soak. `faults` names everything that must not have happened. */
export interface SoakReport {
  readonly submitted: number;
  readonly accepted: number;
  /** 409, each naming a run of the same tenant. */
  readonly refusedActive: number;
  /** 503 while the queue was full; tried again. */
  readonly saturated: number;
  readonly cancelsAccepted: number;
  readonly cancelsTooLate: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

const RUN_ENDS_MS = 180_000;
const POLL_MS = 25;
/** Cancels come at random moments up to this long after the submission, at first. */
const FIRST_CANCEL_WITHIN_MS = 2_500;
/** ... and later up to this many times as long as a run took: before, during and sometimes after the work. */
const CANCEL_WITHIN_RUNS = 1.2;
/** A lane submits again after up to this long: time for some runs to end, so that not nearly all submissions are 409. */
const SUBMIT_WITHIN_MS = 2_000;
/** Submissions in flight at a time. */
const LANES = 8;
/** Runs that are there to be cancelled at a time: each is asked for often, and a hundred would be all the API does. */
const CANCEL_LANES = 16;
/** Accepted submissions, and cancels, between two words of progress. */
const PROGRESS_EVERY = 50;

/** Submits at random to many tenants, cancels at random moments, then asks the databases what happened. */
export class Soak {
  private readonly random: SeededRandom;
  private cancelWithinMs = FIRST_CANCEL_WITHIN_MS;
  private readonly clients: readonly TenantClient[];
  private readonly faults: string[] = [];
  private readonly figures = {
    submitted: 0,
    accepted: 0,
    refusedActive: 0,
    saturated: 0,
    cancelsAccepted: 0,
    cancelsTooLate: 0,
  };

  constructor(private readonly plan: SoakPlan) {
    this.random = new SeededRandom(plan.seed, 'soak');
    this.clients = plan.tenants.map((tenant) => new TenantClient(plan.origin, tenant.key));
  }

  async run(): Promise<SoakReport> {
    await this.submitAtRandom();
    await this.cancelAtRandom();
    const evidence: TenantEvidence[] = [];
    for (const tenant of this.plan.tenants) evidence.push(await evidenceOf(this.plan.scope, tenant));
    const byStatus: Record<string, number> = {};
    evidence.forEach((tenant, index) => {
      for (const [status, count] of Object.entries(tenant.byStatus)) byStatus[status] = (byStatus[status] ?? 0) + count;
      for (const [name, count] of Object.entries(tenant.violations)) {
        if (count !== 0) this.faults.push(`${this.plan.tenants[index]?.key}: ${name} = ${count}`);
      }
    });
    return { ...this.figures, byStatus, faults: this.faults };
  }

  private async submitAtRandom(): Promise<void> {
    let left = this.plan.submissions;
    const runs: { client: TenantClient; runId: string }[] = [];
    const lane = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const client = this.random.pick(this.clients);
        const runId = await this.submitOnce(client);
        if (runId !== null) runs.push({ client, runId });
        await pause(this.random.int(0, SUBMIT_WITHIN_MS));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    this.plan.onProgress?.(`all submitted, ${runs.length} accepted; waiting for the last ends`);
    for (const { client, runId } of runs) await this.ended(client, runId);
  }

  /** @returns the accepted run, or null when the tenant has an active one */
  private async submitOnce(client: TenantClient): Promise<string | null> {
    this.figures.submitted += 1;
    for (;;) {
      const { status, body } = await client.submit(this.plan.options);
      if (status === 202 && body.run_id !== undefined) {
        this.figures.accepted += 1;
        if (this.figures.accepted % PROGRESS_EVERY === 0) this.plan.onProgress?.(`${this.figures.accepted} accepted`);
        return body.run_id;
      }
      if (status === 409 && body.active_run_id !== undefined) {
        this.figures.refusedActive += 1;
        const named = await client.run(body.active_run_id);
        if (named.status !== 200) this.faults.push(`${client.key}: the 409 names a run that is not the tenant's`);
        return null;
      }
      if (status !== 503) {
        this.faults.push(`${client.key}: submission answered ${status} ${JSON.stringify(body)}`);
        return null;
      }
      this.figures.saturated += 1;
      await pause(250);
    }
  }

  private async ended(client: TenantClient, runId: string): Promise<RunResponse | null> {
    const run = await client.end(runId, RUN_ENDS_MS, POLL_MS);
    if (run?.status === 'Failed') this.faults.push(`${client.key}: ${runId} Failed: ${JSON.stringify(run.failure)}`);
    if (run === null) this.faults.push(`${client.key}: ${runId} has not ended`);
    return run;
  }

  /** The tenants take the cancels in turn, each one run after the other, several tenants side by side. */
  private async cancelAtRandom(): Promise<void> {
    let left = this.plan.cancels;
    const free = this.plan.tenants.map((tenant, index) => ({ tenant, client: this.clients[index] as TenantClient }));
    const lane = async (): Promise<void> => {
      for (let next = free.shift(); next !== undefined && left > 0; next = free.shift()) {
        if (left % PROGRESS_EVERY === 0) this.plan.onProgress?.(`${left} cancels left`);
        left -= 1;
        await this.cancelOne(next.client, next.tenant);
        free.push(next);
      }
    };
    await Promise.all(Array.from({ length: Math.min(CANCEL_LANES, free.length) }, lane));
  }

  private async cancelOne(client: TenantClient, tenant: Tenant): Promise<void> {
    const runId = await this.submitOnce(client);
    if (runId === null) {
      this.faults.push(`${client.key}: not free although its last run has ended`);
      return;
    }
    await pause(this.random.int(0, Math.ceil(this.cancelWithinMs)));
    const { status } = await client.cancel(runId);
    const run = await this.ended(client, runId);
    if (status === 202) {
      this.figures.cancelsAccepted += 1;
      await this.checkCancelled(client, tenant, runId, run?.status);
    } else if (status === 409) {
      this.figures.cancelsTooLate += 1;
      if (run?.completed_at)
        this.cancelWithinMs = CANCEL_WITHIN_RUNS * (Date.parse(run.completed_at) - Date.parse(run.submitted_at));
    } else {
      this.faults.push(`${client.key}: cancel answered ${status}`);
    }
  }

  private async checkCancelled(client: TenantClient, tenant: Tenant, runId: string, status?: RunStatus): Promise<void> {
    if (status !== 'Cancelled')
      this.faults.push(`${client.key}: ${runId} is ${status ?? 'lost'} after a cancel answered 202`);
    const rows = await outputRowsOf(this.plan.scope, tenant, runId);
    if (rows !== 0) this.faults.push(`${client.key}: ${rows} rows of the cancelled run ${runId}`);
  }
}
