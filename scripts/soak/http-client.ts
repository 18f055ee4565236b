import { setTimeout as pause } from 'node:timers/promises';
import type { RunResponse } from '@powerfill/core/domain/run-response';
import { isTerminal } from '@powerfill/core/domain/run-status';

/** Answer of the API. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** What a submission answers: a run, or the problem that stands in its way. */
export interface SubmitBody {
  readonly run_id?: string;
  readonly active_run_id?: string;
  readonly type?: string;
  readonly detail?: string;
}

const ANSWER_MS = 30_000;

/** REST calls of one tenant. */
export class TenantClient {
  constructor(
    private readonly origin: string,
    readonly key: string,
  ) {}

  submit(options: object): Promise<Answer<SubmitBody>> {
    return this.call('POST', '/run', options);
  }

  cancel(runId: string): Promise<Answer<SubmitBody>> {
    return this.call('POST', `/runs/${runId}/cancel`);
  }

  run(runId: string): Promise<Answer<RunResponse>> {
    return this.call('GET', `/runs/${runId}`);
  }

  /** The run once it has ended; null when it has not within `boundMs`. */
  async end(runId: string, boundMs: number, pollMs = 100): Promise<RunResponse | null> {
    const deadline = performance.now() + boundMs;
    while (performance.now() < deadline) {
      const { status, body } = await this.run(runId);
      if (status === 200 && isTerminal(body.status)) return body;
      await pause(pollMs);
    }
    return null;
  }

  /** Submits a run and waits for its end. @throws Error when it does not end Complete within `boundMs` */
  async complete(options: object, boundMs: number): Promise<RunResponse> {
    const { status, body } = await this.submit(options);
    if (status !== 202 || body.run_id === undefined)
      throw new Error(`The submission was answered ${status}: ${JSON.stringify(body)}`);
    const run = await this.end(body.run_id, boundMs);
    if (run === null) throw new Error(`Run ${body.run_id} has not ended.`);
    if (run.status !== 'Complete') throw new Error(`The run is ${run.status}: ${JSON.stringify(run.failure)}`);
    return run;
  }

  private async call<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const request = (): Promise<Response> =>
      fetch(`${this.origin}/api/powerfill${path}`, {
        method,
        headers: { 'content-type': 'application/json', 'x-tenant-id': this.key, 'x-subject': 'soak' },
        signal: AbortSignal.timeout(ANSWER_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    // An idle connection may be closed by the API the moment it is used again; a new one is tried once. A submission
    // that had arrived all the same is then answered 409.
    const response = await request().catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
      return request();
    });
    return { status: response.status, body: (await response.json()) as T };
  }
}
