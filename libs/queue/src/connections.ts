import type { RedisOptions } from 'ioredis';

/** Host, port, credentials and database of a Redis URL, as ioredis options. */
function fromUrl(url: string): RedisOptions {
  const parsed = new URL(url);
  const database = parsed.pathname.slice(1);
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    ...(parsed.username === '' ? {} : { username: decodeURIComponent(parsed.username) }),
    ...(parsed.password === '' ? {} : { password: decodeURIComponent(parsed.password) }),
    ...(database === '' ? {} : { db: Number(database) }),
    ...(parsed.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

/** Reconnect within a second, so that a Redis that is back is used at once. */
const retryStrategy = (attempt: number): number => Math.min(attempt * 50, 1_000);

/**
 * Connection of whoever answers a caller: commands fail at once while Redis is away. With ioredis's defaults
 * they would wait for ever, and an `add` would land late (traps.md, 1.1.8).
 */
export const producerConnection = (url: string): RedisOptions => ({
  ...fromUrl(url),
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  retryStrategy,
});

/** Connection of a BullMQ worker, which must wait for Redis to come back; BullMQ demands the null. */
export const consumerConnection = (url: string): RedisOptions => ({
  ...fromUrl(url),
  maxRetriesPerRequest: null,
  retryStrategy,
});
