import { readFileSync } from 'node:fs';
import { environmentExample, EnvironmentError, readEnvironment } from './environment';

describe('environment', () => {
  it('needs nothing: every variable has a default', () => {
    expect(readEnvironment({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      QUEUE_CAPACITY: 64,
      LEASE_MS: 30_000,
      MAX_TAKEOVERS: 1,
    });
  });

  it('names every malformed variable at once', () => {
    const read = () =>
      readEnvironment({ PORT: 'eighty', LOG_LEVEL: 'loud', REDIS_URL: 'http://x', BULL_BOARD_WRITABLE: 'yes' });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(
      /PORT must be a whole number[^]*LOG_LEVEL must be one of[^]*REDIS_URL must be a URL[^]*BULL_BOARD_WRITABLE must be true or false/,
    );
  });

  it('refuses a public address unless told twice', () => {
    expect(() => readEnvironment({ HOST: '0.0.0.0' })).toThrow(/ALLOW_UNAUTHENTICATED_ACCESS/);
    expect(readEnvironment({ HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED_ACCESS: 'true' }).HOST).toBe('0.0.0.0');
  });

  it('refuses a heartbeat too slow for its lease', () => {
    expect(() => readEnvironment({ LEASE_MS: '3000', HEARTBEAT_MS: '2000' })).toThrow(/HEARTBEAT_MS/);
  });

  it('refuses connections that do not reach for the runs of one worker', () => {
    const bounds = { DATABASE_POOL_SIZE: '4', DATABASE_CONNECTIONS: '16' };
    expect(() => readEnvironment({ ...bounds, WORKER_CONCURRENCY: '6' })).toThrow(/DATABASE_CONNECTIONS .*here 28/);
    expect(readEnvironment({ ...bounds, WORKER_CONCURRENCY: '3' }).WORKER_CONCURRENCY).toBe(3);
  });

  it('is described by .env.example, variable by variable', () => {
    expect(readFileSync('.env.example', 'utf8')).toBe(environmentExample());
  });
});
