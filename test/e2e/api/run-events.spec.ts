import { runHistoryTable } from '@powerfill/core/entities';
import { RunWatches } from '@powerfill/core/runs/run-watches';
import { sql } from '@powerfill/database';
import { type ReceivedEvent, readEvents } from '../../../scripts/demo/read-events';
import { waitFor } from '../../support/wait-for';
import { runningApi, type TestApi } from './running-api';

/** A client that has opened a stream and keeps what it is told. */
interface Follower {
  readonly status: number;
  readonly headers: Headers;
  readonly events: ReceivedEvent[];
  readonly closed: Promise<void>;
  leave(): void;
}

describe('following a run over HTTP', () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await runningApi({ EVENT_STREAMS: '12' });
  });
  afterAll(() => test.close());

  const submit = async (): Promise<string> => {
    await test.alpha.dialect.execute(
      test.alpha.dataSource,
      sql`DELETE FROM ${test.alpha.dialect.table(runHistoryTable)}`,
    );
    const answer = await test.call('/api/powerfill/run', { body: {} });
    return String(answer.json['run_id']);
  };
  const follow = async (runId: string, headers: Record<string, string> = {}): Promise<Follower> => {
    const aborter = new AbortController();
    const answer = await fetch(`${test.api.url}/api/powerfill/runs/${runId}/events`, {
      headers: { 'X-Tenant-Id': 'alpha', ...headers },
      signal: aborter.signal,
    });
    const events: ReceivedEvent[] = [];
    const reading = async (): Promise<void> => {
      if (answer.status !== 200 || answer.body === null) return void (await answer.body?.cancel());
      for await (const event of readEvents(answer.body)) events.push(event);
    };
    const closed = reading().catch((error: unknown) => {
      if (!aborter.signal.aborted) throw error;
    });
    return { status: answer.status, headers: answer.headers, events, closed, leave: () => aborter.abort() };
  };
  const names = ({ events }: Follower): string[] => events.map(({ event }) => event);
  const cancel = (runId: string) => test.call(`/api/powerfill/runs/${runId}/cancel`, { method: 'POST' });
  const isStateTold = (follower: Follower) => waitFor('the state', () => follower.events.length > 0);

  it('tells the state from the database first, then the end, and closes', async () => {
    const runId = await submit();
    const follower = await follow(runId);
    expect(follower.headers.get('content-type')).toContain('text/event-stream');
    expect(follower.headers.get('x-accel-buffering')).toBe('no');
    await isStateTold(follower);
    expect(follower.events[0]).toMatchObject({ event: 'state', data: { run_id: runId, status: 'Pending' } });
    await cancel(runId);
    await follower.closed;
    expect(follower.events.at(-1)).toMatchObject({ event: 'end', data: { run_id: runId, status: 'Cancelled' } });
  });

  it('tells the state again to whoever comes back, and nothing to a browser that has had the end', async () => {
    const runId = await submit();
    const first = await follow(runId);
    await isStateTold(first);
    first.leave();
    await first.closed;
    const again = await follow(runId);
    await isStateTold(again);
    await cancel(runId);
    await again.closed;
    const late = await follow(runId);
    await late.closed;
    expect(names(late)).toEqual(['state', 'end']);
    expect((await follow(runId, { 'Last-Event-ID': 'end' })).status).toBe(204);
  });

  it('refuses what it does not know, another tenant and more streams than it has, and frees what was left', async () => {
    const runId = await submit();
    expect((await follow('00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await follow(runId, { 'X-Tenant-Id': 'beta' })).status).toBe(404);
    // A quarter of 12 for one tenant.
    const open = [await follow(runId), await follow(runId), await follow(runId)];
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await test.call(`/api/powerfill/runs/${runId}/events`);
    expect(refused.status).toBe(503);
    expect(refused.json).toMatchObject({ code: 'streams_saturated' });
    open[0]?.leave();
    const next = await waitFor('a place to be free', async () => {
      const follower = await follow(runId);
      return follower.status === 200 && follower;
    });
    await cancel(runId);
    await Promise.all([...open, next].map(({ closed }) => closed));
    expect(next.events.at(-1)?.event).toBe('end');
  });

  it('watches a run once, however many follow it, and not at all when nobody does', async () => {
    const runId = await submit();
    const followers = [await follow(runId), await follow(runId), await follow(runId)];
    await Promise.all(followers.map(isStateTold));
    const watching = test.api.app.get(RunWatches);
    expect(watching.size).toBe(1);
    await cancel(runId);
    await Promise.all(followers.map(({ closed }) => closed));
    expect(watching.size).toBe(0);
  });
});
