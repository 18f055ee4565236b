import { Metrics } from '@powerfill/platform';
import { SweepCensus } from './sweep-census';

async function gauges(metrics: Metrics) {
  const runs = (await metrics.runsByStatus.get()).values;
  const of = (status: string): number => runs.find((value) => value.labels.status === status)?.value ?? Number.NaN;
  const oldest = (await metrics.oldestLeaseSeconds.get()).values[0]?.value ?? Number.NaN;
  const lost = (await metrics.unreachableTenants.get()).values[0]?.value ?? Number.NaN;
  return { allocating: of('Allocating'), pending: of('Pending'), oldest, lost };
}

describe('the census of a sweep', () => {
  it('counts active runs over all tenants and shows the oldest lease', async () => {
    const metrics = new Metrics();
    const census = new SweepCensus(metrics);
    census.note('a', [{ status: 'Allocating', heartbeat_ms: 4_000 }]);
    census.note('b', [{ status: 'Pending', heartbeat_ms: null }]);
    census.note('c', [{ status: 'Allocating', heartbeat_ms: 1_500 }]);
    await expect(gauges(metrics)).resolves.toEqual({ allocating: 2, pending: 1, oldest: 4, lost: 0 });
  });

  it('goes back to nothing when the runs have ended or another process sweeps the tenant', async () => {
    const metrics = new Metrics();
    const census = new SweepCensus(metrics);
    census.note('a', [{ status: 'Allocating', heartbeat_ms: 4_000 }]);
    census.note('b', [{ status: 'Allocating', heartbeat_ms: 9_000 }]);
    census.note('a', []);
    census.forget('b');
    await expect(gauges(metrics)).resolves.toEqual({ allocating: 0, pending: 0, oldest: 0, lost: 0 });
  });

  it('shows nothing of a tenant whose database is away, but that it is', async () => {
    const metrics = new Metrics();
    const census = new SweepCensus(metrics);
    census.note('a', [{ status: 'Allocating', heartbeat_ms: 4_000 }]);
    census.lose('a');
    census.lose('b');
    await expect(gauges(metrics)).resolves.toEqual({ allocating: 0, pending: 0, oldest: 0, lost: 2 });
    census.note('a', [{ status: 'Allocating', heartbeat_ms: 1_000 }]);
    census.forget('b');
    await expect(gauges(metrics)).resolves.toEqual({ allocating: 1, pending: 0, oldest: 1, lost: 0 });
  });
});
