import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main } from './lib/output.mjs';
import { root } from './lib/paths.mjs';

/** `npm run migrate -- --all`: builds what changed, then runs scripts/migrate.ts in this process. */
await main(async () => {
  await ensurePackages();
  await ensureBuild();
  const { runMigrate } = createRequire(import.meta.url)(join(root, 'dist', 'scripts', 'migrate.js'));
  process.exitCode = await runMigrate(process.argv.slice(2));
});
