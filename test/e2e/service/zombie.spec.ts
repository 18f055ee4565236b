import { zombieRound } from '../../../scripts/chaos/zombie';
import { patience } from '../../support/patience';
import { type Service, startService } from '../../support/service';

describe('a worker that is stopped in each of the six steps until its runs were completed by another', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({
      tenants: 6,
      workers: 0,
      loans: 100,
      trades: 10,
      env: {
        LEASE_MS: String(patience(2_000)),
        HEARTBEAT_MS: String(patience(400)),
        SWEEP_MS: '400',
        PENDING_GRACE_MS: '400',
        WORKER_CONCURRENCY: '6',
        DATABASE_CONNECTIONS: '28',
        SHUTDOWN_GRACE_MS: '1000',
      },
    });
  }, patience(60_000));
  afterAll(() => service.stop(), patience(60_000));

  it(
    'writes nothing when it goes on',
    async () => {
      await expect(zombieRound(service, { as_of_date: '2026-11-23', effort: 'interactive' })).resolves.toEqual([]);
    },
    patience(90_000),
  );
});
