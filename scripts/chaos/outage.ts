import { setTimeout as pause } from 'node:timers/promises';
import { isTerminal } from '@powerfill/core/domain/run-status';
import { loanTable, runHistoryTable } from '@powerfill/core/entities';
import { type Tenant, tenantDatabase, type TenantScope } from '@powerfill/tenancy';
import { TenantClient } from '../soak/http-client';
import type { ClusterParts } from './cluster';
import { Ledger } from './ledger';
import { lockTable } from './table-lock';
import { until } from './until';
import { judge, type Verdict } from './verdict';

/** What goes away while runs are at work. */
export type OutageKind = 'redis' | 'flush' | 'database';

/** A service with running processes, its databases reached past the proxy. */
export interface OutageWorld {
  readonly origins: readonly string[];
  /** Base addresses of the workers. */
  readonly workers: readonly string[];
  readonly tenants: readonly Tenant[];
  readonly scope: TenantScope;
  readonly parts: Omit<ClusterParts, 'launch'>;
  readonly options: object;
  readonly say: (text: string) => void;
}

/** Figures of an outage. */
export interface OutageReport extends Verdict {
  readonly seconds: number;
  /** Submissions sent while it lasted, by answer. */
  readonly answers: Readonly<Record<string, number>>;
  readonly longestAnswerMs: number;
  /** Of the runs that were at work. */
  readonly heldRuns: Readonly<Record<string, number>>;
  /** Claims the workers counted, and those the rows account for. */
  readonly claims: string;
}

/** Tenants whose runs are at work. */
const HELD = 10;
const REDIS_AWAY_MS = 60_000;
const DATABASE_AWAY_MS = 20_000;
const FLUSH_EVERY_MS = 10_000;
/** What answers while Redis is away (issue 4). */
const REDIS_ANSWER_MS = 2_500;
/** What answers while a database is away: the bounds of connecting, lock waits and their tries. */
const DATABASE_ANSWER_MS = 20_000;
const POKE_EVERY_MS = 500;
/** Runs stay at work so long after the outage: what comes late must still find them. */
const AFTERMATH_MS = 8_000;
const END_MS = 120_000;

/**
 * Holds ten runs at work by a lock on their input, takes a server away, submits for other tenants all the while, lets
 * everything end, and tells what should not have happened.
 */
export async function outage(world: OutageWorld, kind: OutageKind): Promise<OutageReport> {
  const { tenants, scope, origins, say } = world;
  const ledger = new Ledger();
  const client = (tenant: Tenant, at: number): TenantClient =>
    new TenantClient(origins[at % origins.length] ?? '', tenant.key);
  const held = await Promise.all(
    tenants.slice(0, HELD).map(async (tenant, at) => {
      const release = await lockTable(scope, tenant, loanTable, 'everybody');
      const { status, body } = await client(tenant, at).submit(world.options);
      const runId = body.run_id;
      if (status !== 202 || runId === undefined) throw new Error(`Submission answered ${status}`);
      ledger.accept({ tenant: tenant.key, runId, key: runId });
      return { tenant, runId, release, client: client(tenant, at) };
    }),
  );
  for (const run of held) {
    await until('a run to be claimed', async () => (await run.client.run(run.runId)).body.status !== 'Pending');
  }
  say(`  ${HELD} runs are at work; ${kind} begins.`);
  const others = tenants.slice(HELD);
  const startedAt = performance.now();
  let isOver = false;
  const pokes = others.map((tenant, at) => poke(client(tenant, at), world.options, ledger, () => isOver));
  await away(world.parts, kind);
  isOver = true;
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  await Promise.all(pokes);
  say(`  ${kind} is over after ${seconds} s; the runs go on.`);
  await pause(AFTERMATH_MS);
  await Promise.all(held.map(({ release }) => release()));
  const violations: string[] = [];
  const heldRuns: Record<string, number> = {};
  for (const { tenant, runId, client: desk } of held) {
    await until(`${tenant.key} to end`, () => hasEnded(desk, runId), END_MS);
    const { status, attempt } = (await desk.run(runId)).body;
    const name = `${status}, attempt ${attempt}`;
    heldRuns[name] = (heldRuns[name] ?? 0) + 1;
    // Without its database for longer than a lease nobody can know that a run is alive: it is taken over once.
    if (status !== 'Complete' || attempt > (kind === 'database' ? 2 : 1)) violations.push(`run ${runId}: ${name}`);
  }
  await serveAgain(others, client, world.options, ledger);
  const verdict = await judge(scope, tenants, ledger);
  const longestAnswerMs = Math.round(ledger.longest.get('submit') ?? 0);
  const bound = kind === 'database' ? DATABASE_ANSWER_MS : REDIS_ANSWER_MS;
  if (longestAnswerMs > bound) violations.push(`7: a submission took ${longestAnswerMs} ms`);
  const refused = ledger.answers.get('submit 503') ?? 0;
  const sent = [...ledger.answers.values()].reduce((sum, count) => sum + count, 0);
  if (kind === 'redis' && refused !== sent) violations.push(`${sent - refused} submissions were not answered 503`);
  const [counted, accounted] = [await countedClaims(world.workers), await accountedClaims(scope, tenants)];
  if (counted !== accounted) violations.push(`1: ${counted} claims for ${accounted} attempts`);
  return {
    ...verdict,
    seconds,
    answers: Object.fromEntries(ledger.answers),
    longestAnswerMs,
    heldRuns,
    claims: `${counted} of ${accounted}`,
    violations: [...violations, ...verdict.violations],
  };
}

