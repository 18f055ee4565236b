import { ensureBuild } from '../../scripts/lib/ensure-build.mjs';
import { CleanupStack } from '../../scripts/lib/processes.mjs';
import { startTestServers } from '../../scripts/lib/test-servers.mjs';
import { serverKind } from './server-kind.mjs';

/** Jest calls this only when a test in test/ is selected; `npm test` has built and started the servers before. */
export default async function setUp() {
  if (process.env.POWERFILL_BUILD_IS_FRESH !== '1') await ensureBuild();
  if (!process.env.REDIS_URL || !process.env.TEST_DATABASE_URL) {
    globalThis.powerfillTestServers = new CleanupStack();
    Object.assign(process.env, await startTestServers(globalThis.powerfillTestServers));
  }
  // Tests are declared before any of them can ask.
  process.env.POWERFILL_TEST_SERVER = await serverKind(process.env.TEST_DATABASE_URL);
}
