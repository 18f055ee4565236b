import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main } from './lib/output.mjs';

/** `npm run build`: installs what is missing and compiles what changed. */
await main(async () => {
  await ensurePackages();
  await ensureBuild();
});
