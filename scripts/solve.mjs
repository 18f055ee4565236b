import { runCompiled } from './lib/run-compiled.mjs';

/** `npm run solve -- problem.json` */
await runCompiled('scripts/solve.js', 'runSolve');
