import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './lock.mjs';

const PREFIX = 'powerfill-';

/** Folders of processes that were killed before they could remove them. */
function sweep() {
  for (const name of readdirSync(tmpdir())) {
    const owner = /^powerfill-(\d+)-/.exec(name);
    if (owner === null || isAlive(Number(owner[1]))) continue;
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    } catch (error) {
      // Another user's folder is for that user to remove.
      if (!['EACCES', 'EPERM'].includes(error.code)) throw error;
    }
  }
}

/** A folder for this process that every account may enter (the database server of root runs as another one). */
export function temporaryDirectory() {
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o755);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
