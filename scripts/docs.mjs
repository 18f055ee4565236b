import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startApplication } from './lib/applications.mjs';
import { readArguments } from './lib/arguments.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main, say, ScriptError } from './lib/output.mjs';
import { root } from './lib/paths.mjs';
import { CleanupStack } from './lib/processes.mjs';
import { temporaryDirectory } from './lib/temporary-directory.mjs';
import { startTestServers } from './lib/test-servers.mjs';

const PAGE = 'docs/desk-day.md';
const USAGE = `Runs every command of ${PAGE} in an empty tenant and compares what the page shows with what comes; ends with status 1
where they differ.

  npm run docs
  npm run docs -- --show    prints the answers as well
`;
const options = { show: { type: 'boolean' } };
/** Stands between the outputs of two parts. */
const MARK = '=== next part ===';
const PAGE_MS = 10 * 60_000;

/** A service with an empty tenant. */
async function startService(tenant, stack) {
  const compiled = createRequire(join(root, 'dist', 'scripts', 'docs.js'));
  const { catalogueOf, prepareTenants } = compiled('./soak/tenants.js');
  const { folder, remove } = temporaryDirectory();
  stack.defer(remove);
  const servers = await startTestServers(stack);
  const [entry] = Object.values(catalogueOf(servers.TEST_DATABASE_URL, 1, `docs_${process.pid}`));
  const entries = { [tenant]: { ...entry, holidays: [] } };
  const catalogueFile = join(folder, 'tenants.json');
  writeFileSync(catalogueFile, JSON.stringify(entries), { mode: 0o600 });
  const ready = await prepareTenants(entries);
  stack.defer(ready.close);
  const env = { ...process.env, REDIS_URL: servers.REDIS_URL, TENANT_CATALOGUE: catalogueFile, LOG_LEVEL: 'warn' };
  await startApplication({ name: 'worker', app: 'worker', env, folder }, stack);
  const { origin } = await startApplication({ name: 'api', app: 'api', env, folder }, stack);
  return { origin, folder };
}

/** Runs the commands in one shell, as a reader pastes them; answers the output of each part. */
function runParts(parts, { origin, folder }) {
  const script = parts
    .map(({ commands }) =>
      commands.replaceAll('http://127.0.0.1:3000', origin).replaceAll('guide.xlsx', `${folder}/guide.xlsx`),
    )
    .join(`\necho; echo '${MARK}'\n`);
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-c', script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], timeout: PAGE_MS });
    let output = '';
    shell.stdout.on('data', (data) => (output += data));
    shell.once('error', reject);
    shell.once('close', (status) =>
      status === 0 ? resolve(output.split(`${MARK}\n`)) : reject(new ScriptError(`The shell ended with ${status}.`)),
    );
  });
}

/** `npm run docs` */
await main(async () => {
  const given = readArguments(USAGE, options);
  if (given === undefined) return;
  await ensurePackages();
  await ensureBuild();
  const compiled = createRequire(join(root, 'dist', 'scripts', 'docs.js'));
  const { pageParts } = compiled('./docs/page.js');
  const { faultsOf, readAnswers, readShown } = compiled('./docs/shown-answer.js');
  const stack = new CleanupStack();
  try {
    const parts = pageParts(readFileSync(join(root, PAGE), 'utf8'));
    const outputs = await runParts(parts, await startService('desk', stack));
    let count = 0;
    for (const [at, { line, shown }] of parts.entries()) {
      if (given.show) console.log(`${PAGE}:${line}\n${outputs[at]}`);
      const faults = faultsOf(readShown(shown), readAnswers(outputs[at]));
      for (const fault of faults) console.log(`${PAGE}:${line}: ${fault}`);
      count += faults.length;
    }
    say(`${parts.length} parts of ${PAGE}, ${count} differences.`);
    if (count > 0) process.exitCode = 1;
  } finally {
    await stack.close();
  }
});
