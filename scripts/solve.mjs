import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main } from './lib/output.mjs';
import { root } from './lib/paths.mjs';

/** `npm run solve -- problem.json`: builds what changed, then runs scripts/solve.ts in this process. */
await main(async () => {
  await ensurePackages();
  await ensureBuild();
  const { runSolve } = createRequire(import.meta.url)(join(root, 'dist', 'scripts', 'solve.js'));
  process.exitCode = await runSolve(process.argv.slice(2));
});
