import { runCompiled } from './lib/run-compiled.mjs';

/** `npm run migrate -- --all` */
await runCompiled('scripts/migrate.js', 'runMigrate');
