/*
 * Runs one command and outlives its parent by a moment: when the parent's end of stdin closes (a normal stop, a crash or
 * kill -9 alike), the command is told to stop, and killed with its whole process group when it does not. Started only by
 * processes.mjs and test/support/processes.ts, always as leader of its own process group.
 *
 * Argument: JSON {command, args, cwd, uid?, gid?, logFile?, stopSignal, stopTimeoutMs}.
 * File descriptor 3 receives one JSON line per event: {"event":"started","pid"}, {"event":"exit","code","signal"},
 * {"event":"failed","message"}. stdin takes the lines "stop" and "kill".
 */
import { spawn } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const options = JSON.parse(process.argv[2]);

function report(event) {
  try {
    writeSync(3, `${JSON.stringify(event)}\n`);
  } catch (error) {
    // The parent is gone; its absence is what this process exists to survive.
    if (error.code !== 'EPIPE') throw error;
  }
}

const output = options.logFile === undefined ? 'inherit' : openSync(options.logFile, 'a');
const child = spawn(options.command, options.args, {
  cwd: options.cwd,
  stdio: ['ignore', output, output],
  ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
});

function killGroup() {
  child.kill('SIGKILL');
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
}

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  child.kill(options.stopSignal);
  setTimeout(killGroup, options.stopTimeoutMs);
}

child.once('spawn', () => report({ event: 'started', pid: child.pid }));
child.once('error', (error) => {
  report({ event: 'failed', message: error.message });
  process.exit(1);
});
child.once('exit', (code, signal) => {
  report({ event: 'exit', code, signal });
  process.exit(0);
});

const control = createInterface({ input: process.stdin });
control.on('line', (line) => (line === 'kill' ? child.kill('SIGKILL') : stop()));
control.on('close', stop);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', stop);
