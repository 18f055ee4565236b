import { DeadlineError, type Metrics, type StallMonitor, withDeadline } from '@powerfill/platform';
import { CancelFlags, QueueUnavailableError, RunQueue } from '@powerfill/queue';
import { sql } from '@powerfill/database';
import { type Tenant, TenantCatalogue, tenantDatabase, TenantScope } from '@powerfill/tenancy';

/** Tenants whose database one readiness check asks; the next check asks the next ones. */
const SAMPLED_TENANTS = 3;
const ANSWER_MS = 2_000;

/** Result per dependency: `ok`, or what is wrong. */
export interface DependencyChecks {
  readonly redis: string;
  readonly database: string;
}

/** What is wrong, without the driver's own words: they may name hosts and users. */
const describe = (error: unknown): string => {
  if (error instanceof QueueUnavailableError) return 'does not answer';
  if (error instanceof DeadlineError) return error.message;
  return error instanceof Error ? error.name : 'failed';
};

/** Readiness of what every process needs: Redis and the tenants' databases (a sample of them, in turn). */
export class RunHealth {
  private next = 0;

  constructor(
    private readonly catalogue: TenantCatalogue,
    private readonly scope: TenantScope,
    private readonly queue: RunQueue,
    private readonly flags: CancelFlags,
    private readonly metrics: Metrics,
    private readonly stalls: StallMonitor,
  ) {}

  /** Asks all dependencies, each with a bound. */
  async check(): Promise<DependencyChecks> {
    const [redis, database] = await Promise.all([this.redis(), this.database()]);
    return { redis, database };
  }

  /** Refreshes the gauges that are read rather than counted. */
  async measure(): Promise<void> {
    this.metrics.eventLoopStallSeconds.set(this.stalls.maxMs / 1000);
    for (const [step, { maxMs, maxOwnMs }] of this.stalls.byWork) {
      this.metrics.stepStallSeconds.set({ step }, maxMs / 1000);
      this.metrics.stepOwnStallSeconds.set({ step }, maxOwnMs / 1000);
    }
    this.metrics.peakResidentBytes.set(process.resourceUsage().maxRSS * 1024);
    // Without an answer from Redis there is no depth: an old one would look like a quiet queue.
    const counts = await this.queue.counts().catch(() => ({}));
    this.metrics.queueDepth.reset();
    for (const [state, count] of Object.entries(counts)) this.metrics.queueDepth.set({ state }, count);
  }

  private async redis(): Promise<string> {
    return this.flags.ping().then(
      () => 'ok',
      (error: unknown) => describe(error),
    );
  }

  /** Ready as long as one of the sampled databases answers: a tenant's outage is that tenant's, not the pod's. */
  private async database(): Promise<string> {
    const tenants = this.catalogue.all();
    const size = Math.min(SAMPLED_TENANTS, tenants.length);
    const sample = [...tenants, ...tenants].slice(this.next, this.next + size);
    this.next = tenants.length === 0 ? 0 : (this.next + size) % tenants.length;
    const answers = await Promise.all(sample.map((tenant) => this.probe(tenant)));
    return answers.length === 0
      ? 'no tenant'
      : (answers.find((answer) => answer === 'ok') ?? answers[0] ?? 'no tenant');
  }

  private async probe(tenant: Tenant): Promise<string> {
    const question = this.scope.run(tenant, async () => {
      const { dialect, dataSource } = tenantDatabase();
      await dialect.query(dataSource, sql`SELECT 1 AS one`);
    });
    return withDeadline('the database', ANSWER_MS, question).then(() => 'ok', describe);
  }
}
