import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
/** Our own commands; the others are tools with a usage of their own. */
const OURS = Object.entries(scripts).filter(([, command]) => command.startsWith('node '));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, argument: string): Promise<Ended> {
  const [, file = ''] = command.split(' ');
  const env = { ...process.env, POWERFILL_BUILD_IS_FRESH: '1' };
  const child = spawn(process.execPath, [file, argument], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', (status) => settle({ status, stdout, stderr }));
  });
}

describe('every command of ours', () => {
  it('is one of package.json', () => {
    expect(OURS.length).toBeGreaterThan(12);
  });

  it.each(OURS)(
    '%s tells how it is called with --help, and with a wrong option what is wrong',
    async (name, command) => {
      const [help, wrong] = await Promise.all([run(command, '--help'), run(command, '--bogus')]);
      const call = name === 'test' ? 'npm test' : `npm run ${name}`;
      expect([help.status, help.stderr]).toEqual([0, '']);
      expect(help.stdout).toContain(call);
      expect([wrong.status, wrong.stdout]).toEqual([2, '']);
      expect(wrong.stderr).toMatch(/bogus/);
      expect(wrong.stderr).toContain(help.stdout.trim());
    },
  );
});
