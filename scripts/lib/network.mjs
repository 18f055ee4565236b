import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A TCP port on 127.0.0.1 that was free a moment ago; the caller retries when somebody else was faster. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** True when nothing listens on this port of 127.0.0.1 now. */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Calls `probe` until it returns something truthy.
 *
 * @throws the error made by `describe()` once `timeoutMs` have passed
 */
export async function waitUntil(probe, { timeoutMs, everyMs = 25, describe }) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const result = await probe();
    if (result) return result;
    if (Date.now() >= deadline) throw describe();
    await pause(everyMs);
  }
}

/** A URL fit for output: without user name, password and query. */
export function withoutSecrets(url) {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  } catch (error) {
    if (error instanceof TypeError) return '(not a URL)';
    throw error;
  }
}
