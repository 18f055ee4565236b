import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { acquireLock } from './lock.mjs';
import { say, secondsSince } from './output.mjs';
import { dataDirectory, root } from './paths.mjs';

const SOURCE_FOLDERS = ['apps', 'libs', 'migrations', 'scripts', 'bench', 'test/support'];
const output = join(root, 'dist');
const stampFile = join(output, '.build-settings');

function filesBelow(folder, keep) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && keep(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const isSource = (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.endsWith('.d.ts');

/** dist mirrors the tree: apps/api/src/main.ts becomes dist/apps/api/src/main.js. */
function outputOf(source) {
  return join(output, relative(root, source)).replace(/\.ts$/, '.js');
}

/** Changes when every file has to be built anew: other compiler, other settings, another place of the checkout. */
function settingsStamp() {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, '.swcrc')));
  hash.update(readFileSync(join(root, 'node_modules', '@swc', 'core', 'package.json')));
  return hash.update(root).digest('hex');
}

function isNewer(source) {
  const target = outputOf(source);
  return !existsSync(target) || statSync(source).mtimeMs > statSync(target).mtimeMs;
}

async function compile(transformFile, source) {
  const target = outputOf(source);
  const { code, map } = await transformFile(source, { root, swcrc: true, sourceMaps: true });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.map`, map);
  writeFileSync(target, `${code}\n//# sourceMappingURL=${basename(target)}.map\n`);
}

function removeOrphans(sources) {
  const wanted = new Set(sources.map(outputOf).flatMap((target) => [target, `${target}.map`]));
  for (const file of filesBelow(output, (name) => /\.js(\.map)?$/.test(name))) {
    if (!wanted.has(file)) rmSync(file);
  }
}

/** Compiles the sources that changed since the last build into dist, and removes output whose source is gone. */
export async function ensureBuild() {
  const started = performance.now();
  const release = await acquireLock(join(dataDirectory, 'locks', 'build'), { timeoutMs: 120_000 });
  try {
    const stamp = settingsStamp();
    const isFresh = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
    if (!isFresh) rmSync(stampFile, { force: true });
    const sources = SOURCE_FOLDERS.flatMap((folder) => filesBelow(join(root, folder), isSource));
    const changed = isFresh ? sources.filter(isNewer) : sources;
    removeOrphans(sources);
    if (changed.length > 0) {
      const { transformFile } = await import('@swc/core');
      await Promise.all(changed.map((source) => compile(transformFile, source)));
      say(`Built ${changed.length} of ${sources.length} files in ${secondsSince(started)}.`);
    }
    mkdirSync(output, { recursive: true });
    writeFileSync(stampFile, stamp);
  } finally {
    release();
  }
}
