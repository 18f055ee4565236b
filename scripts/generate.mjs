import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main } from './lib/output.mjs';
import { root } from './lib/paths.mjs';

/** `npm run generate -- --out DIR`: builds what changed, then runs scripts/generate.ts in this process. */
await main(async () => {
  await ensurePackages();
  await ensureBuild();
  const { runGenerate } = createRequire(import.meta.url)(join(root, 'dist', 'scripts', 'generate.js'));
  process.exitCode = await runGenerate(process.argv.slice(2));
});
