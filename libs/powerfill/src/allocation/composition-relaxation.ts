import { type Composition, TradeComposer } from './best-composition';
import { type Checkpoint } from './checkpoint';
import { type CompositionMultipliers, MovingMultipliers } from './composition-multipliers';
import { rowCharge, type Restrictions } from './restrictions';
import { type Stage } from './stage';

/** Times the multipliers are moved, and branches of one composition. */
export interface CompositionSteps {
  readonly rounds: number;
  readonly nodes: number;
}

/** First step, as a share of the one that would close the gap if all went straight (Polyak's rule). */
const FIRST_STEP = 0.3;
/** Share of the rounds without a better bound until the step shrinks, and what is left of it. */
const PATIENCE = 0.075;
const SHRINKAGE = 0.6;

/** A stage whose trades choose freely, each its best composition of the loans offered to it. */
export class CompositionRelaxation {
  private readonly composers: readonly TradeComposer[];
  /** 1 per row that options of several trades count in. */
  private readonly shared: Uint8Array;
  /** Per row the size of a coefficient, largest, times the trades that count in it: how far a row moves by itself. */
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
    this.scale = largest.map((size, r) => size * Math.max(1, tradesIn[r]!.size));
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
   * Moves the multipliers by subgradient steps (Polyak's rule).
   *
   * @param lead cents below the best bound that the steps aim at
   * @returns the multipliers with the best bound met
   */
  improve(
    start: CompositionMultipliers,
    lead: number,
    { rounds, nodes }: CompositionSteps,
    checkpoint: Checkpoint,
  ): CompositionMultipliers {
    const { stage, restrictions } = this;
    const at = new MovingMultipliers(start, restrictions, this.shared, this.scale);
    let best = start;
    let least = Infinity;
    let step = FIRST_STEP;
    const patience = Math.max(1, Math.round(PATIENCE * rounds));
    let failed = 0;
    let round = 0;
    while (round < rounds) {
      let relaxed = this.priced(at);
      const chosen = this.compose(this.profits(at), at.rowPrice, nodes, () => checkpoint(round / rounds));
      const taken = new Float64Array(stage.loans.length);
      const activity = new Float64Array(restrictions.rowCount);
      chosen.forEach(({ bound, options }) => {
        relaxed += bound;
        for (const o of options) {
          taken[stage.loanOf[o]!]!++;
          for (let n = restrictions.start[o]!; n < restrictions.start[o + 1]!; n++)
            activity[restrictions.row[n]!]! += restrictions.coefficient[n]!;
        }
      });
      round++;
      if (relaxed < least) {
        least = relaxed;
        best = at.copy();
        failed = 0;
      } else if (++failed === patience) {
        failed = 0;
        step *= SHRINKAGE;
        at.restart(best);
      }
      const norm = at.turn(taken, activity);
      if (norm === 0) break;
      at.move((step * (relaxed - least + lead)) / norm);
    }
    return best;
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
