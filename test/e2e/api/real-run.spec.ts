import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runToEnd, type Service, startService } from '../../support/service';
import { callApi } from './running-api';

const cents = (text: unknown): bigint => BigInt(String(text).replace('.', ''));
const sum = (rows: readonly Record<string, unknown>[], column: string): bigint =>
  rows.reduce((total, row) => total + cents(row[column]), 0n);

describe('the reports of a run on the sample', () => {
  let service: Service;
  let run: Awaited<ReturnType<typeof runToEnd>>;
  beforeAll(async () => {
    service = await startService({ folder: resolve('samples'), workers: 1 });
    run = await runToEnd(service.client(), { effort: 'interactive' });
  }, 120_000);
  afterAll(() => service.stop(), 60_000);

  const report = async (name: string) => {
    const headers = { 'X-Tenant-Id': service.tenants[0]?.key ?? null };
    const answer = await callApi(service.origin, `/api/powerfill/runs/latest/${name}`, { headers });
    expect(answer.status).toBe(200);
    return answer;
  };
  /** All rows of a paged report. */
  const allRows = async (name: string): Promise<Record<string, unknown>[]> => {
    const rows: Record<string, unknown>[] = [];
    let cursor = '';
    do {
      const { json } = await report(`${name}?limit=1000${cursor}`);
      rows.push(...(json['items'] as Record<string, unknown>[]));
      const next = json['next_cursor'] as string | null;
      cursor = next === null ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    return rows;
  };

  it('add up to the dollars of the run response, to the cent, in every grouping', async () => {
    const dollars = run.dollars_by_outcome;
    const guide = await allRows('guide');
    const kickouts = await allRows('kickouts');
    expect([guide.length, kickouts.length]).toEqual([run.counts?.placed, run.counts?.kicked_out]);
    expect(sum(guide, 'amount')).toBe(cents(dollars?.placed));
    expect(sum(kickouts, 'amount')).toBe(cents(dollars?.kicked_out));

    const { trades, totals } = (await report('recap')).json as {
      trades: Record<string, unknown>[];
      totals: Record<'by_product' | 'by_coupon' | 'by_month', Record<string, unknown>[]>;
    };
    expect(trades).toHaveLength(run.counts?.trades ?? -1);
    for (const rows of [trades, totals.by_product, totals.by_coupon, totals.by_month]) {
      expect(sum(rows, 'fill_amount')).toBe(cents(dollars?.placed));
    }

    const summary = (await report('summary')).json as Record<string, Record<string, unknown>[]> & {
      value_by_price_term: Record<string, string>;
    };
    expect(sum(summary['position'] ?? [], 'long_amount')).toBe(cents(dollars?.kicked_out));
    expect(sum(summary['coverage'] ?? [], 'placed_amount')).toBe(cents(dollars?.placed));
    expect(sum(summary['kickout_dollars_by_code'] ?? [], 'amount')).toBe(cents(dollars?.kicked_out));
    const { price, prx_plus_carry: total, carry, ...terms } = summary.value_by_price_term;
    expect(Object.values(terms).reduce((all, term) => all + cents(term), 0n)).toBe(cents(price));
    expect(cents(price) + cents(carry)).toBe(cents(total));
    expect(summary['certificate']).toEqual(run.certificate);
  });

  it('are the same rows as CSV', async () => {
    const lines = (await report('guide?format=csv')).text.trimEnd().split('\r\n');
    expect(lines).toHaveLength((run.counts?.placed ?? 0) + 1);
  });

  it('come with the problem that was solved', async () => {
    const answer = await fetch(`${service.origin}${run.links['problem'] ?? ''}`, {
      headers: { 'X-Tenant-Id': service.tenants[0]?.key ?? '' },
    });
    const problem = JSON.parse(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()) as { trades: unknown[] };
    expect(problem.trades).toHaveLength(run.counts?.trades ?? -1);
  });
});