async function away({ redisProxy, databaseProxy, flushRedis }: OutageWorld['parts'], kind: OutageKind): Promise<void> {
  switch (kind) {
    case 'redis':
      // Half of the time the connections that there are fall silent, half of it new ones are refused.
      redisProxy.freeze();
      await pause(REDIS_AWAY_MS / 2);
      redisProxy.cut();
      await pause(REDIS_AWAY_MS / 2);
      redisProxy.mend();
      return;
    case 'flush':
      for (let passed = 0; passed < REDIS_AWAY_MS; passed += FLUSH_EVERY_MS) {
        await flushRedis();
        await pause(FLUSH_EVERY_MS);
      }
      return;
    case 'database':
      databaseProxy.cut();
      await pause(DATABASE_AWAY_MS);
      databaseProxy.mend();
  }
}

/** Submits again and again; every answer is noted. */
async function poke(desk: TenantClient, options: object, ledger: Ledger, isOver: () => boolean): Promise<void> {
  for (let sent = 0; !isOver(); sent += 1) {
    const startedAt = performance.now();
    const { status, body } = await desk.submit(options);
    ledger.note('submit', status, performance.now() - startedAt);
    if (status === 202) ledger.accept({ tenant: desk.key, runId: String(body.run_id), key: `${sent}` });
    await pause(POKE_EVERY_MS);
  }
}

/** Every other tenant gets a run to its end. */
async function serveAgain(
  others: readonly Tenant[],
  client: (tenant: Tenant, at: number) => TenantClient,
  options: object,
  ledger: Ledger,
): Promise<void> {
  await Promise.all(
    others.map(async (tenant, at) => {
      const desk = client(tenant, at);
      let runId = '';
      await until(`${tenant.key} to be served`, async () => {
        const { status, body } = await desk.submit(options);
        if (status === 202) ledger.accept({ tenant: tenant.key, runId: (runId = String(body.run_id)), key: 'last' });
        else await pause(POKE_EVERY_MS);
        return status === 202;
      });
      await until(`the last run of ${tenant.key} to end`, () => hasEnded(desk, runId), END_MS);
    }),
  );
}

const hasEnded = async (desk: TenantClient, runId: string): Promise<boolean> => {
  const { status, body } = await desk.run(runId);
  return status === 200 && isTerminal(body.status);
};

/** Claims that the workers' metrics tell. */
async function countedClaims(workers: readonly string[]): Promise<number> {
  let claims = 0;
  for (const origin of workers) {
    const text = await (await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
    claims += Number(/^powerfill_queue_wait_seconds_count (\d+)$/m.exec(text)?.[1] ?? 0);
  }
  return claims;
}

/** Attempts that were claimed, by the rows: one more claim would be an attempt executed twice. */
async function accountedClaims(scope: TenantScope, tenants: readonly Tenant[]): Promise<number> {
  let claims = 0;
  for (const tenant of tenants) {
    const rows = await scope.run(tenant, () => {
      const { dialect, dataSource } = tenantDatabase();
      return dialect.readRows(dataSource, runHistoryTable, { columns: ['attempt', 'claimed_at'], orderBy: ['run_id'] });
    });
    for (const { attempt, claimed_at: claimedAt } of rows) claims += claimedAt === null ? attempt - 1 : attempt;
  }
  return claims;
}
