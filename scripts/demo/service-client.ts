import type { RunResponse } from '@powerfill/core/domain/run-response';
import type { SummaryReport } from '@powerfill/core/reports';
import { type ReceivedEvent, readEvents } from './read-events';

const ANSWER_TIMEOUT_MS = 30_000;

/** The service answered something else than asked for. */
export class ServiceError extends Error {}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The REST calls of the demo, as a desk's own system would make them. */
export class ServiceClient {
  constructor(
    private readonly origin: string,
    private readonly tenant: string,
  ) {}

  /** Submits a run; when one is active already (BR-8), answers that one. */
  async submitRun(options: {
    readonly as_of_date: string;
  }): Promise<{ readonly runId: string; readonly isNew: boolean }> {
    const { status, body } = await this.call('POST', '/run', options);
    if (status === 202) return { runId: (body as { run_id: string }).run_id, isNew: true };
    const active = (body as { active_run_id?: string }).active_run_id;
    if (status === 409 && active !== undefined) return { runId: active, isNew: false };
    throw new ServiceError(`POST /run answered ${status}: ${JSON.stringify(body)}`);
  }

  /** The run's events as they come; ends with the run, or early when the connection breaks. */
  async *events(runId: string): AsyncGenerator<ReceivedEvent> {
    const answer = await fetch(`${this.origin}/api/powerfill/runs/${runId}/events`, {
      headers: { accept: 'text/event-stream', 'x-tenant-id': this.tenant, 'x-subject': 'demo' },
    });
    if (answer.status !== 200 || answer.body === null) {
      throw new ServiceError(`GET /runs/${runId}/events answered ${answer.status}: ${await answer.text()}`);
    }
    yield* readEvents(answer.body);
  }

  run(runId: string): Promise<RunResponse> {
    return this.read<RunResponse>(`/runs/${runId}`);
  }

  summary(runId: string): Promise<SummaryReport> {
    return this.read<SummaryReport>(`/runs/${runId}/summary`);
  }

  private async read<T>(path: string): Promise<T> {
    const { status, body } = await this.call('GET', path);
    if (status !== 200) throw new ServiceError(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body as T;
  }

  private async call(method: string, path: string, payload?: object): Promise<Answer> {
    const answer = await fetch(`${this.origin}/api/powerfill${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-tenant-id': this.tenant, 'x-subject': 'demo' },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
    });
    return { status: answer.status, body: await answer.json() };
  }
}
