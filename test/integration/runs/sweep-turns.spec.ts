import { randomUUID } from 'node:crypto';
import { producerConnection, SweepTurns } from '@powerfill/queue';
import { Redis } from 'ioredis';
import { redisUrl, uniqueName } from '../../support/servers';
import { waitFor } from '../../support/wait-for';

describe('the turn to sweep a tenant', () => {
  const redis = new Redis({ ...producerConnection(redisUrl()), enableOfflineQueue: true });
  afterAll(() => redis.quit());
  const options = { prefix: uniqueName('turns'), answerMs: 2_000 };
  const LONG_MS = 60_000;
  let tenant: string;
  let one: SweepTurns;
  let other: SweepTurns;
  beforeEach(() => {
    tenant = randomUUID();
    one = new SweepTurns(redis, options);
    other = new SweepTurns(redis, options);
  });

  it('stays with the process that has it', async () => {
    await expect(one.take(tenant, LONG_MS, 'near')).resolves.toBe(true);
    await expect(other.take(tenant, LONG_MS, 'near')).resolves.toBe(false);
    await expect(one.take(tenant, LONG_MS, 'far')).resolves.toBe(true);
  });

  it('goes to a process that has the database open from one that has not', async () => {
    await one.take(tenant, LONG_MS, 'far');
    await expect(other.take(tenant, LONG_MS, 'far')).resolves.toBe(false);
    await expect(other.take(tenant, LONG_MS, 'near')).resolves.toBe(true);
    await expect(one.take(tenant, LONG_MS, 'near')).resolves.toBe(false);
  });

  it("is anybody's soon after its holder was lost", async () => {
    await one.take(tenant, 100, 'near');
    await waitFor('the turn to be free', () => other.take(tenant, 100, 'far'));
  });
});
