import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** One command in the Redis protocol: an array of bulk strings. */
function encode(words) {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** The commands that log in, when the URL carries credentials, and ask for a sign of life. */
function greeting({ username, password }) {
  const login = [username, password].map(decodeURIComponent).filter((word) => word !== '');
  return [...(password === '' ? [] : [['AUTH', ...login]]), ['PING']];
}

/**
 * Asks the server at `url` (redis:// or rediss://) for a PONG.
 *
 * It needs no package, because it runs before node_modules exists.
 *
 * @returns undefined when the server answered, else what went wrong, in a few words
 */
export function pingProblem(url, timeoutMs = 2_000) {
  let address;
  try {
    address = new URL(url);
  } catch (error) {
    if (error instanceof TypeError) return Promise.resolve('not a URL');
    throw error;
  }
  if (!['redis:', 'rediss:'].includes(address.protocol)) return Promise.resolve('not a redis:// or rediss:// URL');
  const host = address.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1';
  const target = { host, port: Number(address.port || 6379) };
  const commands = greeting(address);

  return new Promise((resolve) => {
    const secure = address.protocol === 'rediss:';
    const socket = secure ? connectTls({ ...target, servername: host }) : connectPlain(target);
    const done = (problem) => {
      socket.destroy();
      resolve(problem);
    };
    let answer = '';
    socket.setTimeout(timeoutMs, () => done(`no answer within ${timeoutMs / 1000} s`));
    socket.once(secure ? 'secureConnect' : 'connect', () => socket.write(commands.map(encode).join('')));
    socket.once('error', (error) => done(error.code ?? error.message));
    socket.once('close', () => done('the connection was closed'));
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8');
      const lines = answer.split('\r\n').slice(0, -1);
      const refusal = lines.find((line) => line.startsWith('-'));
      if (refusal !== undefined) done(refusal.slice(1));
      else if (lines.length >= commands.length) done(lines.at(-1) === '+PONG' ? undefined : 'it is not a Redis server');
    });
  });
}
