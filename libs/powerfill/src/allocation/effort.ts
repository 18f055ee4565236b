import { type Effort } from './problem/problem-file';

/** Budgets of one effort. Moves and iterations, never seconds: the same problem gets the same work everywhere. */
export interface EffortBudget {
  /** Moves of the local search per candidate of a stage, and their bounds. */
  readonly movesPerCandidate: number;
  readonly leastMoves: number;
  readonly mostMoves: number;
}

export const EFFORTS: Readonly<Record<Effort, EffortBudget>> = {
  interactive: { movesPerCandidate: 15, leastMoves: 20_000, mostMoves: 500_000 },
  standard: { movesPerCandidate: 15, leastMoves: 50_000, mostMoves: 1_000_000 },
  deep: { movesPerCandidate: 20, leastMoves: 500_000, mostMoves: 40_000_000 },
};

/** Relaxations of the branching on the jumps of the pair-off: options of a stage times relaxations, and the most. */
const BRANCHING: Readonly<Record<Effort, { readonly work: number; readonly mostNodes: number }>> = {
  interactive: { work: 150_000, mostNodes: 31 },
  standard: { work: 800_000, mostNodes: 31 },
  deep: { work: 8_000_000, mostNodes: 201 },
};

/** Relaxations of the branching on a stage with this many candidates; 1 = only the root. */
export function nodesFor(effort: Effort, candidates: number): number {
  const { work, mostNodes } = BRANCHING[effort];
  return Math.max(1, Math.min(mostNodes, Math.floor(work / Math.max(1, candidates))));
}

/** Under restrictions a search takes more moves for its size: it must also find back to what is allowed. */
const RESTRICTED_EFFORTS: Readonly<Record<Effort, EffortBudget>> = {
  interactive: { movesPerCandidate: 300, leastMoves: 50_000, mostMoves: 1_500_000 },
  standard: { movesPerCandidate: 4_000, leastMoves: 100_000, mostMoves: 8_500_000 },
  deep: { movesPerCandidate: 20_000, leastMoves: 1_000_000, mostMoves: 60_000_000 },
};

/** Searches of a stage without restrictions, each with a seed of its own; with a helper two take the time of one. */
export const STARTS: Readonly<Record<Effort, number>> = { interactive: 1, standard: 1, deep: 2 };

/** Sets of trades that passes of exchanges after the local search try. */
export interface ExchangeBudget {
  /** Per trade, in the first pass... */
  readonly first: number;
  /** ... and in each between sub-problems. */
  readonly further: number;
  /** In any pass. */
  readonly most: number;
}
export const EXCHANGES: Readonly<Record<Effort, ExchangeBudget>> = {
  interactive: { first: 20, further: 0, most: 5_000 },
  standard: { first: 60, further: 30, most: 15_000 },
  deep: { first: 2_500, further: 100, most: 150_000 },
};

/** Sets a trade that the exchanges of one class try, where its share is less but comes to as many sets. */
const LEAST_CLASS_SETS = 5;

/** Exchanges of one class's stage: its share of those of a stage of all candidates. */
export function exchangesForShare(effort: Effort, candidates: number, all: number): ExchangeBudget {
  const share = shareOf(candidates, all);
  const { first, most } = EXCHANGES[effort];
  return {
    first: Math.max(LEAST_CLASS_SETS, Math.round(first * share)),
    further: 0,
    most: Math.ceil(most * share),
  };
}

/** Sub-problems of the large-neighbourhood search that follows the local search. */
export const NEIGHBOURHOODS: Readonly<Record<Effort, number>> = { interactive: 0, standard: 0, deep: 48 };
/** ... and of the one under restrictions: the most, and candidates times sub-problems. */
const RESTRICTED_NEIGHBOURHOODS: Readonly<Record<Effort, { readonly work: number; readonly most: number }>> = {
  interactive: { work: 0, most: 0 },
  standard: { work: 1_000_000, most: 48 },
  deep: { work: Infinity, most: 400 },
};
/** Below this gap, bp of UPB, standard leaves it at the local search. */
const CLOSE_ENOUGH_BP = 0.25;

/**
 * Sub-problems that follow the local search under restrictions. At standard only a gap that is large gets them: loans far
 * from their best, as under many tight limits, are what the local search is weak at.
 *
 * @param gapBp what the local search left, bp of UPB
 */
export function restrictedNeighbourhoodsFor(effort: Effort, candidates: number, gapBp: number): number {
  if (effort === 'standard' && gapBp < CLOSE_ENOUGH_BP) return 0;
  const { work, most } = RESTRICTED_NEIGHBOURHOODS[effort];
  return Math.min(most, Math.floor(work / Math.max(1, candidates)));
}

/** How large sub-problems grow, and what each may cost. */
export interface SubProblems {
  /** Options. */
  readonly mostOptions: number;
  readonly nodes: number;
  readonly lpIterations: number;
  /** Simplex iterations of all of them: those of a large problem may take seconds each. */
  readonly lpIterationsInAll: number;
}
export const SUB_PROBLEMS: SubProblems = {
  mostOptions: 240,
  nodes: 100,
  lpIterations: 10_000,
  lpIterationsInAll: Infinity,
};
/** ... in deep runs under restrictions, where one trade gets what it lacks only through several others. */
const LARGE_SUB_PROBLEMS: SubProblems = {
  mostOptions: 400,
  nodes: 400,
  lpIterations: 40_000,
  lpIterationsInAll: 3_000_000,
};

