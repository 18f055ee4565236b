import { type Highs } from 'highs';
import { type Checkpoint } from '../checkpoint';
import { FreeLoans } from './free-loans';
import { type LevelTerms, oneLevel } from '../stage/level-terms';
import { Master } from './restricted-master';
import { rowCharge, type Restrictions } from '../stage/restrictions';
import { type Stage } from '../stage/stage';
import { solveTransport } from './transport-lp';

/** Multipliers of a relaxation: what its bound and its guide are made of. */
export interface Multipliers {
  /** Price of each trade's room, 1e-8 point. */
  readonly price: Float64Array;
  /** Multiplier of each restriction row, cents per unit of the row, at least 0. */
  readonly rowPrice: Float64Array;
  /** Weight of each level's value; the last one's is 1. */
  readonly weight: Float64Array;
}

/** Optimum of the linear relaxation of a stage under restrictions, and the multipliers that prove it. */
export interface RestrictedLp extends Multipliers {
  /** Cents of each option's loan placed there. */
  readonly flow: Float64Array;
}

/** Stages with no more options than this are handed to HiGHS whole. */
const WHOLE_OPTIONS = 10_000;
/** Rounds of freeing loans; the multipliers are good long before the last, and valid at any time. */
const MOST_ROUNDS = 12;

/** What is known of a relaxation beforehand. */
export interface RelaxationStart {
  /** Conditions on the value of earlier classes; none when absent. */
  readonly levels?: LevelTerms;
  /** Multipliers of a similar relaxation; when absent rows cost nothing and all levels weigh 1. */
  readonly guess?: Omit<Multipliers, 'price'>;
  /** Whether these multipliers, though not optimal, prove enough. */
  readonly isEnough?: (multipliers: Multipliers) => boolean;
}

/**
 * Solves the linear relaxation of a stage under limit rows, minimums if used and conditions on earlier classes.
 *
 * The transport solver does most of the work: it solves the stage without rows. Where rows are broken, HiGHS decides
 * anew the loans at the margin between each pair of trades, and the others stay where they are; loans that would gain by
 * a move at the new multipliers are freed in turn, until there are none (column generation, by loans). Small stages, and
 * those whose loans must be placed, are solved whole at once.
 *
 * @returns null when the relaxation, and so the stage, has no feasible point
 */
export function solveRestrictedLp(
  highs: Highs,
  stage: Stage,
  restrictions: Restrictions,
  checkpoint: Checkpoint,
  { levels = oneLevel(stage), guess, isEnough }: RelaxationStart = {},
): RestrictedLp | null {
  const weight = guess?.weight ?? new Float64Array(levels.least.length + 1).fill(1);
  const rowPrice = guess?.rowPrice ?? new Float64Array(restrictions.rowCount);
  if (stage.net.length === 0)
    return { price: new Float64Array(stage.tradeCount), rowPrice, weight, flow: new Float64Array(0) };
  const whole = (): RestrictedLp | null => solveWhole(highs, stage, restrictions, checkpoint, levels);
  if (stage.net.length <= WHOLE_OPTIONS || restrictions.mustPlace.includes(1)) return whole();
  const { price, flow } = solveTransport(
    charged(stage, restrictions, levels, { weight, rowPrice }),
    checkpoint,
    restrictions.mustReach,
  );
  const start = { price, rowPrice, weight, flow };
  if (isEnough?.(start) === true) return start;
  if (levels.least.length === 0 && rowPrice.every((own) => own === 0) && holds(stage, restrictions, flow)) return start;
  const free = new FreeLoans(stage, restrictions, levels, flow);
  const master = new Master(highs, stage, restrictions, levels, free.choice, 'part');
  try {
    master.decide([...free.split, ...free.freeAtMargin(start)]);
    for (let round = 1; ; round++) {
      const solved = master.solve(checkpoint);
      if (solved === null) return whole();
      const betterOff = round < MOST_ROUNDS ? free.freeBetterOff(solved, round) : [];
      if (betterOff.length === 0) return solved.missed ? whole() : { ...solved, flow: free.withFixed(solved.flow) };
      master.decide(betterOff);
    }
  } finally {
    master.dispose();
  }
}

/** The relaxation with all loans decided at once. */
function solveWhole(
  highs: Highs,
  stage: Stage,
  restrictions: Restrictions,
  checkpoint: Checkpoint,
  levels: LevelTerms,
): RestrictedLp | null {
  const nowhere = new Int32Array(stage.loans.length).fill(-1);
  const master = new Master(highs, stage, restrictions, levels, nowhere, 'whole');
  try {
    master.decide([...stage.loans.keys()]);
    return master.solve(checkpoint);
  } finally {
    master.dispose();
  }
}

/** The stage without its rows: each option pays what it uses of them, and counts as its level weighs. */
function charged(
  stage: Stage,
  restrictions: Restrictions,
  { ofOption, ofTrade }: LevelTerms,
  { weight, rowPrice }: Omit<Multipliers, 'price'>,
): Stage {
  const net = stage.net.map((v, o) => v * weight[ofOption[o]!]! - rowCharge(restrictions, o, rowPrice));
  return { ...stage, net, pairOffRate: stage.pairOffRate.map((rate, j) => rate * weight[ofTrade[j]!]!) };
}

/** Whether a flow keeps all rows. */
function holds(stage: Stage, { rowCount, start, row, coefficient, bound }: Restrictions, flow: Float64Array): boolean {
  const activity = new Float64Array(rowCount);
  for (let s = 0; s < stage.loans.length; s++)
    for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++)
      if (flow[o]! > 0)
        for (let n = start[o]!; n < start[o + 1]!; n++)
          activity[row[n]!]! += (coefficient[n]! * flow[o]!) / stage.amount[s]!;
  return activity.every((used, r) => used <= bound[r]!);
}
