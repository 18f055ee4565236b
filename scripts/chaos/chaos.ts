import { setTimeout as pause } from 'node:timers/promises';
import type { Tenant, TenantScope } from '@powerfill/tenancy';
import { SeededRandom } from '../generate/random';
import { BlockedWatch } from './blocked-watch';
import { Cluster, type ClusterParts } from './cluster';
import { type FaultPlan, nextFault } from './faults';
import { Ledger } from './ledger';
import { TenantLoad } from './tenant-load';
import { judge, type Verdict } from './verdict';

/** Size and rhythm of a chaos run; milliseconds. */
export interface ChaosPlan {
  readonly seed: number;
  readonly forMs: number;
  /** Restarts one after the other instead of drawn faults, for as long as they take. */
  readonly rolling: number;
  readonly apis: number;
  readonly workers: number;
  readonly origins: readonly string[];
  readonly tenants: readonly Tenant[];
  /** Reaches the databases past the proxy. */
  readonly scope: TenantScope;
  readonly parts: ClusterParts;
  readonly timing: { readonly leaseMs: number; readonly sweepMs: number; readonly graceMs: number };
  readonly options: object;
  readonly faults: FaultPlan;
  readonly say: (text: string) => void;
}

/** Figures of a chaos run. */
export interface ChaosReport extends Verdict {
  readonly faults: Readonly<Record<string, number>>;
  readonly submissions: number;
  readonly accepted: number;
  readonly cancelsAccepted: number;
  readonly longestBlockedMs: number;
  readonly longestExitMs: number;
  readonly longestAnswerMs: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, number>>;
}

/** Beyond the grace period (runs.md, section 4, number 8). */
const EXIT_SLACK_MS = 5_000;
/** Beyond lease and sweep a tenant may be blocked so long (issue 4). */
const BLOCKED_SLACK_MS = 5_000;
/** An API answers within this, whatever is away: the bounds of Redis, connection, lock waits and their retries. */
const ANSWER_MS = 20_000;
const CANCEL_PERMILLE = 150;
const TELL_EVERY_MS = 30_000;

/** Loads a service, breaks it according to plan, lets it come to rest and judges what is left. */
export async function runChaos(plan: ChaosPlan): Promise<ChaosReport> {
  const { timing, tenants, scope, seed } = plan;
  const random = new SeededRandom(seed, 'chaos');
  const cluster = new Cluster(plan.parts, random.fork('places'), timing.graceMs + EXIT_SLACK_MS);
  const ledger = new Ledger();
  const watch = new BlockedWatch(scope, tenants);
  await cluster.start(plan.apis, plan.workers);
  watch.start();
  const endsAt = performance.now() + plan.forMs;
  let isRolledOut = false;
  const isOver = (): boolean => (plan.rolling > 0 ? isRolledOut : performance.now() >= endsAt);
  const loads = tenants.map((tenant, index) =>
    new TenantLoad({
      origins: plan.origins,
      key: tenant.key,
      stranger: tenants[(index + 1) % tenants.length]?.key ?? tenant.key,
      options: plan.options,
      random: random.fork(tenant.key),
      ledger,
      cancelPermille: CANCEL_PERMILLE,
    }).until(isOver),
  );
  if (plan.rolling > 0) await cluster.roll(plan.rolling);
  else await injectUntil(isOver, plan, random.fork('faults'), cluster, ledger);
  isRolledOut = true;
  await cluster.settled();
  await Promise.all(loads);
  await watch.stop();
  cluster.stop();
  const verdict = await judge(scope, tenants, ledger);
  return {
    ...verdict,
    violations: [...cluster.violations, ...verdict.violations, ...tooLong(plan, watch, ledger)],
    faults: cluster.faults,
    submissions: ledger.submissions,
    accepted: ledger.accepted.length,
    cancelsAccepted: ledger.cancelled.length,
    longestBlockedMs: Math.round(watch.longestMs),
    longestExitMs: Math.round(cluster.longestExitMs),
    longestAnswerMs: Object.fromEntries([...ledger.longest].map(([call, ms]) => [call, Math.round(ms)])),
    answers: Object.fromEntries([...ledger.answers].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

async function injectUntil(
  isOver: () => boolean,
  plan: ChaosPlan,
  random: SeededRandom,
  cluster: Cluster,
  ledger: Ledger,
): Promise<void> {
  let toldAt = performance.now();
  while (!isOver()) {
    const fault = nextFault(random, plan.faults, plan.timing.leaseMs);
    await pause(fault.afterMs);
    cluster.inject(fault);
    if (performance.now() - toldAt < TELL_EVERY_MS) continue;
    toldAt = performance.now();
    const faults = Object.values(cluster.faults).reduce((sum, count) => sum + count, 0);
    const violations = cluster.violations.length + ledger.violations.length;
    plan.say(`  ${faults} faults, ${ledger.accepted.length} runs accepted, ${violations} violations so far`);
  }
}

function tooLong({ timing }: ChaosPlan, watch: BlockedWatch, ledger: Ledger): string[] {
  const violations: string[] = [];
  const bound = timing.leaseMs + timing.sweepMs + BLOCKED_SLACK_MS;
  if (watch.longestMs > bound) {
    violations.push(`2: ${watch.longestRun} had no live owner for ${watch.longestMs} ms, more than ${bound} ms`);
  }
  for (const [call, ms] of ledger.longest) {
    if (ms > ANSWER_MS) violations.push(`7: the answer to ${call} took ${Math.round(ms)} ms`);
  }
  return violations;
}
