import { runCompiled } from './lib/run-compiled.mjs';

/** `npm run openapi` */
await runCompiled('scripts/openapi/write-openapi.js', 'runOpenApi');
