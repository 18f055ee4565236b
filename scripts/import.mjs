import { runCompiled } from './lib/run-compiled.mjs';

/** `npm run import -- --tenant demo --dir samples` */
await runCompiled('scripts/import.js', 'runImport');
