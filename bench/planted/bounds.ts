import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ProblemFile } from '@powerfill/core/allocation/problem/problem-file';

/** A bound that a long branch and bound found for a planted case, kept so that it is computed once. */
export interface KnownBound {
  /** Of the generated problem: a bound of an older generator's case is not used. */
  fingerprint: string;
  /** Cents, rounded up. */
  cents: number;
  /** How long HiGHS had for it. */
  seconds: number;
}

/** The checkout's own folder, from source as from dist. */
function boundsFile(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error(`no package.json above ${__dirname}`);
    folder = dirname(folder);
  }
  return join(folder, 'bench', 'planted', 'bounds.json');
}

function readBounds(): Record<string, KnownBound> {
  const path = boundsFile();
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, KnownBound>) : {};
}

/** Changes whenever the problem does. */
export function fingerprintOf(file: ProblemFile): string {
  const { loans, trades, candidates, limits } = file;
  return createHash('sha256').update(JSON.stringify({ loans, trades, candidates, limits })).digest('hex').slice(0, 16);
}

/** The kept bound of a case, or null when there is none for exactly this problem. */
export function knownBound(seed: number, fingerprint: string): number | null {
  const known = readBounds()[seed];
  return known?.fingerprint === fingerprint ? known.cents : null;
}

/**
 * Keeps a bound if it is the first for the problem or tighter than the one kept.
 *
 * @param dollars as HiGHS states it; a cent a loan is added, since it prices pairs without rounding them
 */
export function keepBound(seed: number, fingerprint: string, dollars: number, loans: number, seconds: number): void {
  const bounds = readBounds();
  const cents = Math.ceil(dollars * 100) + loans;
  const kept = bounds[seed];
  if (kept?.fingerprint === fingerprint && kept.cents <= cents) return;
  bounds[seed] = { fingerprint, cents, seconds };
  const sorted = Object.entries(bounds).sort(([a], [b]) => Number(a) - Number(b));
  writeFileSync(boundsFile(), `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
