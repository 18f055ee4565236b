import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal, type RunStatus } from '@powerfill/core/domain/run-status';
import type { SeededRandom } from '../generate/random';
import type { Ledger } from './ledger';

/** One tenant under load. */
export interface TenantLoadPlan {
  /** Base addresses of the APIs; each call takes one at random. */
  readonly origins: readonly string[];
  readonly key: string;
  /** Another tenant, whose runs must not be seen. */
  readonly stranger: string;
  readonly options: object;
  readonly random: SeededRandom;
  readonly ledger: Ledger;
  /** Per mille of the runs that are cancelled. */
  readonly cancelPermille: number;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const CALL_MS = 30_000;
/** Longest a submission is repeated with the same key. */
const SUBMIT_WITHIN_MS = 60_000;
/** A run that has not ended after this is a violation. */
const RUN_ENDS_MS = 120_000;
const POLL_MS = 400;
const CANCEL_WITHIN_MS = 3_000;
const NONE: Answer = { status: 0, body: {} };

/** Submits run after run, cancels some, and follows each to its end; never gives up because a call failed. */
export class TenantLoad {
  private submitted = 0;

  constructor(private readonly plan: TenantLoadPlan) {}

  async until(isOver: () => boolean): Promise<void> {
    const { random, ledger, cancelPermille } = this.plan;
    while (!isOver()) {
      const key = `${this.plan.key}-${(this.submitted += 1)}`;
      ledger.submissions += 1;
      const runId = await this.submit(key);
      if (runId !== null) {
        if (random.chance(cancelPermille)) {
          await pause(random.int(0, CANCEL_WITHIN_MS));
          await this.cancel(runId, key);
        }
        if (random.chance(50)) await this.lookAsStranger(runId);
        await this.end(runId);
      }
      await pause(random.int(50, 600));
    }
  }

  /** Repeats a submission with its key until it is accepted, or refused for an active run, which is followed instead. */
  private async submit(key: string): Promise<string | null> {
    const { ledger, options } = this.plan;
    const deadline = performance.now() + SUBMIT_WITHIN_MS;
    while (performance.now() < deadline) {
      const { status, body } = await this.call('submit', 'POST', '/run', options, { 'idempotency-key': key });
      if (status === 202) {
        const runId = String(body['run_id']);
        ledger.accept({ tenant: this.plan.key, runId, key });
        return runId;
      }
      if (status === 409) return String(body['active_run_id']);
      if (status !== 0 && status !== 503) {
        ledger.violations.push(`${this.plan.key}: submission answered ${status} ${JSON.stringify(body)}`);
        return null;
      }
      await pause(300);
    }
    ledger.violations.push(`${this.plan.key}: no submission got through for ${SUBMIT_WITHIN_MS / 1000} s`);
    return null;
  }

  private async cancel(runId: string, key: string): Promise<void> {
    const { status } = await this.call('cancel', 'POST', `/runs/${runId}/cancel`);
    if (status === 202) this.plan.ledger.cancelled.push({ tenant: this.plan.key, runId, key });
  }

  private async end(runId: string): Promise<void> {
    const { ledger, key } = this.plan;
    const deadline = performance.now() + RUN_ENDS_MS;
    while (performance.now() < deadline) {
      const { status, body } = await this.call('read', 'GET', `/runs/${runId}`);
      if (status === 200 && isTerminal(body['status'] as RunStatus)) return;
      if (status === 404) return void ledger.violations.push(`6: ${key}: run ${runId} is gone`);
      await pause(POLL_MS);
    }
    ledger.violations.push(`${key}: run ${runId} has not ended after ${RUN_ENDS_MS / 1000} s`);
  }

  /** Another tenant neither reads nor cancels the run. */
  private async lookAsStranger(runId: string): Promise<void> {
    const { ledger, stranger } = this.plan;
    const headers = { 'x-tenant-id': stranger };
    const read = await this.call('read as a stranger', 'GET', `/runs/${runId}`, undefined, headers);
    const cancel = await this.call('cancel as a stranger', 'POST', `/runs/${runId}/cancel`, undefined, headers);
    for (const { status } of [read, cancel]) {
      if (status === 200 || status === 202) ledger.violations.push(`3: ${stranger} reached run ${runId}`);
    }
  }

  private async call(
    what: string,
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { random, origins, key, ledger } = this.plan;
    const startedAt = performance.now();
    let answer = NONE;
    try {
      const response = await fetch(`${random.pick(origins)}/api/powerfill${path}`, {
        method,
        headers: { 'content-type': 'application/json', 'x-tenant-id': key, 'x-subject': 'chaos', ...headers },
        signal: AbortSignal.timeout(CALL_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      answer = { status: response.status, body: (await response.json()) as Record<string, unknown> };
    } catch (error) {
      // Refused, cut or timed out: what the faults are for. The ledger counts it.
      if (!(error instanceof Error)) throw error;
    }
    ledger.note(what, answer.status, performance.now() - startedAt);
    return answer;
  }
}
