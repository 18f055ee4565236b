import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { IMPORTABLE_TABLES } from '@powerfill/core/imports';
import { powerfillClient, type PowerfillClient } from '../../../client/powerfill-client';
import type { components, operations } from '../../../client/schema';
import { type Service, startService } from '../../support/service';
import { waitFor } from '../../support/wait-for';

type Run = components['schemas']['RunDto'];
type Table = operations['ImportsController_load']['parameters']['path']['table'];

const AS_OF = { as_of_date: '2026-11-23' };
const ROUTES = '/api/powerfill/runs/{run_id}';

const cents = (text: unknown): bigint => BigInt(String(text).replace('.', ''));
const sum = <R extends object>(rows: readonly R[], column: keyof R): bigint =>
  rows.reduce((total, row) => total + cents(row[column]), 0n);

/** What a call answered. @throws Error when it was refused */
async function given<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await call;
  if (data === undefined) throw new Error(`The call was refused: ${JSON.stringify(error)}`);
  return data;
}

interface Page<R> {
  readonly items: readonly R[];
  readonly next_cursor: string | null;
}

/** All rows of a paged report. */
async function allRows<R>(page: (query: { limit: number; cursor?: string }) => Promise<Page<R>>): Promise<R[]> {
  const rows: R[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const { items, next_cursor: next } = await page({ limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    rows.push(...items);
    cursor = next;
  }
  return rows;
}

describe('from an empty tenant to a read guide, by the client generated from openapi.json', () => {
  let service: Service;
  let client: PowerfillClient;
  let run: Run;
  const latest = { path: { run_id: 'latest' } };
  beforeAll(async () => {
    service = await startService({ folder: null, workers: 1 });
    client = powerfillClient({ origin: service.origin, tenant: service.tenants[0]?.key ?? '', subject: 'jane' });
  }, 120_000);
  afterAll(() => service.stop(), 60_000);

  const preflight = () => given(client.POST('/api/powerfill/preflight', { body: AS_OF }));
  const load = (table: Table, csv: string) =>
    given(
      client.POST('/api/powerfill/imports/{table}', {
        params: { path: { table } },
        headers: { 'Content-Type': 'text/csv' },
        body: csv,
        bodySerializer: (body) => body,
      }),
    );

  it('the tenant is not ready, is loaded table by table, and then is', async () => {
    const before = await preflight();
    expect(before.is_ready).toBe(false);
    expect(before.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['pipeline_empty', 'no_open_trade']),
    );
    for (const { name } of IMPORTABLE_TABLES) {
      const file = resolve('samples', `${name}.csv`);
      if (!existsSync(file)) continue;
      const csv = readFileSync(file, 'utf8');
      const report = await load(name as Table, csv);
      expect([report.table, report.inserted, report.rejected]).toEqual([name, csv.trimEnd().split('\n').length - 1, 0]);
    }
    const after = await preflight();
    expect(after.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(after.is_ready).toBe(true);
  });

  it('a run is submitted and completes, requested by the caller', async () => {
    const accepted = await given(client.POST('/api/powerfill/run', { body: { ...AS_OF, effort: 'interactive' } }));
    const params = { path: { run_id: accepted.run_id } };
    run = await waitFor(
      'the run to end',
      async () => {
        const found = await given(client.GET(ROUTES, { params }));
        return found.completed_at === null ? null : found;
      },
      { timeoutMs: 120_000 },
    );
    expect([run.status, run.requested_by]).toEqual(['Complete', 'jane']);
  }, 130_000);

  it('its reports add up to the dollars of the run response, to the cent, in every grouping', async () => {
    const dollars = run.dollars_by_outcome;
    const guide = await allRows((query) => given(client.GET(`${ROUTES}/guide`, { params: { ...latest, query } })));
    const kickouts = await allRows((query) =>
      given(client.GET(`${ROUTES}/kickouts`, { params: { ...latest, query } })),
    );
    expect([guide.length, kickouts.length]).toEqual([run.counts?.placed, run.counts?.kicked_out]);
    expect(sum(guide, 'amount')).toBe(cents(dollars?.placed));
    expect(sum(kickouts, 'amount')).toBe(cents(dollars?.kicked_out));

    const recap = await given(client.GET(`${ROUTES}/recap`, { params: latest }));
    const totals = recap.totals as Record<'by_product' | 'by_coupon' | 'by_month', { fill_amount: string }[]>;
    expect(recap.trades).toHaveLength(run.counts?.trades ?? -1);
    expect(sum(recap.trades, 'fill_amount')).toBe(cents(dollars?.placed));
    for (const rows of [totals.by_product, totals.by_coupon, totals.by_month]) {
      expect(sum(rows, 'fill_amount')).toBe(cents(dollars?.placed));
    }

    const summary = await given(client.GET(`${ROUTES}/summary`, { params: latest }));
    expect(sum(summary.position as { long_amount: string }[], 'long_amount')).toBe(cents(dollars?.kicked_out));
    expect(sum(summary.coverage as { placed_amount: string }[], 'placed_amount')).toBe(cents(dollars?.placed));
    expect(sum(summary.kickout_dollars_by_code, 'amount')).toBe(cents(dollars?.kicked_out));
    const { price, prx_plus_carry: total, carry, ...terms } = summary.value_by_price_term as Record<string, string>;
    expect(Object.values(terms).reduce((all, term) => all + cents(term), 0n)).toBe(cents(price));
    expect(cents(price) + cents(carry)).toBe(cents(total));
    expect(summary.certificate).toEqual(run.certificate);
  });

  it('a report is the same rows as CSV', async () => {
    const params = { ...latest, query: { format: 'csv' as const } };
    const { data: csv = '' } = await client.GET(`${ROUTES}/guide`, { params, parseAs: 'text' });
    expect(csv.trimEnd().split('\r\n')).toHaveLength((run.counts?.placed ?? 0) + 1);
  });

  it('the problem that was solved comes with it', async () => {
    const params = { path: { run_id: run.run_id } };
    const gzip = await given(client.GET(`${ROUTES}/problem`, { params, parseAs: 'arrayBuffer' }));
    const problem = JSON.parse(gunzipSync(Buffer.from(gzip)).toString()) as { trades: unknown[] };
    expect(problem.trades).toHaveLength(run.counts?.trades ?? -1);
  });
});
