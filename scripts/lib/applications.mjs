import { join } from 'node:path';
import { freePort } from './network.mjs';
import { root } from './paths.mjs';
import { startProcess, waitForUrl } from './processes.mjs';

const PORT_VARIABLES = { api: 'PORT', worker: 'WORKER_PORT' };

/**
 * Starts the API or a worker on a free port and waits until it is ready.
 *
 * @param options.name for messages and the log file
 * @param options.app `api` or `worker`
 * @param options.env its whole environment
 * @param options.folder where its log goes
 * @param options.nodeArgs arguments of node itself
 * @param stack takes what has to be undone
 * @returns {Promise<{origin: string, logFile: string, stop: () => Promise<void>}>}
 */
export async function startApplication({ name, app, env, folder, nodeArgs = [] }, stack) {
  const port = await freePort();
  const logFile = join(folder, `${name}.log`);
  const running = await startProcess({
    name,
    command: process.execPath,
    args: [...nodeArgs, join(root, 'dist', 'apps', app, 'src', 'main.js')],
    env: { ...env, [PORT_VARIABLES[app]]: String(port) },
    logFile,
    stopTimeoutMs: 35_000,
  });
  stack.defer(running.stop);
  const origin = `http://127.0.0.1:${port}`;
  await waitForUrl(`${origin}/health/ready`, { timeoutMs: 30_000, running, logFile });
  return { origin, logFile, stop: running.stop };
}
