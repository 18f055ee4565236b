import { type Checkpoint } from '../checkpoint';
import { type CompositionMultipliers, MeanChoice } from './composition-multipliers';
import { CompositionRelaxation } from './composition-relaxation';
import { type Random } from '../random';
import { type Restrictions } from '../stage/restrictions';
import { type Stage, type StageAssignment } from '../stage/stage';
import { VolumeSteps, type VolumeSetting } from './volume-steps';

/** Where a dive starts: what the relaxation by compositions of its stage ended with. */
export interface DiveStart extends Omit<VolumeSetting, 'patience'> {
  readonly multipliers: CompositionMultipliers;
  /** Per stage option the share of compositions that take it. */
  readonly taken: Float64Array;
}

/** Steps of the multipliers between two times that loans are settled, and how many without a better bound shrink them. */
const STEPS = 8;
const PATIENCE = 4;
/** An option that is taken in so many compositions is settled... */
const SURE = 0.97;
/** ... and at least this share of the loans that are open, or of so many, those taken most... */
const SHARE_OF_OPEN = 0.06;
const LEAST_OPEN = 50;
/** ... unless they are taken in fewer than this. */
const DOUBTFUL = 0.3;
/** Times that loans are settled, at most: some fifty settle a thousand loans, but what is refused may come again. */
const MOST_TIMES = 300;
/** By how much the share of an option may be misjudged, so that dives differ. */
const NOISE = 0.1;
/** An option is held by so many times what the most valuable one earns. */
const HOLD = 100;

/**
 * Dives through the relaxation by compositions: what the trades choose most often is settled, a few loans at a time, and
 * the multipliers are moved to what is then best, until no loan is left that a trade wants at all often. A
 * composition knows what fits together in a trade to the cent, so the fills, jumps and minimums that a local search takes
 * long to bring in order are in order here from the start; the rows of several trades may be missed a little.
 *
 * @param random of what is nearly as often taken, which is settled first
 * @returns may miss conditions; loans may be out
 */
export function dive(
  stage: Stage,
  restrictions: Restrictions,
  { multipliers, taken, lead, nodes }: DiveStart,
  random: Random,
  checkpoint: Checkpoint,
): StageAssignment {
  const relaxation = new CompositionRelaxation(stage, restrictions);
  const mean = new MeanChoice({ ...relaxation.leftover(taken), taken });
  const steps = new VolumeSteps(relaxation, multipliers, { lead, nodes, patience: PATIENCE }, mean, () =>
    checkpoint(0),
  );
  const settled = new Settled(stage);
  const look = (): void => checkpoint(settled.share);
  for (let times = 0; times < MOST_TIMES; times++) {
    const options = surest(stage, settled, mean.taken, random);
    if (options.length === 0) break;
    for (const o of options) settled.settle(o);
    steps.holding(settled.hold, look);
    for (let n = 0; n < STEPS; n++) steps.take(look);
    for (const o of settled.refused(steps.last.taken)) {
      settled.exclude(o);
      mean.taken[o] = 0;
    }
  }
  return settled.assignment();
}

/** The options to settle next: of each open loan the one taken most, those first that are taken most. */
function surest(stage: Stage, { option, hold }: Settled, taken: Float64Array, random: Random): number[] {
  const key = new Float64Array(stage.net.length);
  const open: number[] = [];
  option.forEach((own, s) => {
    if (own >= 0) return;
    let most = -1;
    for (let o = stage.start[s]!; o < stage.start[s + 1]!; o++)
      if (hold[o] === 0 && (most < 0 || taken[o]! > taken[most]!)) most = o;
    if (most < 0) return;
    key[most] = taken[most]! + NOISE * (random.unit() - 0.5);
    open.push(most);
  });
  const least = Math.ceil(SHARE_OF_OPEN * Math.max(LEAST_OPEN, open.length));
  const sure = open.filter((o) => taken[o]! > SURE);
  const next = sure.length >= least ? sure : open.sort((a, b) => key[b]! - key[a]! || a - b).slice(0, least);
  return next.filter((o) => taken[o]! > DOUBTFUL);
}

/** What a dive has settled. */
class Settled {
  /** Per stage loan, -1 = open. */
  readonly option: Int32Array;
  /** Per stage option the cents that hold it in its trade, or out of it where below 0; 0 = open. */
  readonly hold: Float64Array;
  /** 1 per option that its trade refused. */
  private readonly excluded: Uint8Array;
  private readonly cents: number;
  private count = 0;

  constructor(private readonly stage: Stage) {
    this.option = new Int32Array(stage.loans.length).fill(-1);
    this.hold = new Float64Array(stage.net.length);
    this.excluded = new Uint8Array(stage.net.length);
    this.cents = HOLD * stage.net.reduce((top, net) => Math.max(top, Math.abs(net)), 1);
  }

  settle(o: number): void {
    this.holdOthers(o, -this.cents);
    this.hold[o] = this.cents;
    this.option[this.stage.loanOf[o]!] = o;
    this.count++;
  }

  /** What is settled but fits no longer with the rest: a trade has no composition of all that it should hold. */
  refused(taken: Float64Array): number[] {
    return Array.from(this.option).filter((o) => o >= 0 && taken[o] === 0);
  }

  /** Opens a loan again, but for this option. */
  exclude(o: number): void {
    this.excluded[o] = 1;
    this.holdOthers(o, 0);
    this.hold[o] = -this.cents;
    this.option[this.stage.loanOf[o]!] = -1;
    this.count--;
  }

  /** Share of the loans that are settled. */
  get share(): number {
    return this.count / this.option.length;
  }

  assignment(): StageAssignment {
    const { stage, option } = this;
    const fill = stage.baseFill.slice();
    option.forEach((o, s) => {
      if (o >= 0) fill[stage.trade[o]!]! += stage.amount[s]!;
    });
    return { option, fill };
  }

  /** Holds the other options of a loan by so much; what was refused stays out. */
  private holdOthers(o: number, cents: number): void {
    const { stage, hold, excluded } = this;
    const s = stage.loanOf[o]!;
    for (let other = stage.start[s]!; other < stage.start[s + 1]!; other++)
      hold[other] = excluded[other] === 1 ? -this.cents : cents;
  }
}
