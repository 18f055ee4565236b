import { runCompiled } from '../scripts/lib/run-compiled.mjs';

/** `npm run bench` */
await runCompiled('bench/bench.js', 'runBench');
