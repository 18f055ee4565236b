import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { withDeadline, withLogContext } from '@powerfill/platform';
import type { SweepTurns } from '@powerfill/queue';
import { type Tenant, TenantCatalogue, TenantScope } from '@powerfill/tenancy';
import type { ScheduleRunner } from '../schedules';
import { Reconciler } from './reconciler.service';
import { RetentionService } from './retention.service';
import { describeFailure } from './step-failure';

/** Rhythm of the sweeps; milliseconds. */
export interface SweepTiming {
  readonly sweepMs: number;
  readonly leaseMs: number;
}

/** What a process remembers of its contact with a tenant's database. */
interface Contact {
  failures: number;
  /** Monotonic time before which the tenant is left alone. */
  notBefore: number;
  /** Monotonic time before which no run of the tenant is taken over. */
  noTakeoverBefore: number;
  /** Monotonic time of the next retention sweep. */
  nextRetention: number;
}

/** Tenants swept at the same time. */
const PARALLEL_SWEEPS = 4;
/** Share of the period over which the visits are spread. */
const SPREAD = 0.75;
const LONGEST_BACKOFF_PERIODS = 30;
/** Longest wait for a database's first answer in a sweep. */
const CONTACT_MS = 2_000;
/** What is past its time is looked for every so many periods. */
const RETENTION_PERIODS = 6;

/**
 * Sweeps all tenants once a period, in every process (runs.md, "Reconciler"). Processes share the work through
 * {@link SweepTurns}; a tenant whose database is away is tried less and less often.
 */
export class ReconcilerHost {
  private readonly logger = new Logger(ReconcilerHost.name);
  private readonly contacts = new Map<string, Contact>();
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private stopped = true;
  private stopping = new AbortController();

  constructor(
    private readonly catalogue: TenantCatalogue,
    private readonly scope: TenantScope,
    private readonly turns: SweepTurns,
    private readonly reconciler: Reconciler,
    private readonly retention: RetentionService,
    private readonly schedules: ScheduleRunner,
    private readonly timing: SweepTiming,
  ) {}

  start(): void {
    this.stopped = false;
    this.stopping = new AbortController();
    this.schedule();
  }

  /** No further sweep; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.stopping.abort();
    await this.current;
  }

  /** Jitter keeps the processes of a restarted deployment from sweeping in step. */
  private schedule(tookMs = 0): void {
    if (this.stopped) return;
    const pause = Math.max(0, this.timing.sweepMs * (0.8 + 0.4 * Math.random()) - tookMs);
    this.timer = setTimeout(() => {
      const startedAt = performance.now();
      this.current = this.sweepAll().finally(() => this.schedule(performance.now() - startedAt));
    }, pause);
  }

  /** Visits the tenants spread over most of the period: many of them must not all be asked at its beginning. */
  private async sweepAll(): Promise<void> {
    const waiting = [...this.catalogue.all()];
    const share = (this.timing.sweepMs * SPREAD * PARALLEL_SWEEPS) / Math.max(waiting.length, PARALLEL_SWEEPS);
    const lane = async (): Promise<void> => {
      for (let tenant = waiting.pop(); tenant && !this.stopped; tenant = waiting.pop()) {
        const startedAt = performance.now();
        await this.sweep(tenant);
        if (waiting.length > 0) await this.rest(share - (performance.now() - startedAt));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_SWEEPS }, lane));
  }

  private async rest(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async sweep(tenant: Tenant): Promise<void> {
    const contact = this.contactOf(tenant.tenantId);
    const now = performance.now();
    if (now < contact.notBefore) return;
    const reach = this.scope.isOpen(tenant) ? 'near' : 'far';
    const isMine = await this.turns.take(tenant.tenantId, this.timing.sweepMs, reach);
    if (!isMine) return this.reconciler.forget(tenant.tenantId);
    try {
      await withLogContext({ tenant_id: tenant.tenantId }, () => this.sweepWithin(tenant, contact));
      contact.failures = 0;
    } catch (error) {
      this.reconciler.lose(tenant.tenantId);
      contact.failures += 1;
      contact.notBefore = now + this.timing.sweepMs * Math.min(2 ** (contact.failures - 1), LONGEST_BACKOFF_PERIODS);
      // The owners may merely have been cut off from the same database: they get a whole lease to come back.
      contact.noTakeoverBefore = performance.now() + this.timing.leaseMs;
      this.logger.warn({ tenant_id: tenant.tenantId, msg: `Sweep failed: ${describeFailure(error)}` });
    }
  }

  /** Sweeps, once the database has answered within {@link CONTACT_MS}: one that hangs must not hold up the others. */
  private async sweepWithin(tenant: Tenant, contact: Contact): Promise<void> {
    let gaveUp = false;
    let reached: () => void = () => undefined;
    const reaching = new Promise<void>((resolve) => (reached = resolve));
    const work = this.scope.run(tenant, async () => {
      await this.reconciler.sweep(performance.now() >= contact.noTakeoverBefore, () => {
        if (gaveUp) throw new Error('The database answered too late');
        reached();
      });
      await this.schedules.sweep();
      if (performance.now() < contact.nextRetention) return;
      await this.retention.sweep();
      contact.nextRetention = performance.now() + this.timing.sweepMs * RETENTION_PERIODS;
    });
    try {
      await withDeadline('the database', CONTACT_MS, Promise.race([reaching, work]));
    } catch (error) {
      gaveUp = true;
      throw error;
    }
    await work;
  }

  private contactOf(tenantId: string): Contact {
    const known = this.contacts.get(tenantId);
    if (known) return known;
    // Spread, so that the retention sweeps of many tenants do not come at once.
    const nextRetention = performance.now() + this.timing.sweepMs * RETENTION_PERIODS * Math.random();
    const fresh: Contact = { failures: 0, notBefore: 0, noTakeoverBefore: 0, nextRetention };
    this.contacts.set(tenantId, fresh);
    return fresh;
  }
}
