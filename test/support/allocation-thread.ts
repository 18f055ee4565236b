import { resolve } from 'node:path';

/** The built worker thread of the allocation: the core is slow inside jest, which this one is not. */
export const ALLOCATION_THREAD = resolve(__dirname, '../../dist/libs/powerfill/src/allocation-worker/thread-entry.js');
