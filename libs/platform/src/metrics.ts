import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

/** Prometheus metrics of one process, in a registry of its own so that tests can build many. */
export class Metrics {
  readonly registry = new Registry();

  readonly queueDepth = new Gauge({
    name: 'powerfill_queue_depth',
    help: 'Jobs of the run queue by state',
    labelNames: ['state'] as const,
    registers: [this.registry],
  });

  readonly queueWaitSeconds = new Histogram({
    name: 'powerfill_queue_wait_seconds',
    help: 'Time from submission (or hand-back) to the claim',
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly runsEnded = new Counter({
    name: 'powerfill_runs_ended_total',
    help: 'Runs ended by this process, by status and failure step',
    labelNames: ['status', 'failure_step'] as const,
    registers: [this.registry],
  });

  readonly activeRuns = new Gauge({
    name: 'powerfill_runs_active',
    help: 'Runs this process executes now',
    registers: [this.registry],
  });

  readonly eventStreams = new Gauge({
    name: 'powerfill_event_streams',
    help: 'Clients that follow a run here',
    registers: [this.registry],
  });

  readonly stepSeconds = new Histogram({
    name: 'powerfill_step_seconds',
    help: 'Duration of a step, computing and writing',
    labelNames: ['step'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly oldestLeaseSeconds = new Gauge({
    name: 'powerfill_oldest_lease_seconds',
    help: 'Age of the oldest heartbeat among claimed runs in the tenants whose last sweep this process made',
    registers: [this.registry],
  });

  readonly runsByStatus = new Gauge({
    name: 'powerfill_runs',
    help: 'Active runs by status, in the tenants whose last sweep this process made',
    labelNames: ['status'] as const,
    registers: [this.registry],
  });

  readonly unreachableTenants = new Gauge({
    name: 'powerfill_tenants_unreachable',
    help: 'Tenants whose last sweep by this process failed; their runs are missing in the gauges above',
    registers: [this.registry],
  });

  readonly eventLoopStallSeconds = new Gauge({
    name: 'powerfill_event_loop_stall_max_seconds',
    help: 'Longest event-loop stall since the process started',
    registers: [this.registry],
  });

  readonly stepStallSeconds = new Gauge({
    name: 'powerfill_step_stall_max_seconds',
    help: 'Longest event-loop stall since the process started while a run was at the step',
    labelNames: ['step'] as const,
    registers: [this.registry],
  });

  readonly stepOwnStallSeconds = new Gauge({
    name: 'powerfill_step_own_stall_max_seconds',
    help: 'The same, of each stall at most the processor time the process had meanwhile',
    labelNames: ['step'] as const,
    registers: [this.registry],
  });

  readonly peakResidentBytes = new Gauge({
    name: 'powerfill_peak_resident_bytes',
    help: 'Most memory the process has held since it started',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
