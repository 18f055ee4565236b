import { runCompiled } from '../scripts/lib/run-compiled.mjs';

/** `npm run bench:abort` */
await runCompiled('bench/abort.js', 'runAborts');
