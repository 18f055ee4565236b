import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitFor } from '../support/wait-for';

const library = (name: string) => pathToFileURL(resolve(__dirname, '..', '..', 'scripts', 'lib', name)).href;

/** Runs the text of an ES module in a Node process of its own. */
function runModule(text: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  // A zombie has ended; only its parent has not looked yet.
  if (existsSync('/proc/self/stat')) return existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ');
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

const ended = (child: ChildProcess) => new Promise<number | null>((settle) => child.once('close', settle));

describe('scripts/lib', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), `powerfill-${process.pid}-`))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['SIGTERM', 'SIGKILL'] as const)('leaves no process behind when the script gets %s', async (signal) => {
    const pidFile = join(folder, 'pid');
    // The child ignores SIGTERM, so that only the guard's last resort can end it.
    const child = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))`;
    const script = runModule(`
      import { startProcess } from ${JSON.stringify(library('processes.mjs'))};
      await startProcess({ name: 'stubborn', command: process.execPath, args: ['-e', ${JSON.stringify(child)}], stopTimeoutMs: 300 });
      await new Promise(() => setInterval(() => {}, 1000));
    `);
    const pid = await waitFor(
      'the child to start',
      () => existsSync(pidFile) && (Number(readFileSync(pidFile, 'utf8')) || null),
    );
    expect(isAlive(pid)).toBe(true);
    const scriptEnded = ended(script);
    script.kill(signal);
    await waitFor('the child to end', () => !isAlive(pid));
    await scriptEnded;
  });

  it('lets one process at a time hold a lock', async () => {
    const [lock, counter] = [join(folder, 'lock'), join(folder, 'counter')];
    writeFileSync(counter, '0');
    // Without the lock the pause between reading and writing loses most of the 4 x 5 additions.
    const contender = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { acquireLock } from ${JSON.stringify(library('lock.mjs'))};
      for (let i = 0; i < 5; i++) {
        const release = await acquireLock(${JSON.stringify(lock)}, { timeoutMs: 20_000 });
        const value = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'));
        await setTimeout(5);
        writeFileSync(${JSON.stringify(counter)}, String(value + 1));
        release();
      }`;
    const codes = await Promise.all([1, 2, 3, 4].map(() => ended(runModule(contender))));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe('20');
    expect(existsSync(lock)).toBe(false);
  });

  it('takes a lock over from a process that has died', async () => {
    const lock = join(folder, 'lock');
    const dead = runModule('');
    await ended(dead);
    writeFileSync(lock, `${dead.pid ?? ''} left behind\n`);
    const heir = `
      import { acquireLock } from ${JSON.stringify(library('lock.mjs'))};
      await acquireLock(${JSON.stringify(lock)}, { timeoutMs: 0 });`;
    expect(await ended(runModule(heir))).toBe(0);
    expect(readFileSync(lock, 'utf8')).not.toContain('left behind');
  });
});
