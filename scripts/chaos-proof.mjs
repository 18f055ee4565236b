import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { main, say } from './lib/output.mjs';
import { root } from './lib/paths.mjs';

/** Every proof that runs survive, about an hour and a half: words of the command line of `npm run chaos`. */
const PROOFS = [
  '--minutes 10 --seed 1',
  '--minutes 10 --seed 2',
  '--minutes 10 --seed 3',
  '--rolling 200 --grace 10',
  '--zombies 10',
  '--outage redis',
  '--outage flush',
  '--outage database',
  '--cancels 3',
];

const USAGE = `Every proof that runs survive, one after the other, about an hour and a half; ends with a table, and status 1 unless all hold.

  npm run chaos:proof

It runs:
${PROOFS.map((words) => `  npm run chaos -- ${words}\n`).join('')}`;

/** Runs the chaos with these words; its output passes through. */
function run(words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'scripts', 'chaos.mjs'), ...words.split(' ')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data) => {
      process.stdout.write(data);
      output += data;
    });
    child.once('error', reject);
    child.once('close', (status) => {
      const figure = (pattern) => Number(pattern.exec(output)?.[1] ?? 0);
      resolve({
        proof: words,
        faults: figure(/^Faults injected: (\d+)$/m),
        runs: figure(/^ +accepted +(\d+)$/m),
        longestBlockedMs: figure(/^ +longestBlockedMs +(\d+)$/m),
        violations: output.match(/^VIOLATION /gm)?.length ?? 0,
        status,
      });
    });
  });
}

/** `npm run chaos:proof` */
await main(async () => {
  if (readArguments(USAGE) === undefined) return;
  const proofs = [];
  for (const words of PROOFS) {
    say(`\nchaos ${words}`);
    proofs.push(await run(words));
  }
  console.table(proofs);
  if (proofs.some(({ status }) => status !== 0)) process.exitCode = 1;
});
