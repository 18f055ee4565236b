import { type Effort } from './problem-file';

/** Budgets of one effort. Moves and iterations, never seconds: the same problem gets the same work everywhere. */
export interface EffortBudget {
  /** Moves of the local search per candidate of a stage, and their bounds. */
  readonly movesPerCandidate: number;
  readonly leastMoves: number;
  readonly mostMoves: number;
}

export const EFFORTS: Readonly<Record<Effort, EffortBudget>> = {
  interactive: { movesPerCandidate: 300, leastMoves: 20_000, mostMoves: 3_000_000 },
  standard: { movesPerCandidate: 100, leastMoves: 100_000, mostMoves: 20_000_000 },
  deep: { movesPerCandidate: 1_000, leastMoves: 1_000_000, mostMoves: 200_000_000 },
};

/** Under restrictions a search takes more moves for its size: it must also find back to what is allowed. */
export const RESTRICTED_EFFORTS: Readonly<Record<Effort, EffortBudget>> = {
  interactive: { movesPerCandidate: 300, leastMoves: 50_000, mostMoves: 1_500_000 },
  standard: { movesPerCandidate: 1_000, leastMoves: 100_000, mostMoves: 12_000_000 },
  deep: { movesPerCandidate: 10_000, leastMoves: 1_000_000, mostMoves: 200_000_000 },
};

/** Moves of the search under restrictions on a stage with this many candidates. */
export function restrictedMovesFor(effort: Effort, candidates: number): number {
  return movesWithin(RESTRICTED_EFFORTS[effort], candidates);
}

/** Moves of the local search on a stage with this many candidates. */
export function movesFor(effort: Effort, candidates: number): number {
  return movesWithin(EFFORTS[effort], candidates);
}

function movesWithin({ movesPerCandidate, leastMoves, mostMoves }: EffortBudget, candidates: number): number {
  return Math.min(mostMoves, Math.max(leastMoves, movesPerCandidate * candidates));
}
