import { createRequire } from 'node:module';
import { transformFileSync } from '@swc/core';

// Lets a thread of a process that runs the TypeScript sources (jest) load them, compiled on the way. A built process loads
// the compiled files and never comes here.
const require = createRequire(import.meta.url);
require.extensions['.ts'] = (module, filename) => module._compile(transformFileSync(filename).code, filename);
