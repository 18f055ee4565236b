import { createRequire } from 'node:module';
import { transformFileSync } from '@swc/core';

// Thread entry of a process that runs the TypeScript sources (jest): Node loads the sources compiled on the way.
// A built process loads `thread-entry.js` and never comes here.
const require = createRequire(import.meta.url);
require.extensions['.ts'] = (module, filename) => module._compile(transformFileSync(filename).code, filename);

export default require('./thread-entry.ts').default;
