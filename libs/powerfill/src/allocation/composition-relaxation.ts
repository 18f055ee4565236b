import { type Composition, TradeComposer } from './best-composition';
import { type Checkpoint } from './checkpoint';
import { type Choice, type CompositionMultipliers, MeanChoice, movedAgainst, product } from './composition-multipliers';
import { rowCharge, type Restrictions } from './restrictions';
import { type Stage } from './stage';

/** Times the multipliers are moved, and branches of one composition. */
export interface CompositionSteps {
  readonly rounds: number;
  readonly nodes: number;
}

/** First step, as a share of the one that would reach what it aims at if all went straight, and the largest. */
const FIRST_STEP = 0.25;
const MOST_STEP = 5;
/** Square of the length below which a mean counts as no shorter (one loan off a tenth of the time): no step leads far away. */
const LEAST_LENGTH = 0.01;
/** A step that brings a better bound, and leads on the same way, makes the next larger. */
const GROWTH = 1.1;
/** Share of the rounds without a better bound until the step shrinks, and what is left of it. */
const PATIENCE = 0.04;
const SHRINKAGE = 0.66;

/** A stage whose trades choose freely, each its best composition of the loans offered to it. */
export class CompositionRelaxation {
  private readonly composers: readonly TradeComposer[];
  /** 1 per row that options of several trades count in. */
  private readonly shared: Uint8Array;
  /** Per row the size of its largest coefficient, times the root of the trades that count in it. */
  private readonly scale: Float64Array;

  constructor(
    private readonly stage: Stage,
    private readonly restrictions: Restrictions,
  ) {
    const { trade, tradeCount } = stage;
    const { rowCount } = restrictions;
    const options = Array.from({ length: tradeCount }, (): number[] => []);
    const tradesIn = Array.from({ length: rowCount }, () => new Set<number>());
    const largest = new Float64Array(rowCount).fill(1);
    trade.forEach((j, o) => {
      options[j]!.push(o);
      for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++) {
        const r = restrictions.row[n]!;
        tradesIn[r]!.add(j);
        largest[r] = Math.max(largest[r]!, Math.abs(restrictions.coefficient[n]!));
      }
    });
    this.shared = Uint8Array.from(tradesIn, (trades) => (trades.size > 1 ? 1 : 0));
    this.scale = largest.map((size, r) => size * Math.sqrt(Math.max(1, tradesIn[r]!.size)));
    const ownRows = Array.from({ length: tradeCount }, (): number[] => []);
    tradesIn.forEach((trades, r) => {
      if (trades.size === 1) for (const j of trades) ownRows[j]!.push(r);
    });
    this.composers = options.map((into, j) => new TradeComposer(stage, restrictions, j, into, ownRows[j]!));
  }

  /** Whether a row is relaxed, since options of several trades count in it. */
  isShared(r: number): boolean {
    return this.shared[r] === 1;
  }

  /**
   * What each trade chooses.
   *
   * @param profit per stage option, cents, its prices taken off
   */
  compose(profit: Float64Array, rowPrice: Float64Array, nodes: number, checkpoint: () => void): Composition[] {
    return this.composers.map((composer) => {
      checkpoint();
      return composer.compose(profit, rowPrice, nodes);
    });
  }

  /**
   * Moves the multipliers by the volume algorithm (Barahona and Anbil 2000): always from the best met, against the mean of
   * what the choices met so far leave over.
   *
   * @param lead cents below the best bound that the steps aim at
   * @returns the multipliers with the best bound met, and per stage option how often it was taken of late
   */
  improve(
    start: CompositionMultipliers,
    lead: number,
    { rounds, nodes }: CompositionSteps,
    checkpoint: Checkpoint,
  ): { multipliers: CompositionMultipliers; taken: Float64Array } {
    const { restrictions, scale } = this;
    const first = this.evaluate(start, nodes, () => checkpoint(0));
    const mean = new MeanChoice(first.choice);
    const patience = Math.max(1, Math.round(PATIENCE * rounds));
    let best = start;
    let least = first.bound;
    let step = FIRST_STEP;
    let failed = 0;
    for (let round = 1; round < rounds; round++) {
      const length = Math.max(LEAST_LENGTH, product(mean, mean));
      const tried = movedAgainst(best, mean, (step * lead) / length, restrictions, scale);
      const { bound, choice } = this.evaluate(tried, nodes, () => checkpoint(round / rounds));
      const leadsOn = product(mean, choice) > 0;
      mean.take(choice);
      if (bound < least) {
        least = bound;
        best = tried;
        failed = 0;
        if (leadsOn) step = Math.min(MOST_STEP, step * GROWTH);
      } else if (++failed === patience) {
        failed = 0;
        step *= SHRINKAGE;
      }
    }
    return { multipliers: best, taken: mean.taken };
  }

  /** The bound at multipliers, cents, and what the trades choose there. */
  private evaluate(
    at: CompositionMultipliers,
    nodes: number,
    checkpoint: () => void,
  ): { bound: number; choice: Choice } {
    const { stage, restrictions, shared, scale } = this;
    const loans = new Float64Array(stage.loans.length).fill(1);
    const rows = restrictions.bound.slice();
    const taken = new Float64Array(stage.net.length);
    let total = this.priced(at);
    for (const { bound, options } of this.compose(this.profits(at), at.rowPrice, nodes, checkpoint)) {
      total += bound;
      for (const o of options) {
        taken[o] = 1;
        loans[stage.loanOf[o]!]!--;
        for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
          rows[restrictions.row[n]!]! -= restrictions.coefficient[n]!;
      }
    }
    const scaled = rows.map((left, r) => (shared[r] === 1 ? left / scale[r]! : 0));
    return { bound: total, choice: { loans, rows: scaled, taken } };
  }

  /** What the relaxed conditions pay back, cents. */
  private priced({ loanPrice, rowPrice }: CompositionMultipliers): number {
    let total = 0;
    for (const price of loanPrice) total += price;
    this.restrictions.bound.forEach((bound, r) => (total += this.shared[r] === 1 ? rowPrice[r]! * bound : 0));
    return total;
  }

  /** What each stage option earns its trade at multipliers, cents. */
  profits({ loanPrice, rowPrice }: CompositionMultipliers): Float64Array {
    const { stage, restrictions, shared } = this;
    const sharedPrice = rowPrice.map((price, r) => (shared[r] === 1 ? price : 0));
    return stage.net.map((net, o) => net - loanPrice[stage.loanOf[o]!]! - rowCharge(restrictions, o, sharedPrice));
  }
}
