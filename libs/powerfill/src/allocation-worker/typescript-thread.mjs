import './typescript-sources.mjs';
import { createRequire } from 'node:module';

// Thread entry of a process that runs the TypeScript sources (jest).
export default createRequire(import.meta.url)('./thread-entry.ts').default;
