import type { SeededRandom, Weighted } from '../generate/random';

/** What is done to a running service. */
export type FaultKind =
  /** `kill -9` of a process; another takes its place. */
  | 'kill worker'
  | 'kill api'
  /** SIGSTOP for longer than lock and lease, then SIGCONT. */
  | 'freeze worker'
  | 'freeze api'
  /** SIGTERM, as by an orchestrator that replaces pods. */
  | 'terminate worker'
  | 'terminate api'
  | 'restart redis'
  | 'flush redis'
  /** Connections to Redis are refused, or stay open and silent. */
  | 'cut redis'
  | 'hang redis'
  | 'restart database'
  /** Half of all sessions end. */
  | 'drop sessions'
  | 'cut database';

/** How often each kind is drawn, relative to the others. */
const WEIGHTS: Weighted<FaultKind> = [
  ['kill worker', 6],
  ['kill api', 2],
  ['freeze worker', 6],
  ['freeze api', 1],
  ['terminate worker', 4],
  ['terminate api', 2],
  ['restart redis', 2],
  ['flush redis', 3],
  ['cut redis', 2],
  ['hang redis', 2],
  ['restart database', 1],
  ['drop sessions', 4],
  ['cut database', 2],
];

/** One planned fault. */
export interface Fault {
  /** Milliseconds after the fault before. */
  readonly afterMs: number;
  readonly kind: FaultKind;
  /** How long it lasts, where it lasts; milliseconds. */
  readonly lastsMs: number;
}

/** Which faults, how close together. */
export interface FaultPlan {
  /** Words that the kinds drawn from contain, such as `terminate`; empty for all kinds. */
  readonly only: readonly string[];
  /** Longest pause between two faults, milliseconds. */
  readonly longestGapMs: number;
}

const SHORTEST_GAP_MS = 1_000;

/** Draws the next fault. @param leaseMs what a freeze has to outlast */
export function nextFault(random: SeededRandom, { only, longestGapMs }: FaultPlan, leaseMs: number): Fault {
  const afterMs = random.int(SHORTEST_GAP_MS, longestGapMs);
  const kinds = WEIGHTS.filter(([name]) => only.length === 0 || only.some((word) => name.includes(word)));
  const kind = random.weighted(kinds);
  const isFreeze = kind === 'freeze worker' || kind === 'freeze api';
  const lastsMs = isFreeze ? random.int(leaseMs, 3 * leaseMs) : random.int(500, 5_000);
  return { afterMs, kind, lastsMs };
}
