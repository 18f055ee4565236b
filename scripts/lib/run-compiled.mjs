import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuild } from './ensure-build.mjs';
import { ensurePackages } from './ensure-packages.mjs';
import { main } from './output.mjs';
import { root } from './paths.mjs';

/**
 * The body of a command: installs what is missing, builds what changed, and runs a compiled script in this process.
 *
 * @param script path below dist, e.g. 'scripts/migrate.js'
 * @param name of the exported function that takes the arguments and answers the exit status
 */
export async function runCompiled(script, name) {
  await main(async () => {
    await ensurePackages();
    await ensureBuild();
    const run = createRequire(import.meta.url)(join(root, 'dist', script))[name];
    process.exitCode = await run(process.argv.slice(2));
  });
}
