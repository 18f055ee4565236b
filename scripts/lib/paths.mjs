import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Root of the checkout. */
export const root = resolve(import.meta.dirname, '..', '..');

/** Everything the scripts leave behind in the checkout: demo data, logs, locks. Ignored by git, safe to delete. */
export const dataDirectory = join(root, '.data');

export const logDirectory = join(dataDirectory, 'logs');

/** Where downloads that outlive one checkout go, for the user who runs the script. */
export function userCacheDirectory() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'powerfill');
}
