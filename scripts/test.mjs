import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { refuseArguments } from './lib/arguments.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main, say, secondsSince } from './lib/output.mjs';
import { dataDirectory, root } from './lib/paths.mjs';
import { CleanupStack, runProcess } from './lib/processes.mjs';
import { startTestServers } from './lib/test-servers.mjs';

const USAGE = `Everything that decides whether the tree is good: types, lint, format, build, and all tests on servers of their own.

  npm test                        all of it
  npm test -- <jest arguments>    of the tests only those named, such as test/integration/runs or -t 'dead worker'
`;

const stack = new CleanupStack();
const timings = [];
const failures = [];

/** Runs one stage; one that fails is remembered, so that the later ones still report. */
async function stage(name, body) {
  const started = performance.now();
  const succeeded = await body();
  timings.push(`${name} ${secondsSince(started)}`);
  if (!succeeded && !stack.closing) failures.push(name);
}

/** Runs an installed tool with Node, without the shell wrappers of node_modules/.bin. */
async function tool(name, script, args, env = process.env) {
  const options = { name, command: process.execPath, args: [join(root, 'node_modules', script), ...args], env };
  return (await runProcess(options, stack)) === 0;
}

function lint() {
  return tool('eslint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']);
}

function formatting() {
  return tool('prettier', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']);
}

function types() {
  return tool('tsc', 'typescript/bin/tsc', ['--noEmit']);
}

async function built() {
  await ensureBuild();
  return true;
}

/** Jest's counts, or undefined when it ended without writing them. */
function readCounts(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function reportNotTested() {
  const isSqlServer = process.env.TEST_DATABASE_URL?.startsWith('mssql://');
  if (!isSqlServer)
    say('Not tested on SQL Server, on PostgreSQL only. TEST_DATABASE_URL=mssql://user:password@host tests it.');
}

function reportCounts(counts) {
  if (counts === undefined) return say('jest ended without a result; the number of tests is not known');
  const broken = counts.numRuntimeErrorTestSuites;
  const details = [
    ...(counts.numPendingTests > 0 ? [`${counts.numPendingTests} skipped`] : []),
    ...(broken > 0 ? [`${broken} files could not run`] : []),
  ];
  say([`${counts.numPassedTests} passed`, `${counts.numFailedTests} failed`, ...details].join(', '));
}

/** Jest says itself what is wrong, before a minute of other checks. */
function jestTakes(args) {
  const command = [join(root, 'node_modules', 'jest/bin/jest.js'), '--showConfig', ...args];
  return spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

async function runTests(jestArguments) {
  const result = join(dataDirectory, 'jest-result.json');
  await stage('packages', async () => {
    await ensurePackages();
    return true;
  });
  if (jestArguments.length > 0 && !jestTakes(jestArguments))
    return refuseArguments('jest does not take these arguments.', USAGE);
  const started = performance.now();
  await Promise.all([stage('types', types), stage('lint', lint)]);
  await stage('formatting', formatting);
  await stage('build', built);
  await stage('jest', async () => {
    if (stack.closing) return false;
    const servers = await startTestServers(stack);
    mkdirSync(dataDirectory, { recursive: true });
    rmSync(result, { force: true });
    // A failed test may leave a process or connection behind; the run must end all the same, and say what failed.
    const args = ['--forceExit', '--json', `--outputFile=${result}`, ...jestArguments];
    return tool('jest', 'jest/bin/jest.js', args, { ...process.env, ...servers, POWERFILL_BUILD_IS_FRESH: '1' });
  });
  await stack.close();
  say(`\nStages: ${timings.join(', ')}; in all ${secondsSince(started)} after the packages.`);
  reportNotTested();
  if (failures.length > 0) say(`FAILED: ${failures.join(', ')}`);
  reportCounts(readCounts(result));
  if (failures.length > 0) process.exitCode = 1;
}

/** `npm test` */
await main(async () => {
  const jestArguments = process.argv.slice(2);
  if (jestArguments.includes('--help')) return process.stdout.write(USAGE);
  try {
    await runTests(jestArguments);
  } finally {
    await stack.close();
  }
});
