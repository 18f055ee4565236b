import './typescript-sources.mjs';
import { createRequire } from 'node:module';

// A crew's helper in a process that runs the TypeScript sources (jest).
createRequire(import.meta.url)('./crew-thread.ts');
