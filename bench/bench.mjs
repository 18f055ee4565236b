import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuild } from '../scripts/lib/ensure-build.mjs';
import { ensurePackages } from '../scripts/lib/ensure-packages.mjs';
import { main } from '../scripts/lib/output.mjs';
import { root } from '../scripts/lib/paths.mjs';

/** `npm run bench`: builds what changed, then runs bench/bench.ts in this process. */
await main(async () => {
  await ensurePackages();
  await ensureBuild();
  const { runBench } = createRequire(import.meta.url)(join(root, 'dist', 'bench', 'bench.js'));
  process.exitCode = await runBench(process.argv.slice(2));
});
