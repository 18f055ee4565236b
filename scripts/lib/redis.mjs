import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from './lock.mjs';
import { freePort, waitUntil, withoutSecrets } from './network.mjs';
import { ScriptError } from './output.mjs';
import { logTail, startProcess } from './processes.mjs';
import { obtainRedis } from './redis-binary.mjs';
import { pingProblem } from './redis-ping.mjs';
import { stopLeftover } from './stale-server.mjs';

const START_TIMEOUT_MS = 20_000;
const PORT_ATTEMPTS = 5;

const HOW_TO_GIVE_ONE =
  'No Redis: install redis-server 6.2 or later, or set REDIS_URL=redis://[:password@]host:port to one that runs.';

/** What a queue of runs needs: nothing evicted, and every acknowledged job back after a crash, bar one second. */
function configuration({ directory, bind, port, password }) {
  return `${[
    `bind ${bind}`,
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${directory}"`,
    'daemonize no',
    'save ""',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
  ].join('\n')}\n`;
}

async function useGiven(url) {
  const problem = await pingProblem(url, 5_000);
  if (problem !== undefined) {
    throw new ScriptError(`REDIS_URL=${withoutSecrets(url)} does not answer: ${problem}. Correct or unset it.`);
  }
  return { url, stop: () => Promise.resolve() };
}

/** The command that runs the server on `port` with its configuration from `directory`. */
function launch(program, { directory, port, password }) {
  const file = join(directory, 'redis.conf');
  const inContainer = 'image' in program;
  const settings = inContainer
    ? configuration({ directory: '/data', bind: '0.0.0.0', port: 6379, password })
    : configuration({ directory, bind: '127.0.0.1', port, password });
  writeFileSync(file, settings, { mode: inContainer ? 0o644 : 0o600 });
  if (!inContainer) return { command: program.command, args: [...program.args, file], env: program.env };
  const mounts = ['-v', `${directory}:/data`, '-p', `127.0.0.1:${port}:6379`];
  const user = process.getuid === undefined ? [] : ['--user', `${process.getuid()}:${process.getgid()}`];
  const args = ['run', '--rm', ...user, ...mounts, program.image, 'redis-server', '/data/redis.conf'];
  return { command: 'docker', args, env: {} };
}

async function startOn(port, program, { directory, logFile, password = randomBytes(18).toString('base64url') }) {
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const { command, args, env } = launch(program, { directory, port, password });
  const running = await startProcess({ name: 'Redis', command, args, env: { ...process.env, ...env }, logFile });
  writeFileSync(join(directory, 'redis.pid'), `${running.pid}\n`);
  writeFileSync(join(directory, 'redis.port'), String(port));
  let problem;
  try {
    await waitUntil(
      async () => {
        if (running.ended()) return true;
        problem = await pingProblem(url);
        return problem === undefined;
      },
      {
        timeoutMs: START_TIMEOUT_MS,
        describe: () => new ScriptError(`Redis does not answer: ${problem}. See ${logFile}`),
      },
    );
  } catch (error) {
    await running.kill();
    throw error;
  }
  return running.ended() ? undefined : { url, running };
}

/** Redis shows `redis-server 127.0.0.1:<port>` as its command line. */
async function stopOrphan(directory) {
  const portFile = join(directory, 'redis.port');
  if (!existsSync(portFile)) return;
  await stopLeftover(join(directory, 'redis.pid'), `127.0.0.1:${readFileSync(portFile, 'utf8')}`, 'SIGTERM');
}

/**
 * The Redis of REDIS_URL, or a private one on 127.0.0.1 with its data in `directory`, stopped when this process ends.
 *
 * @param password of the private one, for a restart; a new random one unless said
 * @throws ScriptError when REDIS_URL does not answer, or no server can be found, installed or started
 */
export async function startRedis({ directory, logFile, password, url = process.env.REDIS_URL }) {
  if (url) return useGiven(url);
  const program = await obtainRedis();
  if (program === undefined) throw new ScriptError(HOW_TO_GIVE_ONE);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const release = await acquireLock(join(directory, 'owner.lock'), { timeoutMs: 0 });
  try {
    await stopOrphan(directory);
    for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt++) {
      const started = await startOn(await freePort(), program, { directory, logFile, password });
      if (started === undefined) continue;
      const stop = () => started.running.stop().finally(release);
      return { url: started.url, stop };
    }
    throw new ScriptError(`Redis ended at once, ${PORT_ATTEMPTS} times. Its log ends:\n${logTail(logFile)}`);
  } catch (error) {
    release();
    throw error;
  }
}