export function restrictedSubProblemsFor(effort: Effort): SubProblems {
  return effort === 'deep' ? LARGE_SUB_PROBLEMS : SUB_PROBLEMS;
}

/** What the relaxation by compositions may cost. */
export interface CompositionBudget {
  /** Times the multipliers are moved. */
  readonly rounds: number;
  /** Branches of one composition, for each stretch of fills it may end in. */
  readonly nodes: number;
  /** ... in the evaluation the bound is read from. */
  readonly lastNodes: number;
}

/** Rounds of the relaxation by compositions: rounds times candidates, between the least and the most. */
interface CompositionEffort extends Omit<CompositionBudget, 'rounds'> {
  readonly work: number;
  readonly leastRounds: number;
  readonly mostRounds: number;
}

const COMPOSITIONS: Readonly<Record<Effort, CompositionEffort | null>> = {
  interactive: null,
  standard: { work: 6_000_000, leastRounds: 200, mostRounds: 400, nodes: 3_000, lastNodes: 100_000 },
  deep: { work: Infinity, leastRounds: 500, mostRounds: 500, nodes: 10_000, lastNodes: 1_000_000 },
};
/** Where more candidates than this share a trade, what fits together hardly matters, and compositions take long. */
const MOST_CANDIDATES_PER_TRADE = 250;

/** The relaxation by compositions that precedes the search under restrictions, or null where it would not pay. */
export function compositionsFor(effort: Effort, candidates: number, trades: number): CompositionBudget | null {
  const budget = COMPOSITIONS[effort];
  if (budget === null || candidates > MOST_CANDIDATES_PER_TRADE * trades) return null;
  const { work, leastRounds, mostRounds, nodes, lastNodes } = budget;
  const rounds = Math.min(mostRounds, Math.max(leastRounds, Math.floor(work / Math.max(1, candidates))));
  return { rounds, nodes, lastNodes };
}

/** Dives on each core: candidates times dives, the most, and the share of the moves that the search after each gets. */
const DIVES: Readonly<
  Record<Effort, { readonly work: number; readonly most: number; readonly movesShare: number } | null>
> = {
  interactive: null,
  standard: { work: 30_000, most: 3, movesShare: 1 / 2 },
  deep: { work: 400_000, most: 16, movesShare: 1 / 12 },
};

/** What the searches of one core may cost. */
export interface DiveBudget {
  readonly dives: number;
  /** Moves of the search after each dive. */
  readonly moves: number;
}

/**
 * Budget of the searches of each core, where there are any.
 *
 * @param moves of a search of the whole
 */
export function divesFor(effort: Effort, candidates: number, moves: number): DiveBudget | null {
  const budget = DIVES[effort];
  if (budget === null) return null;
  const { work, most, movesShare } = budget;
  const dives = Math.max(1, Math.min(most, Math.floor(work / Math.max(1, candidates))));
  return { dives, moves: Math.round(moves * movesShare) };
}

/** Where every loan must be placed, hardly a move leaves things in order: twice the most moves. */
const PLACE_ALL_FACTOR = 2;

/** Moves of the search under restrictions on a problem with this many candidates. */
export function restrictedMovesFor(effort: Effort, candidates: number, placeAll: boolean): number {
  const budget = RESTRICTED_EFFORTS[effort];
  const mostMoves = budget.mostMoves * (placeAll ? PLACE_ALL_FACTOR : 1);
  return movesWithin({ ...budget, mostMoves }, candidates);
}

/** Of the search in mode `global` that the cost of the desk's order is held against. Exchanges follow it, too. */
const ORDER_COST_EFFORT: EffortBudget = { movesPerCandidate: 15, leastMoves: 100_000, mostMoves: 500_000 };

/** Moves of that search on a problem with this many candidates. */
export function orderCostMovesFor(candidates: number): number {
  return movesWithin(ORDER_COST_EFFORT, candidates);
}

/** Moves of the local search on a stage with this many candidates. */
export function movesFor(effort: Effort, candidates: number): number {
  return movesWithin(EFFORTS[effort], candidates);
}

function movesWithin({ movesPerCandidate, leastMoves, mostMoves }: EffortBudget, candidates: number): number {
  return Math.min(mostMoves, Math.max(leastMoves, movesPerCandidate * candidates));
}

/**
 * Moves of the stages of all classes together. More for each candidate than where all are searched at once: a class that
 * ends short of its best leaves the later ones a poorer start.
 */
const CLASS_EFFORTS: Readonly<Record<Effort, EffortBudget>> = {
  interactive: { movesPerCandidate: 100, leastMoves: 5_000, mostMoves: 500_000 },
  standard: { movesPerCandidate: 50, leastMoves: 50_000, mostMoves: 4_000_000 },
  deep: { movesPerCandidate: 250, leastMoves: 500_000, mostMoves: 20_000_000 },
};

/** Moves of one class's stage: its share of those of all. */
export function movesForShare(effort: Effort, candidates: number, all: number): number {
  const budget = CLASS_EFFORTS[effort];
  const share = shareOf(candidates, all);
  return Math.max(budget.leastMoves, Math.round(movesWithin(budget, all) * share));
}

/** Share of a stage's candidates in those of all classes. */
function shareOf(candidates: number, all: number): number {
  return all === 0 ? 0 : candidates / all;
}
