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

/** Moves of the local search on a stage with this many candidates. */
export function movesFor(effort: Effort, candidates: number): number {
  const { movesPerCandidate, leastMoves, mostMoves } = EFFORTS[effort];
  return Math.min(mostMoves, Math.max(leastMoves, movesPerCandidate * candidates));
}
