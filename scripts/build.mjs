import { readArguments } from './lib/arguments.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensurePackages } from './lib/ensure-packages.mjs';
import { main } from './lib/output.mjs';

const USAGE = `Installs what is missing and compiles what changed into dist.

  npm run build
`;

/** `npm run build` */
await main(async () => {
  if (readArguments(USAGE) === undefined) return;
  await ensurePackages();
  await ensureBuild();
});
