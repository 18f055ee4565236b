import { runCompiled } from './lib/run-compiled.mjs';

/** `npm run generate -- --out DIR` */
await runCompiled('scripts/generate.js', 'runGenerate');
