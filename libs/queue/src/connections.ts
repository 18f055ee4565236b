/** The part of a Redis connection's options we set; a common subset of ioredis's and BullMQ's types. */
export interface RedisConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: object;
  readonly enableOfflineQueue?: boolean;
  readonly maxRetriesPerRequest: number | null;
  readonly retryStrategy: (attempt: number) => number;
}

/** Host, port, credentials and database of a Redis URL, as ioredis options. */
function fromUrl(url: string): Omit<RedisConnectionOptions, 'maxRetriesPerRequest' | 'retryStrategy'> {
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
export const producerConnection = (url: string): RedisConnectionOptions => ({
  ...fromUrl(url),
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  retryStrategy,
});

/** Connection of a BullMQ worker, which must wait for Redis to come back; BullMQ demands the null. */
export const consumerConnection = (url: string): RedisConnectionOptions => ({
  ...fromUrl(url),
  maxRetriesPerRequest: null,
  retryStrategy,
});
