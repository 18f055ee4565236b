import { type CompositionLeads, lossesAgainst } from './composition-leads';
import { type Stage, type StageAssignment, stageObjective } from './stage';
import { PROHIBITIVE } from './trade-sides';

/** A trade that could earn less than this more is not probed, cents. */
const LEAST_LOSS = 10_000;
/** Share of the fill of its best composition that a probed trade must reach. */
const REACHED_SHARE = 0.97;

/** What probing may cost. */
export interface ProbeBudget {
  readonly probes: number;
  /** It ends after so many probes in a row that led to nothing better. */
  readonly failures: number;
  /** Moves of the search with a trade forced; a quarter more with all free. */
  readonly moves: number;
}

/**
 * Probes trades: the one that earns least against what it would choose (its best composition) is made to do as that one,
 * to stay empty or to fill nearly as far; the search adapts the rest to it and then lets it go. What is better is kept.
 * A trade between empty and its minimum costs dearly, so that single moves seldom find across; a few trades in the wrong
 * state hold most of what a search leaves.
 *
 * @param from misses nothing
 * @param search searches a stage from an assignment with so many moves, `calm` without accepting losses; null: it met
 *   nothing allowed
 */
export function probeTrades(
  stage: Stage,
  from: StageAssignment,
  leads: CompositionLeads,
  { probes, failures, moves }: ProbeBudget,
  search: (on: Stage, from: StageAssignment, moves: number, calm: boolean) => StageAssignment | null,
): StageAssignment {
  let best = from;
  let objective = stageObjective(stage, best);
  let failed = 0;
  const probed = new Set<number>();
  for (let n = 0; n < probes && failed < failures; n++) {
    const j = trailingTrade(stage, best, leads, probed);
    if (j < 0) break;
    probed.add(j);
    const forced = forcedStage(stage, j, leads);
    const adapted = search(forced, forced.room[j] === stage.baseFill[j] ? emptied(stage, best, j) : best, moves, false);
    const found = adapted && search(stage, adapted, moves / 4, true);
    const value = found ? stageObjective(stage, found) : -Infinity;
    failed++;
    if (found === null || value <= objective) continue;
    best = found;
    objective = value;
    failed = 0;
    probed.clear();
    probed.add(j);
  }
  return best;
}

/** The trade that earns least against its best composition, of those not probed; -1 = none that matters. */
function trailingTrade(
  stage: Stage,
  from: StageAssignment,
  leads: CompositionLeads,
  probed: ReadonlySet<number>,
): number {
  let trailing = -1;
  let most = LEAST_LOSS;
  lossesAgainst(leads, stage, from).forEach((cents, j) => {
    if (cents <= most || probed.has(j)) return;
    trailing = j;
    most = cents;
  });
  return trailing;
}

/** The stage with one trade held to what its best composition does. */
function forcedStage(stage: Stage, j: number, { compositions }: CompositionLeads): Stage {
  const { amount, loanOf, baseFill } = stage;
  const filled = compositions[j]!.options.reduce((sum, o) => sum + amount[loanOf[o]!]!, 0);
  const withOwn = (values: Float64Array, own: number): Float64Array => values.map((v, k) => (k === j ? own : v));
  if (filled === 0) return { ...stage, room: withOwn(stage.room, baseFill[j]!) };
  const reached = Math.round(REACHED_SHARE * (baseFill[j]! + filled));
  return {
    ...stage,
    target: withOwn(stage.target, reached),
    min: withOwn(stage.min, reached),
    pairOffRate: withOwn(stage.pairOffRate, PROHIBITIVE),
  };
}

/** The assignment with a trade's loans left out. */
function emptied({ trade, amount }: Stage, { option, fill }: StageAssignment, j: number): StageAssignment {
  const left = { option: option.slice(), fill: fill.slice() };
  option.forEach((o, s) => {
    if (o < 0 || trade[o] !== j) return;
    left.option[s] = -1;
    left.fill[j]! -= amount[s]!;
  });
  return left;
}
